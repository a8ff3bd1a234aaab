namespace FunctionalGrad;

/// <summary>Parts of a large step, shared out among as many threads as the caller's task scheduler runs at a time.</summary>
internal static class SharedWork
{
    /// <summary>How many threads take part at most.</summary>
    public static int Workers => Math.Min(TaskScheduler.Current.MaximumConcurrencyLevel, Environment.ProcessorCount);

    /// <summary>Runs every part once, in any order and on any thread.</summary>
    /// <param name="count">How many parts there are.</param>
    /// <param name="part">Runs a part.</param>
    public static void ForEach(int count, Action<int> part)
    {
        if (TaskScheduler.Current.MaximumConcurrencyLevel > 1)
        {
            Parallel.For(0, count, part);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            part(i);
        }
    }
}
