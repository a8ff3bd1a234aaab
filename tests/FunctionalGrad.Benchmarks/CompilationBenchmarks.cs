using BenchmarkDotNet.Attributes;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The loss and gradient of a two-layer net: interpreted, compiled, and by straightforward C# with the gradient derived by
/// hand. The ratio column compares with the hand-written loops.
/// </summary>
[MemoryDiagnoser]
public class CompilationBenchmarks
{
    private const int Batch = 32;
    private CompiledGradient<double> _compiled = null!;
    private Expr _loss = Expr.Zero;
    private GradientMap<Expr> _gradient = GradientMap<Expr>.Zero;
    private Point<double> _at = Point<double>.Empty;
    private double[] _x = [];
    private double[] _y = [];
    private double[] _w = [];
    private double[] _v = [];

    /// <summary>Inputs, hidden units and outputs.</summary>
    [Params(16, 128)]
    public int Width { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var shape = Shape.Of(Width, Width);
        var (x, y) = (Expr.Variable("x", [Batch, Width]), Expr.Variable("y", [Batch, Width]));
        var (w, v) = (Expr.Variable("w", shape), Expr.Variable("v", shape));
        (_x, _y, _w, _v) = (Numbers(Batch * Width, 1), Numbers(Batch * Width, 2), Numbers(Width * Width, 3), Numbers(Width * Width, 4));
        _at = Point.Of((x, Tensor.Of(x.Shape, _x)), (y, Tensor.Of(y.Shape, _y)), (w, Tensor.Of(shape, _w)), (v, Tensor.Of(shape, _v)));
        _loss = (Expr.Relu(x.MatMul(w)).MatMul(v) - y).Square().Mean();
        _gradient = _loss.Gradient(w, v);
        _compiled = _loss.CompileWithGradient<double>(w, v);
    }

    [Benchmark(Baseline = true)]
    public (double, double[], double[]) ByHand()
    {
        var n = Width;
        var hidden = Product(_x, _w, Batch, n, n);
        var positive = Array.ConvertAll(hidden, h => Math.Max(h, 0));
        var output = Product(positive, _v, Batch, n, n);
        var loss = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            var difference = output[i] - _y[i];
            loss += difference * difference / output.Length;
            output[i] = 2 * difference / output.Length;
        }

        var (byV, byHidden, byW) = (new double[n * n], new double[hidden.Length], new double[n * n]);
        for (var b = 0; b < Batch; b++)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    byV[(i * n) + j] += positive[(b * n) + i] * output[(b * n) + j];
                    byHidden[(b * n) + i] += hidden[(b * n) + i] > 0 ? output[(b * n) + j] * _v[(i * n) + j] : 0;
                }
            }

            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    byW[(i * n) + j] += _x[(b * n) + i] * byHidden[(b * n) + j];
                }
            }
        }

        return (loss, byW, byV);
    }

    [Benchmark]
    public (Tensor<double>, GradientMap<Tensor<double>>) Interpreted() => _loss.Evaluate(_gradient, _at);

    [Benchmark]
    public (double, GradientMap<Tensor<double>>) Compiled() => _compiled.Invoke(_at);

    private static double[] Product(double[] left, double[] right, int rows, int inner, int columns)
    {
        var product = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < inner; k++)
            {
                for (var j = 0; j < columns; j++)
                {
                    product[(i * columns) + j] += left[(i * inner) + k] * right[(k * columns) + j];
                }
            }
        }

        return product;
    }

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * 0.2)];
    }
}
