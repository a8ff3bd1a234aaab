namespace FunctionalGrad.Benchmarks;

/// <summary>Numbers to work on, the same in every run.</summary>
internal static class Numbers
{
    /// <summary>Numbers evenly spread between two bounds.</summary>
    public static double[] Between(double low, double high, int count, int seed)
    {
        var random = new Random(seed);
        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = low + ((high - low) * random.NextDouble());
        }

        return numbers;
    }
}
