namespace FunctionalGrad.Benchmarks;

/// <summary>The descent that two problems of GradBench prescribe.</summary>
internal static class DescentByHand
{
    private const double Small = 1e-5;

    public static double[] Minimum(double[] start, Func<double[], (double Value, double[] Slope)> function)
    {
        var (at, here) = (start, function(start));
        var (rate, steps) = (Small, 0);
        while (Length(here.Slope) > Small)
        {
            if (steps == 10)
            {
                (rate, steps) = (2 * rate, 0);
                continue;
            }

            var next = new double[at.Length];
            var move = new double[at.Length];
            for (var i = 0; i < at.Length; i++)
            {
                next[i] = at[i] - (rate * here.Slope[i]);
                move[i] = at[i] - next[i];
            }

            if (Length(move) <= Small)
            {
                break;
            }

            var there = function(next);
            if (there.Value < here.Value)
            {
                (at, here) = (next, there);
                steps++;
            }
            else
            {
                (rate, steps) = (rate / 2, 0);
            }
        }

        return at;
    }

    private static double Length(double[] v)
    {
        var sum = 0.0;
        foreach (var component in v)
        {
            sum += component * component;
        }

        return Math.Sqrt(sum);
    }
}
