using BenchmarkDotNet.Attributes;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// What a scalar graph costs by its number of nodes: building it, differentiating it, running it. Linear time shows as a
/// tenfold mean for ten times the nodes.
/// </summary>
[MemoryDiagnoser]
public class GraphBenchmarks
{
    private readonly Variable _x = Expr.Variable("x");
    private Expr _chain = Expr.Zero;
    private GradientMap<Expr> _gradient = GradientMap<Expr>.Zero;
    private Point<double> _at = Point<double>.Empty;

    /// <summary>The number of operations in the chain.</summary>
    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _chain = Build();
        _gradient = _chain.Gradient();
        _at = Point.Of((_x, 0.5));
    }

    /// <summary>x ↦ ½·x + x, over and over: deep, and every node but the last is shared.</summary>
    [Benchmark]
    public Expr Build()
    {
        Expr y = _x;
        for (var i = 0; i < Nodes; i += 2)
        {
            y = (0.5 * y) + _x;
        }

        return y;
    }

    [Benchmark]
    public GradientMap<Expr> Gradient() => _chain.Gradient();

    [Benchmark]
    public Tensor<double> Evaluate() => _chain.Evaluate(_at);

    [Benchmark]
    public GradientMap<Tensor<double>> EvaluateGradient() => _gradient.Evaluate(_at);

    [Benchmark]
    public string Print() => _chain.ToString();
}
