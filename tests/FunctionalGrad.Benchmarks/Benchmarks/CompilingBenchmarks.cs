using BenchmarkDotNet.Attributes;

namespace FunctionalGrad.Benchmarks;

/// <summary>What it costs to differentiate and compile a row, and what the first call adds.</summary>
[Config(typeof(ComparisonSettings))]
[MemoryDiagnoser]
public class CompilingBenchmarks
{
    private Row _row = null!;

    /// <summary>The names of the rows.</summary>
    public static IEnumerable<string> Names => Catalogue.All.Select(row => row.Name);

    /// <summary>The name of the row.</summary>
    [ParamsSource(nameof(Names))]
    public string Row { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => _row = Catalogue.Named(Row);

    [Benchmark(Baseline = true)]
    public object Differentiated()
    {
        var comparison = _row.Make();
        comparison.Build();
        return comparison;
    }

    [Benchmark]
    public object DifferentiatedAndCompiled()
    {
        var comparison = _row.Make();
        comparison.Compile(CodeGeneration.Automatic);
        return comparison;
    }

    [Benchmark]
    public object DifferentiatedCompiledAndCalled()
    {
        var comparison = _row.Make();
        comparison.Compile(CodeGeneration.Automatic);
        return comparison.Compiled();
    }
}
