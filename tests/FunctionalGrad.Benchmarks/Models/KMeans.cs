using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The objective of k-means, Σᵢ minₖ ‖xᵢ − cₖ‖², by the centres; its gradient and the diagonal of its Hessian, from which a
/// Newton step is made.
/// </summary>
/// <param name="n">How many points.</param>
/// <param name="d">How many coordinates.</param>
/// <param name="k">How many centres.</param>
internal sealed class KMeans(int n, int d, int k) : Comparison<double>
{
    private readonly double[] _x = Numbers.Between(-1, 1, n * d, seed: 1);
    private readonly double[] _c = Numbers.Between(-1, 1, k * d, seed: 2);
    private readonly Variable _points = Expr.Variable("x", [n, d]);
    private readonly Variable _centres = Expr.Variable("c", [k, d]);
    private readonly double[] _columns = Columns(n, d);
    private readonly double[] _nearest = new double[n];
    private Expr[]? _outputs;
    private Point<double>? _at;

    protected override Expr[] Outputs => _outputs ??= MakeOutputs();

    protected override Point<double> At =>
        _at ??= Point.Of((_points, Tensor.Of<double>([n, d], _x)), (_centres, Tensor.Of<double>([k, d], _c)));

    protected override double[][] ByLoops()
    {
        var (cost, gradient, diagonal) = (0.0, new double[k * d], new double[k * d]);
        for (var i = 0; i < n; i++)
        {
            var (nearest, least) = (0, double.PositiveInfinity);
            for (var centre = 0; centre < k; centre++)
            {
                var distance = 0.0;
                for (var j = 0; j < d; j++)
                {
                    var difference = _x[(i * d) + j] - _c[(centre * d) + j];
                    distance += difference * difference;
                }

                if (distance < least)
                {
                    (nearest, least) = (centre, distance);
                }
            }

            cost += least;
            for (var j = 0; j < d; j++)
            {
                gradient[(nearest * d) + j] += 2 * (_c[(nearest * d) + j] - _x[(i * d) + j]);
                diagonal[(nearest * d) + j] += 2;
            }
        }

        return [[cost], gradient, diagonal];
    }

    // Eight points at a time find their nearest centre, from coordinates stored column by column; the sums then go by rows.
    protected override double[][] ByVectors()
    {
        var (gradient, diagonal) = (new double[k * d], new double[k * d]);
        var cost = Vector512<double>.Zero;
        ref var x = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref var chosen = ref MemoryMarshal.GetArrayDataReference(_nearest);
        for (var i = 0; i + 8 <= n; i += 8)
        {
            var least = Vector512.Create(double.PositiveInfinity);
            var nearest = Vector512<double>.Zero;
            for (var centre = 0; centre < k; centre++)
            {
                var distance = Vector512<double>.Zero;
                for (var j = 0; j < d; j++)
                {
                    var difference = Vector512.LoadUnsafe(ref x, (nuint)((j * n) + i)) - Vector512.Create(_c[(centre * d) + j]);
                    distance = Vector512.FusedMultiplyAdd(difference, difference, distance);
                }

                nearest = Vector512.ConditionalSelect(Vector512.LessThan(distance, least), Vector512.Create((double)centre), nearest);
                least = Vector512.Min(least, distance);
            }

            cost += least;
            nearest.StoreUnsafe(ref chosen, (nuint)i);
        }

        for (var i = 0; i < n; i++)
        {
            var row = _x.AsSpan(i * d, d);
            var sums = gradient.AsSpan((int)_nearest[i] * d, d);
            for (var j = 0; j < d; j++)
            {
                sums[j] -= row[j];
            }

            diagonal[(int)_nearest[i] * d] += 2;
        }

        for (var entry = 0; entry < k * d; entry++)
        {
            diagonal[entry] = diagonal[entry / d * d];
            gradient[entry] = (2 * gradient[entry]) + (diagonal[entry] * _c[entry]);
        }

        return [[Vector512.Sum(cost)], gradient, diagonal];
    }

    // No entry of the Hessian joins two numbers, so that its product with a vector of ones is its diagonal.
    private Expr[] MakeOutputs()
    {
        var cost = Cost(_centres);
        var diagonal = Differentiate.HessianVectorProduct(Cost)(_centres, Expr.Full([k, d], 1));
        return [cost, cost.Gradient(_centres)[_centres], diagonal];
    }

    private Expr Cost(Expr centres) =>
        (_points.Reshape([n, 1, d]) - centres.Reshape([1, k, d])).Square().Sum(2).Min(1).Sum();

    private static double[] Columns(int n, int d)
    {
        var rows = Numbers.Between(-1, 1, n * d, seed: 1);
        return [.. Enumerable.Range(0, n * d).Select(at => rows[(at % n * d) + (at / n)])];
    }
}
