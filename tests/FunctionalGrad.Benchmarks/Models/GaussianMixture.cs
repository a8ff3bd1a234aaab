using System.Numerics.Tensors;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The log-likelihood of a mixture of Gaussians with full inverse covariances, as in GradBench's gmm: each component k has a
/// weight αₖ, a mean μₖ and a lower triangle Lₖ, whose diagonal is exp qₖ, and Σᵢ log Σₖ exp(αₖ + Σ qₖ − ½‖Lₖ·(xᵢ − μₖ)‖²)
/// − n·log Σ exp α. By α, μ, q and the triangle below the diagonal.
/// </summary>
/// <param name="n">How many points.</param>
/// <param name="d">How many coordinates.</param>
/// <param name="k">How many components.</param>
internal sealed class GaussianMixture(int n, int d, int k) : GradientComparison
{
    private readonly int _below = d * (d - 1) / 2;
    private readonly double[] _x = Numbers.Between(-1, 1, n * d, seed: 1);
    private readonly double[] _alphas = Numbers.Between(-1, 1, k, seed: 2);
    private readonly double[] _means = Numbers.Between(-1, 1, k * d, seed: 3);
    private readonly double[] _q = Numbers.Between(-0.5, 0.5, k * d, seed: 4);
    private readonly double[] _l = Numbers.Between(-0.5, 0.5, k * d * (d - 1) / 2, seed: 5);
    private readonly double[] _diagonals = new double[k * d];
    private readonly double[] _differences = new double[k * d];
    private readonly double[] _images = new double[k * d];
    private readonly double[] _constants = new double[k];
    private readonly double[] _exponents = new double[k];
    private GaussianMixtureWork? _work;
    private readonly Variable _points = Expr.Variable("x", [n, d]);
    private readonly Variable _logWeights = Expr.Variable("α", [k]);
    private readonly Variable _centres = Expr.Variable("μ", [k, d]);
    private readonly Variable _logDiagonals = Expr.Variable("q", [k, d]);
    private readonly Variable _triangles = Expr.Variable("l", [k, d * (d - 1) / 2]);

    protected override Variable[] Variables => [_logWeights, _centres, _logDiagonals, _triangles];

    protected override Expr Formula()
    {
        // Entry (r, c) of a triangle is number r·(r − 1)/2 + c of what lies below the diagonal, row by row.
        Expr places = Tensor.Generate([d * d], at => at / d > at % d ? (at / d * ((at / d) - 1) / 2) + (at % d) : 0.0);
        Expr isBelow = Tensor.Generate([d, d], at => at / d > at % d ? 1.0 : 0.0);
        var triangles = Expr.Select(isBelow, _triangles.Gather(places, 1).Reshape([k, d, d]), 0);
        var differences = _points.Reshape([1, n, d]) - _centres.Reshape([k, 1, d]);
        var images = differences.MatMul(triangles.Transpose()) + (differences * Expr.Exp(_logDiagonals).Reshape([k, 1, d]));
        var exponents = (_logWeights + _logDiagonals.Sum(1)).Reshape([k, 1]) - (0.5 * images.Square().Sum(2));
        return exponents.LogSumExp(0).Sum() - (n * _logWeights.LogSumExp());
    }

    protected override Point<double> MakePoint() => Point.Of(
        (_points, Tensor.Of<double>([n, d], _x)),
        (_logWeights, Tensor.Of<double>(_alphas)),
        (_centres, Tensor.Of<double>([k, d], _means)),
        (_logDiagonals, Tensor.Of<double>([k, d], _q)),
        (_triangles, Tensor.Of<double>([k, _below], _l)));

    protected override double[][] ByLoops()
    {
        var (byWeights, byMeans) = (new double[k], new double[k * d]);
        var (byQ, byL) = (new double[k * d], new double[k * _below]);
        _alphas.CopyTo(_constants, 0);
        for (var at = 0; at < k * d; at++)
        {
            _diagonals[at] = Math.Exp(_q[at]);
            _constants[at / d] += _q[at];
        }

        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            var greatest = double.NegativeInfinity;
            for (var c = 0; c < k; c++)
            {
                var (square, entry) = (0.0, c * _below);
                for (var r = 0; r < d; r++)
                {
                    var at = (c * d) + r;
                    _differences[at] = _x[(i * d) + r] - _means[at];
                    var image = _diagonals[at] * _differences[at];
                    for (var j = 0; j < r; j++)
                    {
                        image += _l[entry++] * _differences[(c * d) + j];
                    }

                    _images[at] = image;
                    square += image * image;
                }

                _exponents[c] = _constants[c] - (0.5 * square);
                greatest = Math.Max(greatest, _exponents[c]);
            }

            var total = 0.0;
            for (var c = 0; c < k; c++)
            {
                _exponents[c] = Math.Exp(_exponents[c] - greatest);
                total += _exponents[c];
            }

            sum += greatest + Math.Log(total);
            for (var c = 0; c < k; c++)
            {
                var share = _exponents[c] / total;
                var entry = c * _below;
                byWeights[c] += share;
                for (var r = 0; r < d; r++)
                {
                    var at = (c * d) + r;
                    var pull = share * _images[at];
                    byQ[at] += share - (pull * _differences[at] * _diagonals[at]);
                    byMeans[at] += pull * _diagonals[at];
                    for (var j = 0; j < r; j++)
                    {
                        byMeans[(c * d) + j] += pull * _l[entry];
                        byL[entry++] -= pull * _differences[(c * d) + j];
                    }
                }
            }
        }

        return [[sum - Prior(byWeights)], byWeights, byMeans, byQ, byL];
    }

    // Component by component, so that its triangle, filled up with zeros, multiplies all points as one matrix.
    protected override double[][] ByVectors()
    {
        var (byWeights, byMeans) = (new double[k], new double[k * d]);
        var (byQ, byL) = (new double[k * d], new double[k * _below]);
        var work = _work ??= new(n, d, k);
        for (var c = 0; c < k; c++)
        {
            work.Fill(c, _x, _means, _q, _l);
            var differences = work.Differences(c);
            var images = work.Images(c);
            TunedProduct.Write(differences, d, 1, work.Transposed(c), images, n, d, d);
            var constant = _alphas[c] + TensorPrimitives.Sum(_q.AsSpan(c * d, d));
            for (var i = 0; i < n; i++)
            {
                work.Exponents[(c * n) + i] = constant - (0.5 * TensorPrimitives.SumOfSquares(images.Slice(i * d, d)));
            }
        }

        var sum = work.Softmax();
        for (var c = 0; c < k; c++)
        {
            var differences = work.Differences(c);
            var images = work.Images(c);
            var shares = work.Exponents.AsSpan(c * n, n);
            byWeights[c] = TensorPrimitives.Sum(shares);
            for (var i = 0; i < n; i++)
            {
                TensorPrimitives.Multiply(images.Slice(i * d, d), shares[i], images.Slice(i * d, d));
            }

            // The square of products of images and differences holds the derivatives by the triangle, and by its diagonal.
            TunedProduct.Write(images, 1, d, differences, work.Square, d, d, n);
            work.PullBack(c, images, byMeans.AsSpan(c * d, d));
            var entry = c * _below;
            for (var r = 0; r < d; r++)
            {
                byQ[(c * d) + r] = byWeights[c] - (work.Square[(r * d) + r] * Math.Exp(_q[(c * d) + r]));
                for (var j = 0; j < r; j++)
                {
                    byL[entry++] = -work.Square[(r * d) + j];
                }
            }
        }

        return [[sum - Prior(byWeights)], byWeights, byMeans, byQ, byL];
    }

    // n·log Σ exp α, which is taken off the sum, and its softmax off the derivatives.
    private double Prior(double[] byWeights)
    {
        var (greatest, total) = (_alphas.Max(), 0.0);
        foreach (var alpha in _alphas)
        {
            total += Math.Exp(alpha - greatest);
        }

        for (var c = 0; c < k; c++)
        {
            byWeights[c] -= n * Math.Exp(_alphas[c] - greatest) / total;
        }

        return n * (greatest + Math.Log(total));
    }
}
