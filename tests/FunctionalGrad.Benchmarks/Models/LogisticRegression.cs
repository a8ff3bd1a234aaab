using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Logistic regression: the mean of log(1 + exp(−yᵢ·zᵢ)) with zᵢ = xᵢ·w + b and labels yᵢ of −1 and +1, by w and b.
/// </summary>
/// <param name="n">How many examples.</param>
/// <param name="d">How many features.</param>
internal sealed class LogisticRegression(int n, int d) : GradientComparison
{
    private readonly double[] _x = Numbers.Between(-1, 1, n * d, seed: 1);
    private readonly double[] _y = [.. Numbers.Between(-1, 1, n, seed: 2).Select(y => y < 0 ? -1.0 : 1.0)];
    private readonly double[] _w = Numbers.Between(-1, 1, d, seed: 3);
    private readonly double _b = 0.1;
    private readonly Variable _features = Expr.Variable("x", [n, d]);
    private readonly Variable _labels = Expr.Variable("y", [n]);
    private readonly Variable _weights = Expr.Variable("w", [d]);
    private readonly Variable _bias = Expr.Variable("b");
    private readonly double[] _columns = Transposed(n, d, seed: 1);

    protected override Variable[] Variables => [_weights, _bias];

    protected override Expr Formula() => Expr.Softplus(-_labels * (_features.MatMul(_weights) + _bias)).Mean();

    protected override Point<double> MakePoint() => Point.Of(
        (_features, Tensor.Of<double>([n, d], _x)),
        (_labels, Tensor.Of<double>(_y)),
        (_weights, Tensor.Of<double>(_w)),
        (_bias, _b));

    protected override double[][] ByLoops()
    {
        var (loss, byWeights, byBias) = (0.0, new double[d], 0.0);
        for (var i = 0; i < n; i++)
        {
            var z = _b;
            for (var j = 0; j < d; j++)
            {
                z += _x[(i * d) + j] * _w[j];
            }

            var margin = -_y[i] * z;
            var power = Math.Exp(-Math.Abs(margin));
            loss += Math.Max(margin, 0) + Math.Log(1 + power);
            var slope = -_y[i] * (margin > 0 ? 1 : power) / (1 + power) / n;
            byBias += slope;
            for (var j = 0; j < d; j++)
            {
                byWeights[j] += slope * _x[(i * d) + j];
            }
        }

        return [[loss / n], byWeights, [byBias]];
    }

    // Features lie column by column, as one who tunes would store them: eight examples at a time need no sum across lanes.
    protected override double[][] ByVectors()
    {
        var one = Vector512<double>.One;
        var (loss, byBias) = (Vector512<double>.Zero, Vector512<double>.Zero);
        Span<Vector512<double>> byWeights = stackalloc Vector512<double>[d];
        byWeights.Clear();
        ref var x = ref MemoryMarshal.GetArrayDataReference(_columns);
        for (var i = 0; i + 8 <= n; i += 8)
        {
            var z = Vector512.Create(_b);
            for (var j = 0; j < d; j++)
            {
                z = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)((j * n) + i)), Vector512.Create(_w[j]), z);
            }

            var sign = -Vector512.LoadUnsafe(ref _y[0], (nuint)i);
            var margin = sign * z;
            var power = Vector512.Exp(-Vector512.Abs(margin));
            loss += Vector512.Max(margin, Vector512<double>.Zero) + Vector512.Log(one + power);
            var slope = sign * Vector512.ConditionalSelect(Vector512.GreaterThan(margin, Vector512<double>.Zero), one, power) / (one + power) * (1.0 / n);
            byBias += slope;
            for (var j = 0; j < d; j++)
            {
                byWeights[j] = Vector512.FusedMultiplyAdd(slope, Vector512.LoadUnsafe(ref x, (nuint)((j * n) + i)), byWeights[j]);
            }
        }

        var gradient = new double[d];
        for (var j = 0; j < d; j++)
        {
            gradient[j] = Vector512.Sum(byWeights[j]);
        }

        return [[Vector512.Sum(loss) / n], gradient, [Vector512.Sum(byBias)]];
    }

    private static double[] Transposed(int n, int d, int seed)
    {
        var rows = Numbers.Between(-1, 1, n * d, seed);
        return [.. Enumerable.Range(0, n * d).Select(k => rows[(k % n * d) + (k / n)])];
    }
}
