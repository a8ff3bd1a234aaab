using System.Collections.Immutable;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Facade;

/// <summary>Functions in, functions out; with a point, numbers out.</summary>
public sealed class DifferentiateTests
{
    private static readonly Func<Expr, Expr> Cube = x => Pow(x, 3).Sum();

    // (x, y) ↦ x²·y + sin z, of three arguments of different shapes.
    private static readonly Func<ImmutableArray<Expr>, Expr> Several =
        arguments => (arguments[0].Square() * arguments[1]).Sum() + Sin(arguments[2]);

    private static readonly ImmutableArray<Expr> Arguments = [Tensor.Of(1.0, 2), 3.0, 0.0];

    [Fact]
    public void A_derivative_is_by_one_number_and_has_the_shape_of_the_value()
    {
        Assert.Equal(12, Differentiate.Derivative(x => Pow(x, 3))(2).Evaluate().ToScalar());
        Assert.Equal(12, Differentiate.Derivative(x => Pow(x, 3), 2));
        Assert.Equal(Tensor.Of(1.0, 4), Differentiate.Derivative(x => Stack([x, x.Square()], 0))(2).Evaluate());
        Assert.Equal(0, Differentiate.Derivative(x => 7, 2));
    }

    [Fact]
    public void Gradients_of_one_two_three_and_several_arguments()
    {
        Assert.Equal(Tensor.Of(3.0, 12), Differentiate.Gradient(Cube)(Tensor.Of(1.0, 2)).Evaluate());
        var two = Differentiate.Gradient((x, y) => x.Square() * y)(3, 2);
        Assert.Equal((12.0, 9.0), (two.ByX.Evaluate().ToScalar(), two.ByY.Evaluate().ToScalar()));
        var three = Differentiate.Gradient((x, y, z) => x * y * z)(2, 3, 5);
        Assert.Equal(
            (15.0, 10.0, 6.0),
            (three.ByX.Evaluate().ToScalar(), three.ByY.Evaluate().ToScalar(), three.ByZ.Evaluate().ToScalar()));
        var several = Differentiate.Gradient(Several)(Arguments);
        Assert.Equal([Tensor.Of(6.0, 12), 5.0, 1.0], several.Select(gradient => gradient.Evaluate()));
    }

    [Fact]
    public void Values_come_with_gradients()
    {
        var one = Differentiate.ValueAndGradient(Cube)(Tensor.Of(1.0, 2));
        Assert.Equal((Tensor.Scalar(9.0), Tensor.Of(3.0, 12)), (one.Value.Evaluate(), one.Gradient.Evaluate()));
        var several = Differentiate.ValueAndGradient(Several)(Arguments);
        Assert.Equal(15, several.Value.Evaluate().ToScalar());
        Assert.Equal(3, several.Gradient.Length);

        // They share what they have in common.
        var nodes = TopologicalOrder.Of(one.Value, one.Gradient).Count;
        Assert.True(nodes < TopologicalOrder.Of(one.Value).Count + TopologicalOrder.Of(one.Gradient).Count);
    }

    [Fact]
    public void At_a_point_the_answers_are_numbers_in_its_precision()
    {
        Assert.Equal(Tensor.Of(3.0, 12), Differentiate.Gradient(Cube, Tensor.Of(1.0, 2)));
        Assert.Equal(Tensor.Of(3.0, 12), Differentiate.Gradient(Cube, 1.0, 2.0));
        Assert.Equal(Tensor.Of(3f, 12), Differentiate.Gradient(Cube, Tensor.Of(1f, 2)));
        Assert.Equal((9.0, Tensor.Of(3.0, 12)), Differentiate.ValueAndGradient(Cube, [1.0, 2.0]));
        Assert.Equal((9f, Tensor.Of(3f, 12)), Differentiate.ValueAndGradient(Cube, Tensor.Of(1f, 2)));
        var (value, gradient) = Differentiate.ValueAndGradient(Several, ImmutableArray.Create(Tensor.Of(1.0, 2), 3.0, 0.0));
        Assert.Equal(15, value);
        Assert.Equal([Tensor.Of(6.0, 12), 5.0, 1.0], gradient);
        Assert.Equal(Tensor.Of([2, 2], [3.0, 0, 0, 12]), Differentiate.Jacobian(x => Pow(x, 3), Tensor.Of(1.0, 2)));
        Assert.Equal(Tensor.Of([2, 2], [6f, 0, 0, 12]), Differentiate.Hessian(Cube, Tensor.Of(1f, 2)));
        Assert.Equal(Tensor.Of(6.0, 120), Differentiate.HessianVectorProduct(Cube, Tensor.Of(1.0, 2), Tensor.Of(1.0, 10)));
        Assert.Equal(
            (Tensor.Of(1.0, 4), Tensor.Of(2.0, 40)), Differentiate.Pushforward(x => x.Square(), Tensor.Of(1.0, 2), Tensor.Of(1.0, 10)));
        Assert.Equal(
            (Tensor.Of(1.0, 4), Tensor.Of(2.0, 40)), Differentiate.Pullback(x => x.Square(), Tensor.Of(1.0, 2), Tensor.Of(1.0, 10)));
    }

    [Fact]
    public void Jacobians_of_several_arguments_are_one_for_each()
    {
        ImmutableArray<Expr> Call(DifferentiationMode mode) =>
            Differentiate.Jacobian(arguments => arguments[0] * arguments[1], mode)([Tensor.Of(1.0, 2), 3.0]);
        foreach (var mode in Enum.GetValues<DifferentiationMode>())
        {
            Assert.Equal(
                [Tensor.Of([2, 2], [3.0, 0, 0, 3]), Tensor.Of(1.0, 2)], Call(mode).Select(jacobian => jacobian.Evaluate()));
        }
    }

    [Fact]
    public void Hessians_of_several_arguments_come_in_blocks()
    {
        var blocks = Differentiate.Hessian(Several)(Arguments);
        Assert.Equal(3, blocks.Length);
        Assert.Equal(Tensor.Of([2, 2], [6.0, 0, 0, 6]), blocks[0][0].Evaluate());
        Assert.Equal(Tensor.Of(2.0, 4), blocks[0][1].Evaluate());
        Assert.Equal(Tensor.Of(2.0, 4), blocks[1][0].Evaluate());
        Assert.Equal(Tensor<double>.Zeros([]), blocks[1][1].Evaluate());
        Assert.Equal(Tensor<double>.Zeros([2]), blocks[0][2].Evaluate());
        Assert.Equal(0, blocks[2][2].Evaluate().ToScalar(), 1e-15);
        var one = Differentiate.Hessian(Cube)(Tensor.Of(1.0, 2));
        Assert.Equal(Tensor.Of([2, 2], [6.0, 0, 0, 12]), one.Evaluate());
    }

    [Fact]
    public void A_pushforward_carries_a_tangent_for_each_argument()
    {
        var (value, tangent) = Differentiate.Pushforward(Several)(Arguments, [Tensor.Of(1.0, 0), 10.0, 100.0]);
        Assert.Equal(15, value.Evaluate().ToScalar());
        Assert.Equal(6 + 50 + 100, tangent.Evaluate().ToScalar());
        var one = Differentiate.Pushforward(x => x.Square())(Tensor.Of(1.0, 2), Tensor.Of(1.0, 10));
        Assert.Equal(Tensor.Of(2.0, 40), one.Tangent.Evaluate());
    }

    [Fact]
    public void A_pullback_is_a_linear_map_that_may_be_used_again()
    {
        var (value, pull) = Differentiate.Pullback(arguments => arguments[0] * arguments[1])([Tensor.Of(1.0, 2), 3.0]);
        Assert.Equal(Tensor.Of(3.0, 6), value.Evaluate());
        Assert.Equal([Tensor.Of(3.0, 0), 1.0], pull(Tensor.Of(1.0, 0)).Select(part => part.Evaluate()));
        Assert.Equal([Tensor.Of(0.0, 30), 20.0], pull(Tensor.Of(0.0, 10)).Select(part => part.Evaluate()));
        var (_, one) = Differentiate.Pullback(x => x.Square())(Tensor.Of(1.0, 2));
        Assert.Equal(Tensor.Of(2.0, 40), one(Tensor.Of(1.0, 10)).Evaluate());
    }

    [Fact]
    public void The_pullback_is_the_transpose_of_the_pushforward()
    {
        Func<Expr, Expr> f = x => MatMul(Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]), Sin(x));
        var at = Tensor.Of(0.1, 0.2, 0.3);
        var (v, w) = (Tensor.Of(1.0, -1, 2), Tensor.Of(3.0, 5));
        var forward = Tensor<double>.Dot(w, Differentiate.Pushforward(f, at, v).Tangent).ToScalar();
        var reverse = Tensor<double>.Dot(v, Differentiate.Pullback(f, at, w).Cotangent).ToScalar();
        Assert.Equal(forward, reverse, 1e-13);
    }

    [Fact]
    public void The_product_of_hessian_and_vector_takes_a_vector_for_each_argument()
    {
        var product = Differentiate.HessianVectorProduct(Several)(Arguments, [Tensor.Of(1.0, 0), 1.0, 1.0]);
        Assert.Equal([Tensor.Of(6.0 + 2, 4), 2.0, 0.0], product.Select(part => part.Evaluate()));
        Assert.Equal(
            Tensor.Of(6.0, 120), Differentiate.HessianVectorProduct(Cube)(Tensor.Of(1.0, 2), Tensor.Of(1.0, 10)).Evaluate());
    }

    [Fact]
    public void Derivatives_accept_expressions_with_variables_of_their_own()
    {
        var a = Variable("a");
        var derivative = Differentiate.Derivative(x => a * x.Square())(a + 1);
        Assert.Equal(2 * 3 * 4, derivative.Evaluate(Point.Of((a, 3.0))).ToScalar());
    }

    [Fact]
    public void Errors_name_the_shapes_and_the_way_out()
    {
        var v = Tensor.Of(1.0, 2);
        Errors.Say<ShapeException>(() => Differentiate.Derivative(x => x)(v), "derivative", "[2]", "Gradient, Jacobian or Pushforward");
        Errors.Say<ShapeException>(() => Differentiate.Derivative(x => Stack([x, x], 0), 1), "derivative", "[2]", "Derivative(f)(at).Evaluate()");
        Errors.Say<ShapeException>(() => Differentiate.Gradient(x => x)(v), "gradient", "[2]", "Sum or Mean", "Jacobian");
        Errors.Say<ShapeException>(() => Differentiate.Gradient(x => x, v), "gradient", "[2]");
        Errors.Say<ShapeException>(() => Differentiate.ValueAndGradient(x => x, v), "gradient", "[2]");
        Errors.Say<ShapeException>(() => Differentiate.Hessian(x => x, v), "[2]", "scalar");
        Errors.Say<ShapeException>(() => Differentiate.HessianVectorProduct(x => x, v, v), "[2]", "scalar");
        Errors.Say<ShapeException>(
            () => Differentiate.HessianVectorProduct(Cube, v, Tensor.Of(1.0)), "Hessian-vector product", "argument 0 has shape [2]", "[1]");
        Errors.Say<ShapeException>(
            () => Differentiate.Pushforward(x => x, v, Tensor.Of(1.0)), "pushforward", "argument 0 has shape [2]", "direction [1]", "what it moves");
        Errors.Say<ShapeException>(
            () => Differentiate.Pushforward(Several)(Arguments, [1.0]), "pushforward", "3 arguments with 1 directions", "one for each");
        Errors.Say<ShapeException>(() => Differentiate.Pullback(x => x, v, Tensor.Of(1.0)), "pullback", "[2]", "[1]", "shape of the value");
        Errors.Say<ShapeException>(() => Differentiate.Pullback(x => x)(v).Pull(Tensor.Of(1.0)), "[2]", "[1]");
    }

    [Fact]
    public void A_missing_function_or_value_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Differentiate.Derivative(null!));
        Assert.Throws<ArgumentNullException>(() => Differentiate.Gradient((Func<Expr, Expr>)null!));
        Assert.Throws<ArgumentNullException>(() => Differentiate.Jacobian((Func<Expr, Expr>)null!));
        Assert.Throws<ArgumentNullException>(() => Differentiate.Hessian((Func<Expr, Expr>)null!));
        Assert.Throws<ArgumentNullException>(() => Differentiate.Pushforward((Func<Expr, Expr>)null!));
        Assert.Throws<ArgumentNullException>(() => Differentiate.Pullback((Func<Expr, Expr>)null!));
        Assert.Throws<ArgumentNullException>(() => Differentiate.Gradient(Cube, (Tensor<double>)null!));
        Errors.Say<ArgumentException>(() => Differentiate.Derivative(x => null!, 1), "returned null", "return an expression");
    }
}
