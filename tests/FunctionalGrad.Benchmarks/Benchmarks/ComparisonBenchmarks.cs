using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The ways of each row side by side; the ratio column compares with the straightforward loops. Before anything is timed,
/// all of them have given the same numbers.
/// </summary>
[Config(typeof(ComparisonSettings))]
[MemoryDiagnoser]
public abstract class ComparisonBenchmarks
{
    private IComparison _comparison = null!;

    private protected ComparisonBenchmarks(ImmutableArray<Row> rows) => Names = rows.Select(row => row.Name);

    /// <summary>The names of the rows.</summary>
    public IEnumerable<string> Names { get; }

    /// <summary>The name of the row.</summary>
    [ParamsSource(nameof(Names))]
    public string Row { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        _comparison = Catalogue.Named(Row).Make();
        _comparison.Compile(CodeGeneration.Always);
        _comparison.Check();
        _ = _comparison.FunctionAlone();
    }

    [Benchmark(Baseline = true)]
    public object Straightforward() => _comparison.Straightforward();

    [Benchmark]
    public object Tuned() => _comparison.Tuned();

    [Benchmark]
    public object Compiled() => _comparison.Compiled();

    [Benchmark]
    public object FunctionAlone() => _comparison.FunctionAlone();
}

/// <summary>Functions of some numbers, at one point and at many.</summary>
public class ScalarFunctionBenchmarks() : ComparisonBenchmarks(Catalogue.ScalarFunctions);

/// <summary>Models of statistics and learning.</summary>
public class ModelBenchmarks() : ComparisonBenchmarks(Catalogue.Models);

/// <summary>Whole steps of training.</summary>
public class TrainingStepBenchmarks() : ComparisonBenchmarks(Catalogue.TrainingSteps);

/// <summary>Graphs of scalars by their size.</summary>
public class LargeGraphBenchmarks() : ComparisonBenchmarks(Catalogue.LargeGraphs);
