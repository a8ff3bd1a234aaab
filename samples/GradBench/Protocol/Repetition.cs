using System.Diagnostics;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>How often a function is timed: at least so many runs, and until so much time went into them.</summary>
/// <param name="MinRuns">The least number of runs.</param>
/// <param name="MinSeconds">The least sum of their times.</param>
internal readonly record struct Repetition(int MinRuns, double MinSeconds)
{
    /// <summary>What the input of a request asks for; an input without names asks for one run.</summary>
    /// <exception cref="RequestException">It asks for what cannot be.</exception>
    public static Repetition Of(Argument input)
    {
        var seconds = input.Find("min_seconds")?.Number() ?? (input.IsObject ? 1 : 0);
        return seconds >= 0
            ? new(input.Find("min_runs")?.Whole(least: 0) ?? 1, seconds)
            : throw new RequestException($"min_seconds is {seconds:R} and should be 0 or more");
    }

    /// <summary>Runs an evaluation.</summary>
    /// <returns>The nanoseconds of each run.</returns>
    public List<long> Time(Evaluation evaluation)
    {
        // What reading the request left behind is not the function's to collect.
        GC.Collect();
        var times = new List<long>();
        var elapsed = 0.0;
        while (times.Count < Math.Max(1, MinRuns) || elapsed < MinSeconds)
        {
            var start = Stopwatch.GetTimestamp();
            evaluation.Run();
            var seconds = (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;
            times.Add((long)(1e9 * seconds));
            elapsed += seconds;
        }

        return times;
    }
}
