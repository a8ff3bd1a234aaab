using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Reports;

namespace FunctionalGrad.Benchmarks;

/// <summary>Prints the names of rows in full, and leaves out the tuned version of rows that have none.</summary>
internal sealed class ComparisonSettings : ManualConfig
{
    public ComparisonSettings()
    {
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(40));
        AddFilter(new SimpleFilter(benchmark =>
            benchmark.Descriptor.WorkloadMethod.Name != nameof(ComparisonBenchmarks.Tuned)
            || Catalogue.Named((string)benchmark.Parameters[nameof(ComparisonBenchmarks.Row)]).Make().HasTuned));
    }
}
