using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Evaluation;

public sealed class InterpreterTests
{
    private readonly Variable _x = Variable("x");

    [Fact]
    public void Both_precisions_compute_every_step_in_their_own()
    {
        Expr f = (_x / 3) + Exp(_x);
        Assert.Equal((0.1 / 3) + Math.Exp(0.1), f.Evaluate(Point.Of((_x, 0.1))).ToScalar());
        Assert.Equal((0.1f / 3f) + MathF.Exp(0.1f), f.Evaluate(Point<float>.Of((_x, 0.1f))).ToScalar());

        // 1e30² overflows in single precision alone.
        Assert.Equal(1e60, _x.Square().Evaluate(Point.Of((_x, 1e30))).ToScalar(), 1e46);
        Assert.Equal(float.PositiveInfinity, _x.Square().Evaluate(Point<float>.Of((_x, 1e30f))).ToScalar());
    }

    [Fact]
    public void A_constant_is_rounded_to_the_precision_asked_for() =>
        Assert.Equal(0.1f, Expr.Constant(0.1).Evaluate(Point<float>.Empty).ToScalar());

    [Fact]
    public void What_expressions_share_is_computed_once()
    {
        var ran = 0;
        var shared = Recording(() => ran++).Apply(_x);
        var values = Interpreter<double>.Evaluate([shared + 1, shared * shared, shared], Point.Of((_x, 3.0)));
        Assert.Equal([4.0, 9.0, 3.0], values.Select(value => value.ToScalar()));
        Assert.Equal(1, ran);
    }

    [Fact]
    public void Nothing_is_remembered_between_two_calls()
    {
        var ran = 0;
        Expr f = Recording(() => ran++).Apply(_x);
        _ = f.Evaluate(Point.Of((_x, 1.0)));
        Assert.Equal(2, f.Evaluate(Point.Of((_x, 2.0))).ToScalar());
        Assert.Equal(2, ran);
    }

    [Fact]
    public void An_unbound_variable_is_found_before_any_work()
    {
        var y = Variable("y", [2]);
        var z = Variable("z");
        NoWork(
            work => Interpreter<double>.Evaluate([work + y, z], Point.Of((_x, 1.0))),
            typeof(UnboundVariableException), "assigns nothing to y [2], z", "it assigns x", "Point.Of");
        NoWork(
            work => work.Substitute(_x, z).Evaluate(),
            typeof(UnboundVariableException), "assigns nothing to z", "nothing at all");
        NoWork(
            work => (work + Variable("x")).Evaluate(Point.Of((_x, 1.0))),
            typeof(UnboundVariableException), "another variable of the same name", "by reference", "keep the one");
    }

    [Fact]
    public void Many_unbound_variables_are_listed_abridged()
    {
        Expr sum = _x;
        for (var i = 0; i < 100; i++)
        {
            sum += Variable($"w{i}");
        }

        Errors.Say<UnboundVariableException>(() => sum.Evaluate(Point.Of((_x, 1.0))), "w0, w1", "w9, … (100 in all)");
    }

    [Fact]
    public void A_misshapen_value_cannot_even_be_given() =>
        Errors.Say<ShapeException>(() => Point.Of((Variable("v", [3]), Tensor.Of(1.0, 2.0))), "v has shape [3]", "[2]");

    [Theory]
    [InlineData(3.0, "index 3", "out of range")]
    [InlineData(-1.0, "index -1", "out of range")]
    [InlineData(0.5, "index 0.5", "not a whole number")]
    [InlineData(double.NaN, "index NaN", "not a whole number")]
    [InlineData(double.PositiveInfinity, "index Infinity", "")]
    public void A_bad_index_of_a_variable_or_a_constant_is_found_before_any_work(double index, string which, string problem)
    {
        var v = Variable("v", [3]);
        var indices = Variable("indices", [2]);
        var at = Point.Of((_x, 1.0), (v, Tensor.Of(1.0, 2, 3)), (indices, Tensor.Of(0, index)));
        string[] parts = ["gather", which, "entry 1 of indices", problem, "3 entries", "0 to 2"];
        NoWork(work => ((v * work).Gather(indices) * work).Evaluate(at), typeof(IndexOutsideException), parts);
        NoWork(
            work => ((v * work).Gather(Tensor.Of(0, index)) * work).Evaluate(at),
            typeof(IndexOutsideException), "gather", which, "entry 1 of the constant", problem);
        NoWork(
            work => ScatterAdd(Tensor.Of(1.0, 1) * work, indices, 0, 3).Evaluate(at),
            typeof(IndexOutsideException), which, "entry 1 of indices", "3 entries");
    }

    [Fact]
    public void A_bad_index_that_is_computed_is_found_when_it_is_known()
    {
        var v = Variable("v", [3]);
        Expr gathered = v.Gather(Stack([_x + 1, _x]));
        Assert.Equal(Tensor.Of(30.0, 20), gathered.Evaluate(Point.Of((v, Tensor.Of(10.0, 20, 30)), (_x, 1.0))));
        Errors.Say<IndexOutsideException>(
            () => gathered.Evaluate(Point.Of((v, Tensor.Of(10.0, 20, 30)), (_x, 2.0))), "gather", "index 3", "entry 0", "3 entries", "0 to 2");
    }

    [Fact]
    public void The_order_may_be_given()
    {
        var y = Variable("y");
        Expr a = _x + 1;
        Expr b = y * 2;
        Expr root = a * b;
        var (one, two) = (((Application)a).Input(1), ((Application)b).Input(1));
        var at = Point.Of((_x, 2.0), (y, 5.0));
        foreach (var sequence in new Expr[][] { [_x, one, a, y, two, b, root], [y, two, b, one, _x, a, root] })
        {
            var order = TopologicalOrder.FromSequence(sequence);
            Assert.Equal(30, Interpreter<double>.Evaluate(order, [root], at)[0].ToScalar());
            Assert.Equal([3.0, 10.0], Interpreter<double>.Evaluate(order, [a, b], at).Select(value => value.ToScalar()));
        }

        Errors.Say<ArgumentException>(
            () => Interpreter<double>.Evaluate(TopologicalOrder.Of(a), [b], at), "not part of this graph");
    }

    [Fact]
    public void A_value_and_its_gradient_are_computed_together()
    {
        var (value, gradient) = (_x.Square() * 3).ValueAndGradient(Point.Of((_x, 2.0)));
        Assert.Equal(12, value.ToScalar());
        Assert.Equal(12, gradient[_x].ToScalar());
    }

    [Fact]
    public void Evaluating_without_a_point_needs_an_expression_without_variables()
    {
        Assert.Equal(3, (Expr.Constant(1) + 2).Evaluate().ToScalar());
        Errors.Say<UnboundVariableException>(() => _x.Evaluate(), "assigns nothing to x", "nothing at all", "Point.Of");
    }

    // A primitive whose kernel tells that it ran.
    private static Primitive Recording(Action ran) => Primitive.Elementwise(
        "recording",
        x =>
        {
            ran();
            return x;
        },
        (x, y) => 1);

    private void NoWork(Action<Expr> evaluate, Type exception, params string[] says)
    {
        var ran = 0;
        var work = Recording(() => ran++).Apply(_x);
        var error = Record.Exception(() => evaluate(work));
        Assert.IsType(exception, error);
        Assert.All(says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(0, ran);
    }
}
