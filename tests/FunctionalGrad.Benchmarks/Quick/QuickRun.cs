using System.Diagnostics;
using System.Globalization;

namespace FunctionalGrad.Benchmarks;

/// <summary>A first picture in minutes: every row measured for a third of a second a side, and printed as a table.</summary>
internal static class QuickRun
{
    /// <summary>Prints the times of all ways and their ratios.</summary>
    /// <param name="timing">Which time.</param>
    /// <param name="filters">Parts of rows' names; all rows where none is given.</param>
    public static void Speed(Timing timing, string[] filters)
    {
        var table = new Table("row", "by hand µs", "tuned µs", "FunctionalGrad µs", "÷ by hand", "÷ tuned", "gradient ÷ function");
        foreach (var row in Chosen(filters))
        {
            table.Line(row.Name, () => SpeedOf(timing, row.Make()));
        }
    }

    /// <summary>Prints what compiling costs, and the memory.</summary>
    /// <param name="filters">Parts of rows' names; all rows where none is given.</param>
    public static void Costs(string[] filters)
    {
        var table = new Table("row", "differentiate ms", "compile ms", "first call µs", "later call µs", "working KB", "allocated KB/call");
        foreach (var row in Chosen(filters))
        {
            table.Line(row.Name, () => CostsOf(row.Make()));
        }
    }

    /// <summary>Prints the compiled programs.</summary>
    /// <param name="filters">Parts of rows' names; all rows where none is given.</param>
    public static void Listings(string[] filters)
    {
        foreach (var row in Chosen(filters))
        {
            var comparison = row.Make();
            comparison.Compile(CodeGeneration.Always);
            Console.WriteLine($"{row.Name}\n{comparison.Listing}\n");
        }
    }

    private static IEnumerable<Row> Chosen(string[] filters) => Catalogue.All.Where(row =>
        filters.Length == 0 || filters.Any(filter => row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)));

    private static string[] SpeedOf(Timing timing, IComparison comparison)
    {
        comparison.Compile(CodeGeneration.Always);
        comparison.Check();
        var times = comparison.HasTuned
            ? timing.Interleaved(comparison.Straightforward, comparison.Compiled, comparison.FunctionAlone, comparison.Tuned)
            : timing.Interleaved(comparison.Straightforward, comparison.Compiled, comparison.FunctionAlone);
        var jobs = comparison.JobsPerCall;
        return
        [
            Number(Timing.Median(times[0]) / jobs),
            comparison.HasTuned ? Number(Timing.Median(times[3]) / jobs) : "–",
            Number(Timing.Median(times[1]) / jobs),
            Ratio(times[1], times[0]),
            comparison.HasTuned ? Ratio(times[1], times[3]) : "–",
            Ratio(times[1], times[2]),
        ];
    }

    private static string[] CostsOf(IComparison comparison)
    {
        var start = Stopwatch.GetTimestamp();
        comparison.Build();
        var differentiated = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        comparison.Compile(CodeGeneration.Automatic);
        var compiled = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        _ = comparison.Compiled();
        var first = Stopwatch.GetElapsedTime(start);
        var later = Timing.Median(Timing.Elapsed.Interleaved(comparison.Compiled)[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = comparison.Compiled();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return
        [
            Number(differentiated.TotalMilliseconds),
            Number(compiled.TotalMilliseconds),
            Number(first.TotalMicroseconds),
            Number(later),
            comparison.WorkingBytes is { } bytes ? Number(bytes / 1e3) : "–",
            Number(allocated / 1e3),
        ];
    }

    // The median of the rounds' own ratios: the two times of a round were taken side by side.
    private static string Ratio(double[] times, double[] others) => Number(Timing.Median(times.Zip(others, (time, other) => time / other)));

    internal static string Number(double value) => value switch
    {
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("#,0", CultureInfo.InvariantCulture),
    };
}
