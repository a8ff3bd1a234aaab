using System.Diagnostics;
using System.Runtime;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Measures several ways of one job in turns, A B C A B C …, so that a slower moment of the machine meets all of them.
/// </summary>
/// <param name="clock">What the time is read from.</param>
internal sealed class Timing(Func<TimeSpan> clock)
{
    /// <summary>By the time that passes.</summary>
    public static Timing Elapsed { get; } = new(() => Stopwatch.GetElapsedTime(0));

    /// <summary>
    /// By the time that the process has on its processors, all threads together: on a machine that is busy with other things,
    /// and to compare work rather than waiting where one way uses several cores.
    /// </summary>
    public static Timing Processor { get; } = new(() => Environment.CpuUsage.TotalTime);

    /// <summary>The time now, from whatever start.</summary>
    public TimeSpan Now => clock();

    private const int Rounds = 15;
    private const int WarmCalls = 40;

    // The runtime counts calls only after a tenth of a second in which nothing new was called, and then optimises in the
    // background; code that measured itself is optimised a second time.
    private const int LeastPhases = 3;
    private const int MostPhases = 20;
    private static readonly TimeSpan BetweenPhases = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan ForEachWay = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan LeastWarming = TimeSpan.FromSeconds(0.05);
    private static readonly TimeSpan MostWarming = TimeSpan.FromSeconds(1);

    /// <summary>For each way, the microseconds of a call in each round.</summary>
    public double[][] Interleaved(params ReadOnlySpan<Func<object>> ways)
    {
        var times = new double[ways.Length][];
        var calls = WarmUp(ways);
        for (var k = 0; k < ways.Length; k++)
        {
            times[k] = new double[Rounds];
            calls[k] = Math.Max(1, (int)(ForEachWay.TotalMicroseconds / Rounds / Run(ways[k], calls[k])));
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

    /// <summary>Calls until no way gets faster and nothing is compiled any more, and returns how many calls of each make a warm phase.</summary>
    private int[] WarmUp(ReadOnlySpan<Func<object>> ways)
    {
        var calls = new int[ways.Length];
        var last = new double[ways.Length];
        Array.Fill(last, double.PositiveInfinity);
        var changed = true;
        for (var phase = 0; phase < LeastPhases || (changed && phase < MostPhases); phase++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            changed = false;
            for (var k = 0; k < ways.Length; k++)
            {
                (calls[k], var time) = Warm(ways[k]);
                changed |= time < 0.8 * last[k];
                last[k] = Math.Min(last[k], time);
            }

            Thread.Sleep(BetweenPhases);
            changed |= JitInfo.GetCompiledMethodCount() != compiled;
        }

        return calls;
    }

    /// <summary>Calls often enough to be counted as hot: returns how often, and the microseconds of a call.</summary>
    private (int Calls, double Time) Warm(Func<object> way)
    {
        var start = Stopwatch.GetTimestamp();
        for (var calls = 1; ; calls++)
        {
            _ = Run(way, 1);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if ((calls >= WarmCalls && elapsed > LeastWarming) || elapsed > MostWarming)
            {
                return (calls, elapsed.TotalMicroseconds / calls);
            }
        }
    }

    private double Run(Func<object> way, int calls)
    {
        var start = clock();
        for (var i = 0; i < calls; i++)
        {
            GC.KeepAlive(way());
        }

        return (clock() - start).TotalMicroseconds / calls;
    }
}
