namespace FunctionalGrad;

/// <summary>A stretch of a sequence that repeats itself: each of its steps is followed by an equal one.</summary>
/// <param name="First">Where it begins.</param>
/// <param name="Period">How long a step is.</param>
/// <param name="Steps">How many there are.</param>
internal readonly record struct RepeatedRun(int First, int Period, int Steps)
{
    /// <summary>Fewer steps are as good written out.</summary>
    public const int FewestSteps = 16;

    // Longer steps are much code themselves.
    private const int MostOfStep = 4096;

    // So many equal tokens are looked for; what they promise is then compared.
    private const int Window = 16;
    private const int TableSize = 1 << 16;

    public int Length => Steps * Period;

    /// <summary>The runs of a sequence, each as early and as long as it can be, none overlapping another.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="shortest">How long a run is at least.</param>
    public static IEnumerable<RepeatedRun> In(int[] tokens, int shortest)
    {
        if (tokens.Length < shortest)
        {
            yield break;
        }

        // For each hash of a window, where such a one was seen last.
        var last = new int[TableSize];
        Array.Fill(last, -1);

        // For each period, how far it has been followed in vain.
        var followed = new Dictionary<int, int>();
        var end = 0;
        for (var i = 0; i + Window <= tokens.Length;)
        {
            var hash = HashAt(tokens, i);
            var period = i - last[hash];
            if (last[hash] >= end && period <= MostOfStep && !(followed.TryGetValue(period, out var until) && i < until))
            {
                var found = Around(tokens, i, period, end);
                if (found.Length >= shortest && found.Steps >= FewestSteps)
                {
                    yield return found;
                    i = end = found.First + found.Length;
                    continue;
                }

                followed[period] = found.First + found.Length + period;
            }

            last[hash] = i;
            i++;
        }
    }

    private static RepeatedRun Around(int[] tokens, int second, int period, int from)
    {
        var (first, end) = (second - period, second);
        while (first > from && tokens[first - 1] == tokens[first - 1 + period])
        {
            first--;
        }

        while (end < tokens.Length && tokens[end] == tokens[end - period])
        {
            end++;
        }

        return new(first, period, (end - first) / period);
    }

    private static int HashAt(int[] tokens, int start)
    {
        var hash = 0u;
        foreach (var token in tokens.AsSpan(start, Window))
        {
            hash = (hash * 2654435761u) + (uint)token + 1;
        }

        return (int)(hash >> 16);
    }
}
