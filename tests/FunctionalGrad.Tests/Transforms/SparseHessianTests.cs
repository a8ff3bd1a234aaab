using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

public sealed class SparseHessianTests
{
    [Fact]
    public void What_is_only_added_makes_no_entry()
    {
        var x = Variable("x", [10]);
        Expr f = Exp(x).Sum() + (3 * x.Sum()) + (x.At(0) - x.At(9));
        var sparse = f.SparseHessian(x);
        Assert.Equal((10, 1), (sparse.Pattern.Count, sparse.Passes));
        AssertDense(f, x, sparse);
        Assert.Equal(0, (3 * x.Sum()).SparseHessian(x).Pattern.Count);
        Assert.Equal(0, x.Max().SparseHessian(x).Pattern.Count);
    }

    [Fact]
    public void A_product_joins_its_factors_and_no_others()
    {
        var x = Variable("x", [5]);
        Expr f = (x.At(0) * x.At(3)) + (x.At(1) / x.At(4)) + x.At(2);
        var sparse = f.SparseHessian(x);

        // x₁ / x₄ is linear in x₁.
        Assert.Equal(SparsityPattern.Of(5, 5, [0, 1, 2, 2, 3, 5], [3, 4, 0, 1, 4]), sparse.Pattern);
        AssertDense(f, x, sparse);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(19)]
    public void An_arrow_takes_two_passes_wherever_its_point_is(int point)
    {
        var x = Variable("x", [20]);
        Expr f = (Sin(x) * x.At(point)).Sum() + x.Square().Square().Sum();
        var sparse = f.SparseHessian(x);
        Assert.Equal(20 + (2 * 19), sparse.Pattern.Count);
        Assert.Equal(2, sparse.Passes);
        AssertDense(f, x, sparse);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_band_takes_no_more_passes_than_it_is_wide(int bandwidth)
    {
        var x = Variable("x", [30]);
        Expr f = x.Square().Square().Sum();
        for (var shift = 1; shift <= bandwidth; shift++)
        {
            f += (x.Slice(shift..) * x.Slice(..^shift)).Square().Sum();
        }

        var sparse = f.SparseHessian(x);
        Assert.Equal((2 * bandwidth) + 1, sparse.Pattern.LargestRow);
        Assert.InRange(sparse.Passes, bandwidth + 1, (2 * bandwidth) + 1);
        AssertDense(f, x, sparse);
    }

    [Fact]
    public void A_large_arrow_is_no_harder_per_entry()
    {
        const int n = 50_000;
        var x = Variable("x", [n]);
        var prepared = ((x * x.At(n / 2)).Sum() + Exp(x).Sum()).CompileSparseHessian<double>(x);
        var (value, gradient, hessian) = prepared.Invoke(Tensor.Full([n], 0.5));
        Assert.Equal(2, prepared.Passes);
        Assert.Equal(n + (2 * (n - 1)), hessian.Count);
        Assert.Equal((0.25 * n) + (n * Math.Exp(0.5)), value, 1e-7 * n);
        Assert.Equal(0.5 + Math.Exp(0.5), gradient[x][3], 1e-14);
        Assert.Equal(1, hessian[3, n / 2]);
        Assert.Equal(Math.Exp(0.5), hessian[3, 3], 1e-14);
    }

    [Fact]
    public void Random_sparse_hessians_are_read_rightly_from_a_star_colouring()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var x = Variable("x", [25]);
            var (first, second) = (Indices(), Indices());
            Expr f = (Exp(x.Gather(first)) * x.Gather(second).Square()).Sum();
            AssertDense(f, x, f.SparseHessian(x));

            Tensor<double> Indices() => Tensor.Generate([20], _ => (double)random.Next(25));
        }
    }

    [Fact]
    public void Blocks_between_variables_count()
    {
        var (x, y) = (Variable("x", [2]), Variable("y", [2, 1]));
        Expr f = (x.Square() * y.Reshape([2])).Sum();
        var hessian = f.SparseHessian(x, y).Evaluate(Point.Of((x, Tensor.Of(2.0, 3)), (y, Tensor.Of([2, 1], [5.0, 7]))));
        Assert.Equal(Tensor.Of([4, 4], [10.0, 0, 4, 0, 0, 14, 0, 6, 4, 0, 0, 0, 0, 6, 0, 0]), hessian.ToDense());
        Assert.Equal(hessian, f.SparseHessian().Evaluate(Point.Of((x, Tensor.Of(2.0, 3)), (y, Tensor.Of([2, 1], [5.0, 7])))));
    }

    [Fact]
    public void Only_a_scalar_has_a_hessian()
    {
        var x = Variable("x", [2]);
        Errors.Say<ShapeException>(() => x.SparseHessian(x), "[2]", "scalar");
        Errors.Say<ShapeException>(() => x.CompileSparseHessian<double>(x), "[2]", "scalar");
        Errors.Say<ArgumentException>(() => x.Sum().SparseHessian(x, x), "twice");
    }

    private static void AssertDense(Expr f, Variable x, SparseDerivative sparse)
    {
        var at = Point.Of((x, SparseJacobianTests.Numbers(x.Shape, 21)));
        var dense = f.Hessian(x).Evaluate(at);
        var interpreted = sparse.Evaluate(at);
        var compiled = f.CompileSparseHessian<double>(x).Invoke(at).Hessian;
        for (var i = 0; i < x.Shape.Size; i++)
        {
            for (var j = 0; j < x.Shape.Size; j++)
            {
                var bound = 1e-12 * Math.Max(1, Math.Abs(dense[i, j]));
                Assert.Equal(dense[i, j], interpreted[i, j], bound);
                Assert.Equal(dense[i, j], compiled[i, j], bound);
            }
        }
    }
}
