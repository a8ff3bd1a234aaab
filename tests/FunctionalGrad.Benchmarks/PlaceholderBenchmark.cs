using BenchmarkDotNet.Attributes;

namespace FunctionalGrad.Benchmarks;

public class PlaceholderBenchmark
{
    [Benchmark]
    public double Derivative() => Placeholder.DerivativeOfSquare(3);
}
