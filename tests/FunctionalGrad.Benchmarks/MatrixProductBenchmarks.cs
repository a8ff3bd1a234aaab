using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace FunctionalGrad.Benchmarks;

/// <summary>Compiled matrix products against hand-written loops, in double precision.</summary>
public class DoubleMatrixProductBenchmarks : MatrixProductBenchmarks<double>;

/// <summary>Compiled matrix products against hand-written loops, in single precision.</summary>
public class SingleMatrixProductBenchmarks : MatrixProductBenchmarks<float>;

/// <summary>
/// Square matrix products: compiled, by straightforward loops, and by loops over vectors. The ratio column compares with the
/// straightforward loops; a product has 2·size³ operations, and Peak does as many in registers alone, so that its time
/// over that of a product is the share of a core's peak (set DOTNET_PROCESSOR_COUNT=1 to compare on one core).
/// </summary>
[MemoryDiagnoser]
public abstract class MatrixProductBenchmarks<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private CompiledFunction<T> _compiled = null!;
    private CompiledFunction<T> _turned = null!;
    private Point<T> _at = Point<T>.Empty;
    private T[] _left = [];
    private T[] _right = [];

    [Params(4, 16, 64, 128, 256, 512, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var (x, y) = (Expr.Variable("x", [Size, Size]), Expr.Variable("y", [Size, Size]));
        (_left, _right) = (Numbers(Size * Size, 1), Numbers(Size * Size, 2));
        _at = Point.Of((x, Tensor.Of(x.Shape, _left)), (y, Tensor.Of(y.Shape, _right)));
        _compiled = x.MatMul(y).Compile<T>();
        _turned = x.MatMul(y.Transpose()).Compile<T>();
    }

    [Benchmark(Baseline = true)]
    public T[] ByHand()
    {
        var n = Size;
        var product = new T[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                for (var j = 0; j < n; j++)
                {
                    product[(i * n) + j] += _left[(i * n) + k] * _right[(k * n) + j];
                }
            }
        }

        return product;
    }

    [Benchmark]
    public T[] ByHandOverVectors()
    {
        var n = Size;
        var product = new T[n * n];
        for (var i = 0; i < n; i++)
        {
            var row = product.AsSpan(i * n, n);
            var lanes = MemoryMarshal.Cast<T, Vector<T>>(row);
            for (var k = 0; k < n; k++)
            {
                var factor = _left[(i * n) + k];
                var other = _right.AsSpan(k * n, n);
                var otherLanes = MemoryMarshal.Cast<T, Vector<T>>(other);
                for (var j = 0; j < lanes.Length; j++)
                {
                    lanes[j] += factor * otherLanes[j];
                }

                for (var j = lanes.Length * Vector<T>.Count; j < n; j++)
                {
                    row[j] += factor * other[j];
                }
            }
        }

        return product;
    }

    [Benchmark]
    public Tensor<T> Compiled() => _compiled.Invoke(_at)[0];

    [Benchmark]
    public Tensor<T> CompiledWithTransposedOperand() => _turned.Invoke(_at)[0];

    /// <summary>As many multiplications and additions as the product has, without memory.</summary>
    [Benchmark]
    public T Peak() => Registers.MultiplyAdd<T>((long)Size * Size * Size);

    private static T[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() - 0.5))];
    }
}
