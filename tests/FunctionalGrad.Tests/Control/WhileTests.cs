using FunctionalGrad.Tests.Compilation;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Control;

/// <summary>Loops that stop by themselves, against the steps that they take and against closed forms.</summary>
public sealed class WhileTests
{
    private readonly Variable _a = Variable("a");
    private readonly Variable _x = Variable("x", [2]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_while_is_the_steps_that_it_takes(int steps)
    {
        Expr Step(Expr s) => Sin(s) * _a + _x;
        var loop = While((_x, Constant(0)), state => state.Second < steps, state => (Step(state.First), state.Second + 1), most: 50).First;
        Expr unrolled = _x;
        for (var i = 0; i < steps; i++)
        {
            unrolled = Step(unrolled);
        }

        Unrolled.AssertSame(loop.Square().Sum() + _a.Square(), unrolled.Square().Sum() + _a.Square(), Point.Of((_a, 0.8), (_x, Tensor.Of(0.3, -1.2))));
    }

    [Fact]
    public void How_many_steps_it_takes_depends_on_the_point()
    {
        // x, halved until it is below 1: the slope is 2 to the minus number of steps.
        var loop = While(_a, s => s >= 1, s => s / 2, most: 60);
        var (compiled, gradient) = (loop.CompileWithGradient<double>(), loop.Gradient());
        foreach (var (at, slope) in new[] { (0.5, 1.0), (1.0, 0.5), (3.0, 0.25), (1000.0, Math.Pow(2, -10)), (1e15, Math.Pow(2, -50)) })
        {
            var point = Point.Of((_a, at));
            Assert.Equal(at * slope, loop.Evaluate(point).ToScalar());
            Assert.Equal(slope, gradient.Evaluate(point)[_a].ToScalar());
            Assert.Equal(at * slope, compiled.Invoke(point).Value);
            Assert.Equal(slope, compiled.Invoke(point).Gradient[_a].ToScalar());
        }
    }

    [Fact]
    public void A_square_root_by_Newton_differentiates_as_the_root()
    {
        var root = While(_a, x => Abs(x * x - _a) > 1e-13 * _a, x => (x + _a / x) / 2, most: 60);
        var at = Point.Of((_a, 7.0));
        Assert.Equal(Math.Sqrt(7), root.Evaluate(at).ToScalar(), 14);
        Assert.Equal(0.5 / Math.Sqrt(7), root.Gradient().Evaluate(at)[_a].ToScalar(), 12);
        Assert.Empty(Agreement.Differences([root, root.Gradient()[_a], root.Hessian(_a)], at, 1e-13));
    }

    [Fact]
    public void A_while_that_does_not_stop_is_an_error_that_says_where_it_stood()
    {
        var loop = While(_a, s => s > 0, s => s + 1, most: 5);
        var at = Point.Of((_a, 1.0));
        foreach (var error in new[]
        {
            Assert.Throws<LoopLimitException>(() => loop.Evaluate(at)),
            Assert.Throws<LoopLimitException>(() => loop.Compile<double>().Invoke(at)),
        })
        {
            Assert.Contains("had not stopped after 5 steps", error.Message, StringComparison.Ordinal);
            Assert.Contains("state was then 6", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(-3, loop.Compile<double>().Invoke(Point.Of((_a, -3.0)))[0].ToScalar());
    }

    [Fact]
    public void A_condition_is_a_scalar() =>
        Assert.Contains(
            "the condition has shape [2] and must be a scalar",
            Assert.Throws<ShapeException>(() => While(_x, s => s > 0, s => s, most: 5)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_fixed_point_has_the_derivatives_of_its_closed_form()
    {
        // √a by Newton, and the root of y = tanh(y)/2 + a against many steps written out.
        var at = Point.Of((_a, 5.0));
        var root = Iterate(1, x => (x + _a / x) / 2, most: 50);
        Unrolled.AssertSame(root, Sqrt(_a), at);
        Unrolled.AssertSame(Iterate(1, x => (x + _a / x) / 2, until: (x, next) => Abs(x - next) < 1e-9, most: 50), Sqrt(_a), at);
        Assert.Equal(
            3.0 / 8 * Math.Pow(5, -2.5),
            Differentiate.Derivative(Differentiate.Derivative(Differentiate.Derivative(a => Iterate(1, x => (x + a / x) / 2))), 5.0),
            11);
    }

    [Fact]
    public void A_fixed_point_of_a_vector_agrees_with_its_steps()
    {
        var matrix = Variable("matrix", [2, 2]);
        Expr Step(Expr y) => Tanh(matrix.MatMul(y)) * 0.5 + _x * _a;
        Expr unrolled = Zeros([2]);
        for (var i = 0; i < 60; i++)
        {
            unrolled = Step(unrolled);
        }

        var at = Point.Of((_a, (Tensor<double>)0.8), (_x, Tensor.Of(0.3, -1.2)), (matrix, Tensor.Of([2, 2], [0.5, -0.3, 0.2, 0.4])));
        Unrolled.AssertSame(Iterate(Zeros([2]), Step).Square().Sum(), unrolled.Square().Sum(), at);
    }

    [Fact]
    public void A_fixed_point_does_not_move_with_the_first_guess()
    {
        var guess = Variable("guess");
        var root = Iterate(guess, x => (x + _a / x) / 2);
        var at = Point.Of((guess, 1.0), (_a, 4.0));
        Assert.Equal(0, root.Gradient().Evaluate(at)[guess].ToScalar());
        Assert.Equal(0, root.Pushforward(GradientMap<Expr>.Of([(guess, 1)])).Evaluate(at).ToScalar());
    }

    [Fact]
    public void A_fixed_point_that_is_not_reached_is_an_error()
    {
        var at = Point.Of((_a, 2.0));
        Assert.Contains("had not stopped after 20 steps", Assert.Throws<LoopLimitException>(() => Iterate(1, x => x * _a, most: 20).Evaluate(at)).Message, StringComparison.Ordinal);
        Assert.Throws<LoopLimitException>(() => Iterate(1, x => Log(x - _a), most: 20).Evaluate(at));
        Assert.Throws<LoopLimitException>(() => Iterate(1, x => x * _a, most: 20).Compile<double>().Invoke(at));

        // Nor is a loop of constants run, and so refused, when it is compiled.
        var constant = Iterate(1, x => x * 2, most: 20).Compile<double>();
        Assert.Throws<LoopLimitException>(() => constant.Invoke(Point<double>.Empty));
    }

    [Fact]
    public void The_cost_is_of_the_steps_taken()
    {
        // A bound so large that its steps, or zeros for them, would take minutes.
        var loop = While((_a, Constant(0)), state => state.Second < 3, state => (Sin(state.First), state.Second + 1), most: 50_000_000).First;
        var value = loop.Compile<double>().Invoke(Point.Of((_a, 1.0)))[0].ToScalar();
        Assert.Equal(Math.Sin(Math.Sin(Math.Sin(1.0))), value, 15);
    }
}
