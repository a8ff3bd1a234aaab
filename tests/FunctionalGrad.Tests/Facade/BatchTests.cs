using System.Collections.Immutable;
using FunctionalGrad.Tests.Compilation;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Facade;

public sealed class BatchTests
{
    private static readonly Tensor<double> Examples = Tensor.Of([3, 2], [1.0, 2, -3, 4, 0, 0.5]);

    private static Expr Model(Expr x) => Sin(x.At(0)) * x.At(1) + Exp(x).Sum() * x.Norm();

    [Fact]
    public void The_value_of_a_batch_is_the_stack_of_values()
    {
        var batch = Differentiate.Batch(Model)(Examples).Evaluate();
        Assert.Equal(Shape.Of(3), batch.Shape);
        AssertRows(batch, i => Model(Row(Examples, i)).Evaluate());
    }

    [Fact]
    public void Gradients_for_each_example_are_a_batch_of_the_gradient() => AssertRows(
        Differentiate.Batch(Differentiate.Gradient(Model))(Examples).Evaluate(),
        i => Differentiate.Gradient(Model, Row(Examples, i)));

    [Fact]
    public void The_gradient_of_the_sum_of_a_batch_holds_the_gradient_of_each_example() => AssertRows(
        Differentiate.Gradient(x => Differentiate.Batch(Model)(x).Sum(), Examples),
        i => Differentiate.Gradient(Model, Row(Examples, i)));

    [Fact]
    public void Hessians_and_jacobians_batch() => Assert.Multiple(
        () => AssertRows(
            Differentiate.Batch(Differentiate.Hessian(Model))(Examples).Evaluate(),
            i => Differentiate.Hessian(Model, Row(Examples, i))),
        () => AssertRows(
            Differentiate.Batch(Differentiate.Jacobian(x => x * x.Sum()))(Examples).Evaluate(),
            i => Differentiate.Jacobian(x => x * x.Sum(), Row(Examples, i))));

    [Fact]
    public void A_jacobian_is_a_batch_of_pullbacks()
    {
        var f = (Expr x) => Stack([x.At(0) * x.At(1), Sin(x.At(0)), x.Sum()]);
        Expr at = Tensor.Of(2.0, 3.0);
        var rows = Differentiate.Batch(Differentiate.Pullback(f)(at).Pull)(Tensor.Generate([3, 3], i => i % 4 == 0 ? 1.0 : 0));
        Assert.Equal(Differentiate.Jacobian(f)(at).Evaluate(), rows.Evaluate());
    }

    [Fact]
    public void It_nests_over_two_axes()
    {
        var rows = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
        var outer = Differentiate.Batch((x, y) => Differentiate.Batch((a, b) => a * b + x.Sum(), over: [0])(x, y))(rows, Tensor.Of(10.0, 100));
        Assert.Equal(Tensor.Of([2, 3], [16.0, 26, 36, 415, 515, 615]), outer.Evaluate());
        Assert.Equal(
            Sin(rows).Evaluate(),
            Differentiate.Batch(Differentiate.Batch(x => Sin(x)))(rows).Evaluate());
        Assert.Equal(
            Cos(rows).Evaluate(),
            Differentiate.Batch(Differentiate.Batch(Differentiate.Derivative(x => Sin(x))))(rows).Evaluate());
    }

    [Fact]
    public void Any_arguments_may_be_held()
    {
        var f = (Expr x, Expr y, Expr z) => x * y.Sum() + z;
        Expr batch = Tensor.Of(1.0, 2);
        Expr y = Tensor.Of([2, 2], [1.0, 2, 3, 4]);
        Assert.Equal(Tensor.Of(10.0, 17), Differentiate.Batch(f)(batch, y, Tensor.Of(7.0, 3)).Evaluate());
        Assert.Equal(Tensor.Of(17.0, 27), Differentiate.Batch(f, 0)(batch, y, 7).Evaluate());
        Assert.Equal(Tensor.Of(8.0, 12), Differentiate.Batch(f, 1, 2)(1, y, Tensor.Of(5.0, 5)).Evaluate());
        Assert.Equal(
            Tensor.Of(17.0, 27),
            Differentiate.Batch((ImmutableArray<Expr> a) => f(a[0], a[1], a[2]), 0)([batch, y, 7]).Evaluate());
    }

    [Fact]
    public void Several_values_batch_together()
    {
        var (value, gradient) = Differentiate.Batch(Differentiate.ValueAndGradient(Model))(Examples);
        AssertRows(value.Evaluate(), i => Model(Row(Examples, i)).Evaluate());
        AssertRows(gradient.Evaluate(), i => Differentiate.Gradient(Model, Row(Examples, i)));

        var (byX, byY) = Differentiate.Batch(Differentiate.Gradient((x, y) => x * x * y), over: [1])(3.0, Tensor.Of(1.0, 2));
        Assert.Equal(Tensor.Of(6.0, 12), byX.Evaluate());
        Assert.Equal(Tensor.Of(9.0, 9), byY.Evaluate());

        var many = Differentiate.Batch(Differentiate.Gradient((ImmutableArray<Expr> a) => a[0] * a[1] * a[1]))([Tensor.Of(1.0, 2), Tensor.Of(3.0, 4)]);
        Assert.Equal(Tensor.Of(9.0, 16), many[0].Evaluate());
        Assert.Equal(Tensor.Of(6.0, 16), many[1].Evaluate());
    }

    [Fact]
    public void What_no_example_changes_is_repeated()
    {
        Assert.Equal(Tensor.Of(5.0, 5, 5), Differentiate.Batch((Expr _) => 5)(Examples).Evaluate());
        Assert.Equal(Shape.Of(0, 2), Differentiate.Batch(x => x * 2)(Zeros([0, 2])).Evaluate().Shape);
    }

    [Fact]
    public void Each_example_has_its_own_branch()
    {
        var f = (Expr x) => Select(x > 0, Log(x), 0);
        Expr at = Tensor.Of(2.0, 0, -1);
        Assert.Equal(Tensor.Of(0.5, 0, 0), Differentiate.Batch(Differentiate.Derivative(f))(at).Evaluate());
        Assert.Equal(Tensor.Of(0.5, 0, 0), Differentiate.Gradient(x => Differentiate.Batch(f)(x).Sum())(at).Evaluate());
    }

    [Fact]
    public void Each_example_has_its_own_indices_into_its_own_entries()
    {
        var pick = Differentiate.Batch((Expr x, Expr i) => x.Gather(i));
        Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
        Assert.Equal(Tensor.Of([2, 2], [3.0, 1, 4, 4]), pick(x, Tensor.Of([2, 2], [2.0, 0, 0, 0])).Evaluate());

        // An index past the end of its own example is no entry of the next one.
        Errors.Say<IndexOutsideException>(() => pick(x, Tensor.Of([2, 1], [3.0, 0])).Evaluate(), "index 3", "0 to 2");
        Errors.Say<IndexOutsideException>(() => ((Expr[])[pick(x, Tensor.Of([2, 1], [3.0, 0]))]).Compile<double>().Invoke(Point<double>.Empty), "index 3", "0 to 2");

        var weights = Tensor.Of([2, 2], [1.0, 10, 100, 1000]);
        Assert.Equal(
            Tensor.Of([2, 3], [10.0, 0, 1, 1100, 0, 0]),
            Differentiate.Gradient(v => (pick(v, Tensor.Of([2, 2], [2.0, 0, 0, 0])) * weights).Sum())(x).Evaluate());
    }

    [Fact]
    public void Compiled_and_interpreted_batches_agree_in_value_gradient_and_hessian()
    {
        var x = Variable("x", [3, 2]);
        Expr[] results =
        [
            Differentiate.Batch(Model)(x),
            Differentiate.Batch(Differentiate.Gradient(Model))(x),
            Differentiate.Batch(Differentiate.Hessian(Model))(x),
        ];
        Assert.Empty(Agreement.Differences(results, Point.Of((x, Examples)), 1e-12));
    }

    [Theory]
    [InlineData(DifferentiationMode.Forward)]
    [InlineData(DifferentiationMode.Reverse)]
    public void A_few_directions_at_many_points_agree_compiled_and_interpreted(DifferentiationMode mode)
    {
        // Long enough for lanes to run along the points; not a multiple of any number of lanes or of a block of rows.
        const int count = 1_003;
        var f = (Expr p) => Stack([p.At(0) * Sin(p.At(1)) / (1 + p.At(2).Square()), Exp(p.At(1)) * p.At(2), p.Sum()]);
        var points = Tensor.Generate([count, 3], i => Math.Sin(i));
        var x = Variable("x", [count, 3]);
        var jacobians = Differentiate.Batch(Differentiate.Jacobian(f, mode))(x);
        Assert.Empty(Agreement.Differences([jacobians, Differentiate.Batch(f)(x)], Point.Of((x, points)), 1e-13));
        AssertRows(
            jacobians.Compile<double>().Invoke(Point.Of((x, points))).Single(),
            i => Differentiate.Jacobian(f, Row(points, i), mode));
    }

    [Fact]
    public void A_long_chain_is_batched_without_recursion()
    {
        var chain = (Expr x) =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                x += 1;
            }

            return x;
        };
        Assert.Equal(Tensor.Of(200_001.0, 200_002), Differentiate.Batch(chain)(Tensor.Of(1.0, 2)).Evaluate());
    }

    [Fact]
    public void A_primitive_of_ones_own_is_batched_by_its_rule_or_one_by_one()
    {
        Primitive Squares(BatchingRule? batch) => Primitive.Define(
            "squares",
            _ => Shape.Scalar,
            operands => operands[0].Values.ToArray().Sum(x => x * x),
            new Rule.General(
                (node, _, cotangent) => cotangent * 2 * node.Input(0),
                (node, tangents) => tangents[0] is { } t ? 2 * Dot(node.Input(0), t) : null),
            [[new Operand([3], Domain.Real)]],
            batch);

        var slow = Differentiate.Batch(x => Squares(null).Apply(x));
        Assert.Equal(Tensor.Of(5.0, 25, 0.25), slow(Examples).Evaluate());
        Assert.Equal(2 * Examples, Differentiate.Gradient(x => slow(x).Sum(), Examples));
        Assert.Equal(Shape.Of(0), slow(Zeros([0, 2])).Shape);

        var fast = Differentiate.Batch(x => Squares((_, operands, _, _) => operands[0].Square().Sum(1)).Apply(x));
        Assert.Equal(Tensor.Of(5.0, 25, 0.25), fast(Examples).Evaluate());
        Assert.True(TopologicalOrder.Of(fast(Examples)).Count < TopologicalOrder.Of(slow(Examples)).Count);

        Errors.Say<ShapeException>(
            () => Differentiate.Batch(x => Squares((_, operands, _, _) => operands[0].Square().Sum(0)).Apply(x))(Examples),
            "squares", "[2]", "[3]", "leading");
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_values()
    {
        var f = Differentiate.Batch((Expr x, Expr y) => x * y);
        Errors.Say<ShapeException>(() => f(Examples, 1), "argument 1", "scalar", "over");
        Errors.Say<ShapeException>(() => f(Examples, Tensor.Of(1.0, 2)), "argument 0", "[3, 2]", "argument 1", "[2]");
        Errors.Say<ArgumentOutOfRangeException>(() => Differentiate.Batch((Expr x, Expr y) => x * y, 2), "argument 2", "0 to 1");
        Errors.Say<ArgumentOutOfRangeException>(() => Differentiate.Batch((ImmutableArray<Expr> a) => a[0], 4)([1.0]), "4", "1 arguments");
        Assert.Throws<ArgumentNullException>(() => Differentiate.Batch((Func<Expr, Expr>)null!));
        Assert.Throws<ArgumentException>(() => Differentiate.Batch((Expr _) => null!)(Examples));

        var v = Variable("v", [2]);
        var w = Variable("w");
        Errors.Say<ShapeException>(() => v.Batch(new Dictionary<Variable, Expr> { [v] = Tensor.Of(1.0, 2) }), "v", "[2]");
        Errors.Say<ShapeException>(() => v.Batch(new Dictionary<Variable, Expr>()), "no variable");
        Errors.Say<ShapeException>(
            () => (v * w).Batch(new Dictionary<Variable, Expr> { [v] = Examples, [w] = Tensor.Of(1.0, 2) }), "3 examples", "2 for w");
    }

    private static Tensor<double> Row(Tensor<double> batch, int row) =>
        batch.Slice(row..(row + 1)).Reshape(Shape.Of(batch.Shape.Extents[1..]));

    private static void AssertRows(Tensor<double> batch, Func<int, Tensor<double>> row)
    {
        for (var i = 0; i < batch.Shape[0]; i++)
        {
            var wanted = row(i);
            Assert.Equal(wanted.Shape, Row(batch, i).Shape);
            for (var k = 0; k < wanted.Size; k++)
            {
                Assert.Equal(wanted.Values[k], Row(batch, i).Values[k], 1e-13 * Math.Max(1, Math.Abs(wanted.Values[k])));
            }
        }
    }
}
