using System.Diagnostics;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Measures several ways of one job in turns, A B C A B C …, so that a slower moment of the machine meets all of them.
/// </summary>
internal static class Timing
{
    private const int Rounds = 15;
    private const int WarmCalls = 40;

    // The runtime counts calls only after a tenth of a second in which nothing new was called, and then optimises in the
    // background; code that measured itself is optimised a second time.
    private const int Phases = 3;
    private static readonly TimeSpan BetweenPhases = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan ForEachWay = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan LeastWarming = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan MostWarming = TimeSpan.FromSeconds(1);

    /// <summary>For each way, the microseconds of a call in each round.</summary>
    public static double[][] Interleaved(params ReadOnlySpan<Func<object>> ways)
    {
        var calls = new int[ways.Length];
        var times = new double[ways.Length][];
        for (var phase = 0; phase < Phases; phase++)
        {
            for (var k = 0; k < ways.Length; k++)
            {
                calls[k] = Math.Max(1, (int)(ForEachWay.TotalMicroseconds / Rounds / Warmed(ways[k])));
                times[k] = new double[Rounds];
            }

            Thread.Sleep(BetweenPhases);
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var k = 0; k < ways.Length; k++)
            {
                times[k][round] = Run(ways[k], calls[k]);
            }
        }

        return times;
    }

    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Calls until the runtime has had reason to optimise, and returns the microseconds of a call.</summary>
    private static double Warmed(Func<object> way)
    {
        var start = Stopwatch.GetTimestamp();
        for (var calls = 0; ;)
        {
            _ = Run(way, 1);
            calls++;
            var elapsed = Stopwatch.GetElapsedTime(start);
            if ((calls >= WarmCalls && elapsed > LeastWarming) || elapsed > MostWarming)
            {
                return elapsed.TotalMicroseconds / calls;
            }
        }
    }

    private static double Run(Func<object> way, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            GC.KeepAlive(way());
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }
}
