using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>Users' own primitives are first-class: in both modes, to any order, in both precisions.</summary>
public sealed class CustomPrimitiveTests
{
    private static readonly Primitive Softsign = Primitive.Elementwise(
        "softsign", x => x / (1 + Math.Abs(x)), (x, y) => (1 - Abs(y)).Square());

    private static readonly Primitive Product = Primitive.Elementwise(
        "product", (x, y) => x * y, (x, y, z) => y, (x, y, z) => x);

    // The sum of squares, with a pullback and a pushforward of its own.
    private static readonly Primitive Squares = Primitive.Define(
        "squares",
        shapes => Shape.Scalar,
        operands => operands[0].Values.ToArray().Sum(x => x * x),
        new Rule.General(
            (node, _, cotangent) => cotangent * 2 * node.Input(0),
            (node, tangents) => tangents[0] is { } t ? 2 * Dot(node.Input(0), t) : null),
        [[new Operand([3], Domain.Real)]]);

    // Every second entry, from the first: linear, with its transpose, and dropping what stands between.
    private static readonly Primitive EverySecond = Primitive.Define(
        "every second",
        shapes => shapes[0].Rank == 1 ? [(shapes[0][0] + 1) / 2] : throw new ShapeException($"every second takes a vector, not {shapes[0]}"),
        operands => Tensor.Of([.. operands[0].ToArray().Where((_, i) => i % 2 == 0)]),
        new Rule.Linear((node, _, cotangent) => Spread(cotangent, node.Input(0).Shape), drops: true),
        [[new Operand([5], Domain.Real)]]);

    [Fact]
    public void An_elementwise_primitive_of_one_operand_differentiates_to_any_order()
    {
        Assert.Equal(Tensor.Of(0.5, -0.75), Softsign.Apply(Tensor.Of(1.0, -3)).Evaluate());
        Assert.Equal(0.25f, Differentiate.Gradient(x => Softsign.Apply(x), (Tensor<float>)1f).ToScalar());
        Assert.Equal(0.25, Differentiate.Derivative(x => Softsign.Apply(x), 1));

        // For x > 0: y = x/(1+x), y′ = (1+x)⁻², y″ = −2(1+x)⁻³, y‴ = 6(1+x)⁻⁴
        Expr F(Expr x) => Softsign.Apply(x);
        Assert.Equal(-0.25, Differentiate.Derivative(Differentiate.Gradient(F))(1).Evaluate().ToScalar());
        Assert.Equal(0.375, Differentiate.Gradient(Differentiate.Derivative(Differentiate.Gradient(F)))(1).Evaluate().ToScalar());
    }

    [Fact]
    public void An_elementwise_primitive_of_two_operands_broadcasts()
    {
        var x = Variable("x", [2, 1]);
        var y = Variable("y", [3]);
        var sum = Product.Apply(x, y).Sum();
        var at = Point.Of((x, Tensor.Of([2, 1], [1.0, 2])), (y, Tensor.Of(3.0, 4, 5)));
        Assert.Equal(36, sum.Evaluate(at).ToScalar());
        Assert.Equal(Tensor.Of([2, 1], [12.0, 12]), sum.Gradient(x)[x].Evaluate(at));
        Assert.Equal(Tensor.Of(3.0, 3, 3), sum.Gradient(y)[y].Evaluate(at));
        Errors.Say<ShapeException>(() => Product.Apply(x, Variable("z", [3, 4])), "product", "[2, 1]", "[3, 4]", "cannot broadcast");
    }

    [Fact]
    public void A_general_rule_serves_both_modes_and_higher_orders()
    {
        Expr F(Expr x) => Squares.Apply(x) * x.Sum();
        var at = Tensor.Of(1.0, 2);
        var expected = Differentiate.Gradient(x => x.Square().Sum() * x.Sum(), at);
        Assert.Equal(expected, Differentiate.Jacobian(F, at, DifferentiationMode.Forward));
        Assert.Equal(expected, Differentiate.Jacobian(F, at, DifferentiationMode.Reverse));
        Assert.Equal(Differentiate.Hessian(x => x.Square().Sum() * x.Sum(), at), Differentiate.Hessian(F, at));
        Assert.Equal(expected.To<float>(), Differentiate.Gradient(F, at.To<float>()));
    }

    [Fact]
    public void A_linear_rule_needs_its_transpose_alone()
    {
        Expr F(Expr x) => EverySecond.Apply(Log(x));
        var at = Tensor.Of(1.0, 0, 2, -1, 4);
        var expected = Tensor.Of([3, 5], [1.0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0.25]);

        // The entries between are dropped, so that the infinite slope of the logarithm there does not leak.
        Assert.Equal(expected, Differentiate.Jacobian(F, at, DifferentiationMode.Reverse));
        var forward = Differentiate.Jacobian(x => EverySecond.Apply(x * 2), at, DifferentiationMode.Forward);
        Assert.Equal(2, forward[1, 2]);
        Assert.Equal(Shape.Of(3), EverySecond.Apply(Variable("v", [6])).Shape);
        Errors.Say<ShapeException>(() => EverySecond.Apply(Variable("m", [2, 2])), "every second takes a vector", "[2, 2]");
    }

    [Fact]
    public void A_mask_stops_at_a_general_rule()
    {
        // The square root's slope at 0 is infinite; behind a mask, the sum of squares gets nothing of it.
        Expr F(Expr x) => Select(x.Sum() > 0, Sqrt(Squares.Apply(x)), 0);
        var at = Tensor.Of(0.0, 0);
        Assert.Equal(Tensor.Of(0.0, 0), Differentiate.Jacobian(F, at, DifferentiationMode.Reverse));
        Assert.Equal(Tensor.Of(0.0, 0), Differentiate.Jacobian(F, at, DifferentiationMode.Forward));
    }

    [Fact]
    public void Two_primitives_of_one_name_are_two()
    {
        var other = Primitive.Elementwise("softsign", x => x, (x, y) => 1);
        Assert.NotEqual(Softsign, other);
        Assert.Equal(Softsign, Softsign);
        Assert.Equal("softsign(x)", Softsign.Apply(Variable("x")).ToString());
        Assert.Equal("softsign", Softsign.ToString());
        Assert.DoesNotContain(Softsign, Primitive.All);
    }

    [Fact]
    public void Examples_are_there_for_tests_of_ones_own()
    {
        var example = Assert.Single(Squares.Examples);
        Assert.Same(Squares, example.Primitive);
        Assert.Equal(Shape.Of(3), Assert.Single(example.Operands).Shape);
        Assert.NotEmpty(Softsign.Examples);
        Assert.All(Softsign.Examples, each => Assert.Same(Domain.Real, each.Operands[0].Domain));
    }

    [Fact]
    public void A_value_of_another_shape_than_promised_is_an_error_that_says_both()
    {
        var wrong = Primitive.Define(
            "wrong", shapes => [2], operands => Tensor.Of(1.0, 2, 3), new Rule.Linear((_, _, cotangent) => cotangent), []);
        Errors.Say<ShapeException>(() => wrong.Apply(1.0).Evaluate(), "wrong", "promised [2]", "[3]", "make them agree");
        var silent = Primitive.Define("silent", shapes => null!, operands => 1.0, new Rule.Linear((_, _, cotangent) => cotangent), []);
        Errors.Say<ShapeException>(() => silent.Apply(1.0), "silent", "shape rule returned null");
    }

    [Fact]
    public void Declaring_without_what_is_needed_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Primitive.Elementwise("f", null!, (x, y) => y));
        Assert.Throws<ArgumentNullException>(() => Primitive.Elementwise("f", (double x) => x, null!));
        Assert.Throws<ArgumentException>(() => Primitive.Elementwise(" ", x => x, (x, y) => y));
        Assert.Throws<ArgumentNullException>(() => Primitive.Define("f", shapes => [], null!, Softsign.Rule, []));
    }

    private static Expr Spread(Expr cotangent, Shape shape)
    {
        var indices = Tensor.Generate([cotangent.Shape[0]], i => 2.0 * i);
        return ScatterAdd(cotangent, indices, 0, shape[0]);
    }
}
