using FunctionalGrad.Solvers;
using MathNet.Numerics.Optimization;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Solvers;

public sealed class MinimiserTests
{
    private static readonly Func<Expr, Expr> Valley = x =>
        (1 - x.Slice(..^1)).Square().Sum() + (100 * (x.Slice(1..) - x.Slice(..^1).Square()).Square().Sum());

    public static TheoryData<string> Methods => ["BFGS", "L-BFGS", "BFGS-B", "Newton's method"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_goes_down_the_valley(string name)
    {
        var minimum = Named(name).Minimise(Valley, Tensor.Of(-1.2, 1.0));
        Assert.Equal(1, minimum.At[0], 1e-6);
        Assert.Equal(1, minimum.At[1], 1e-6);
        Assert.InRange(minimum.Value, 0, 1e-12);
        Assert.InRange(minimum.GradientNorm, 0, 1e-5);
        Assert.InRange(minimum.Iterations, 1, 1000);
        Assert.NotEmpty(minimum.Reason);
    }

    // In a curved valley they take thousands of steps; on what is nearly a bowl, few.
    [Fact]
    public void Conjugate_gradients_go_down_a_bowl()
    {
        var minimum = Minimiser.ConjugateGradient().Minimise(
            x => (x.Square() * Tensor.Of(1.0, 4, 9)).Sum() + Exp(x).Sum(), Tensor.Of(1.0, -1, 2));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(0, (2 * (i + 1) * (i + 1) * minimum.At[i]) + Math.Exp(minimum.At[i]), 1e-7);
        }
    }

    [Fact]
    public void Newton_comes_to_the_last_digit_in_few_steps()
    {
        var minimum = Minimiser.Newton(1e-10).Minimise(x => Exp(x).Sum() - (x * Tensor.Of(2.0, 3, 4)).Sum(), Tensor.Of(0.0, 0, 0));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Math.Log(i + 2), minimum.At[i], 1e-14);
        }

        Assert.InRange(minimum.Iterations, 1, 10);
    }

    [Fact]
    public void Variables_of_a_point_move_together()
    {
        var (a, b) = (Variable("a"), Variable("b", [2]));
        Expr f = (a - 3).Square() + (b - a).Square().Sum();
        var minimum = Minimiser.Bfgs().Minimise(f, Point.Of((a, Tensor.Scalar(0.0)), (b, Tensor.Of(1.0, -1))));
        Assert.Equal(3, minimum.At[a].ToScalar(), 1e-7);
        Assert.Equal(3, minimum.At[b][1], 1e-7);
    }

    [Fact]
    public void Bounds_hold()
    {
        var minimum = Minimiser.BoundedBfgs(Tensor.Of(-2.0, -2), Tensor.Of(0.5, 2)).Minimise(Valley, Tensor.Of(-1.2, 1.0));
        Assert.Equal(0.5, minimum.At[0], 1e-9);
        Assert.Equal(0.25, minimum.At[1], 1e-6);
    }

    [Fact]
    public void Any_minimiser_of_MathNet_may_have_the_objective()
    {
        var x = Variable("x", [2]);
        var found = new NewtonMinimizer(1e-10, 100).FindMinimum(Objective.WithHessian(Exp(x).Sum() - x.Sum(), x), Tensor.Of(1.0, 2).ToVector());
        Assert.Equal(0, found.MinimizingPoint.L2Norm(), 1e-9);
        var gradient = Objective.WithGradient(x.Square().Sum());
        gradient.EvaluateAt(Tensor.Of(1.0, 2).ToVector());
        Assert.Equal(Tensor.Of(2.0, 4), gradient.Gradient.ToTensor());
    }

    [Fact]
    public void What_cannot_begin_is_said()
    {
        var (a, b) = (Variable("a"), Variable("b", [2]));
        Errors.Say<ArgumentException>(
            () => Minimiser.Bfgs().Minimise(a + b.Sum(), Point.Of((a, Tensor.Scalar(1.0)), (b, Tensor.Of(1.0, double.NaN)))), "BFGS", "b[1] is NaN");
        Errors.Say<ArgumentException>(
            () => Minimiser.Newton().Minimise(Log(a), Point.Of((a, Tensor.Scalar(-1.0)))), "Newton", "the value is NaN");
        Errors.Say<ArgumentException>(
            () => Minimiser.Bfgs().Minimise(x => Sqrt(x).Sum(), Tensor.Of(1.0, 0)), "the derivative by x[1]");
        Errors.Say<UnboundVariableException>(() => Minimiser.Bfgs().Minimise(a * b.Sum(), Point.Of((a, Tensor.Scalar(1.0)))), "b");
        Errors.Say<ShapeException>(() => Minimiser.Bfgs().Minimise(x => x, Tensor.Of(1.0, 0)), "[2]", "scalar");
        Errors.Say<ArgumentException>(
            () => Minimiser.BoundedBfgs(Tensor.Of(0.0), Tensor.Of(1.0)).Minimise(Valley, Tensor.Of(0.5, 0.5)), "1 lower", "2 entries");
        Errors.Say<ArgumentException>(
            () => Minimiser.BoundedBfgs(Tensor.Of(0.0, 2), Tensor.Of(1.0, 1)).Minimise(Valley, Tensor.Of(0.5, 0.5)), "x[1]", "2 and 1");
    }

    [Fact]
    public void What_does_not_end_is_said_with_how_far_it_came()
    {
        var error = Assert.Throws<NoConvergenceException>(() => Minimiser.Newton(maximumIterations: 2).Minimise(Valley, Tensor.Of(-1.2, 1.0)));
        Assert.True(error.Iterations > 0 && double.IsFinite(error.LastNorm));
        Assert.Contains($"after {error.Iterations} evaluations", error.Message, StringComparison.Ordinal);
        Assert.Contains("more iterations", error.Message, StringComparison.Ordinal);
    }

    private static Minimiser Named(string name) => name switch
    {
        "BFGS" => Minimiser.Bfgs(),
        "L-BFGS" => Minimiser.LimitedMemoryBfgs(),
        "BFGS-B" => Minimiser.BoundedBfgs(Tensor.Of(-5.0, -5), Tensor.Of(5.0, 5)),
        _ => Minimiser.Newton(),
    };
}
