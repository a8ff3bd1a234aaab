using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

public sealed class JacobianTests
{
    private readonly Variable _x = Variable("x", [2, 2]);

    [Theory]
    [InlineData(DifferentiationMode.Automatic)]
    [InlineData(DifferentiationMode.Forward)]
    [InlineData(DifferentiationMode.Reverse)]
    public void The_shape_is_that_of_the_value_and_then_that_of_the_variable(DifferentiationMode mode)
    {
        var at = Point.Of((_x, Tensor.Of([2, 2], [1.0, 2, 3, 4])));
        Assert.Equal(Shape.Of(2, 2), _x.Sum().Jacobian(_x, mode).Shape);
        Assert.Equal(Shape.Of(3, 2, 2), _x.Sum().BroadcastTo([3]).Jacobian(_x, mode).Shape);

        // Of the rows' sums: ones in the columns of their row.
        Assert.Equal(Tensor.Of([2, 2, 2], [1.0, 1, 0, 0, 0, 0, 1, 1]), _x.Sum(1).Jacobian(_x, mode).Evaluate(at));

        // Of the square, entry by entry: a diagonal.
        var square = _x.Square().Jacobian(_x, mode).Evaluate(at).Reshape([4, 4]);
        Assert.Equal(Tensor.Generate([4, 4], i => i % 5 == 0 ? 2.0 * (1 + (i / 5)) : 0), square);

        // Of the value by a variable that it does not use, and where there are no entries.
        Assert.Equal(Tensor<double>.Zeros([2, 2, 3]), _x.Jacobian(Variable("other", [3]), mode).Evaluate(at));
        Assert.Equal(Shape.Of(2, 2, 0), _x.Jacobian(Variable("empty", [0]), mode).Evaluate(at).Shape);
    }

    [Theory]
    [InlineData(3, 100, DifferentiationMode.Forward)]
    [InlineData(100, 3, DifferentiationMode.Reverse)]
    [InlineData(100, 1, DifferentiationMode.Reverse)]
    public void The_automatic_mode_takes_the_one_with_fewer_directions_and_all_of_them_in_one_pass(
        int from, int to, DifferentiationMode expected)
    {
        // One pass asks each rule once, so the rules asked tell the mode and the passes.
        var (pulled, pushed) = (0, 0);
        var watched = Primitive.Define(
            "watched",
            shapes => shapes[0],
            operands => operands[0],
            new Rule.General(
                (_, _, cotangent) =>
                {
                    pulled++;
                    return cotangent;
                },
                (_, tangents) =>
                {
                    pushed++;
                    return tangents[0];
                }),
            []);
        var x = Variable("x", [from]);
        _ = watched.Apply(x.Sum()).BroadcastTo([to]).Jacobian(x);
        Assert.Equal(expected is DifferentiationMode.Reverse ? (1, 0) : (0, 1), (pulled, pushed));
    }

    [Theory]
    [InlineData(DifferentiationMode.Forward)]
    [InlineData(DifferentiationMode.Reverse)]
    public void The_graph_of_a_jacobian_does_not_grow_with_the_number_of_directions(DifferentiationMode mode)
    {
        int Nodes(int extent)
        {
            var x = Variable("x", [extent]);
            return TopologicalOrder.Of((Tanh(x) * x.Sum()).Jacobian(x, mode)).Count;
        }

        Assert.Equal(Nodes(3), Nodes(50));
    }

    [Fact]
    public void A_mode_that_does_not_exist_is_refused() =>
        Errors.Say<ArgumentOutOfRangeException>(() => _x.Jacobian(_x, (DifferentiationMode)7), "7", "Automatic, Forward or Reverse");

    [Fact]
    public void The_hessian_is_symmetric_and_right()
    {
        var v = Variable("v", [3]);
        Expr f = (Pow(v, 3) * v.Sum()).Sum() + Exp(v).Sum();
        var at = Tensor.Of(0.5, -1.0, 2.0);
        var hessian = f.Hessian(v).Evaluate(Point.Of((v, at)));
        Assert.Equal(Shape.Of(3, 3), hessian.Shape);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(hessian[i, j], hessian[j, i], 1e-12);

                // f = Σᵢ vᵢ³ · Σⱼ vⱼ + Σ exp(vᵢ)
                var expected = (3 * at[i] * at[i]) + (3 * at[j] * at[j])
                    + (i == j ? (6 * at[i] * at.ToArray().Sum()) + Math.Exp(at[i]) : 0);
                Assert.Equal(expected, hessian[i, j], 1e-12);
            }
        }
    }

    [Fact]
    public void The_hessian_by_a_matrix_has_both_its_axes_twice()
    {
        var hessian = (_x.Square().Sum() / 2).Hessian(_x).Evaluate(Point.Of((_x, Tensor<double>.Zeros([2, 2]))));
        Assert.Equal(Tensor.Generate([4, 4], i => i % 5 == 0 ? 1.0 : 0).Reshape([2, 2, 2, 2]), hessian);
    }

    [Fact]
    public void Only_a_scalar_has_a_hessian()
    {
        Errors.Say<ShapeException>(() => _x.Hessian(_x), "[2, 2]", "scalar");
        Errors.Say<ShapeException>(() => _x.HessianVectorProduct(GradientMap<Expr>.Of((_x, _x))), "[2, 2]", "scalar");
    }

    [Fact]
    public void The_product_of_hessian_and_vector_is_what_it_says()
    {
        var v = Variable("v", [3]);
        Expr f = Sin(v).Sum() * Exp(v.Slice(..2)).Sum();
        var direction = Tensor.Of(1.0, -2, 0.5);
        var at = Point.Of((v, Tensor.Of(0.1, 0.2, 0.3)));
        var product = f.HessianVectorProduct(GradientMap<Expr>.Of((v, direction)))[v].Evaluate(at);
        var hessian = f.Hessian(v).Evaluate(at);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Enumerable.Range(0, 3).Sum(j => hessian[i, j] * direction[j]), product[i], 1e-13);
        }
    }

    [Fact]
    public void The_product_counts_the_blocks_between_variables()
    {
        var x = Variable("x");
        var y = Variable("y");
        Expr f = x.Square() * Pow(y, 3);
        var at = Point.Of((x, 2.0), (y, 3.0));
        var product = f.HessianVectorProduct(GradientMap<Expr>.Of((x, 1), (y, 10))).Evaluate(at);

        // H = [[2y³, 6xy²], [6xy², 6x²y]]
        Assert.Equal(54 + (10 * 108), product[x].ToScalar());
        Assert.Equal(108 + (10 * 72), product[y].ToScalar());
        Assert.Equal(54, f.HessianVectorProduct(GradientMap<Expr>.Of((x, 1)))[x].Evaluate(at).ToScalar());
    }
}
