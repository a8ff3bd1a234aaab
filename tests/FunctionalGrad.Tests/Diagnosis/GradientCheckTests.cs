using System.Collections.Immutable;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Diagnosis;

/// <summary>Gradients of users' functions against finite differences: right ones pass, wrong ones fail, kinks are known.</summary>
public sealed class GradientCheckTests
{
    private static readonly Primitive Wrong = Primitive.Elementwise("wrong", Math.Sin, (x, y) => Cos(x) + 1e-6);

    [Fact]
    public void A_right_gradient_passes()
    {
        var report = Differentiate.CheckGradient(x => (Sin(x) * Exp(x)).Sum(), Tensor.Of([2, 2], [0.5, -1, 2, 300.0 / 1000]));
        Assert.True(report.Passed);
        Assert.False(report.IsByDirections);
        Assert.Equal(["x[0, 0]", "x[0, 1]", "x[1, 0]", "x[1, 1]"], report.Comparisons.Select(c => c.What));
        Assert.All(report.Comparisons, c => Assert.InRange(c.RelativeError, 0, 1e-7));
        Assert.All(report.Comparisons, c => Assert.InRange(c.Step, 1e-8, 2e-2));
        Assert.StartsWith("gradient passed by 4 entries: 4 agree", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_gradient_fails_with_the_worst_entry_first()
    {
        var report = Differentiate.CheckGradient(x => (x * Tensor.Of(1.0, 5, 2)).Sum() + Wrong.Apply(x).At(1), Tensor.Of(0.5, 0.5, 0.5));
        Assert.False(report.Passed);
        Assert.Equal("x[1]", report.Worst!.What);
        Assert.Equal(GradientVerdict.Differs, report.Worst.Verdict);
        Assert.Equal(Math.Cos(0.5) + 5, report.Worst.Numeric, 1e-7);
        Assert.Equal(1e-6, report.Worst.Error, 1e-7);
        var lines = report.ToString().Split('\n');
        Assert.Equal("gradient FAILED by 3 entries: 2 agree, 1 differ", lines[0]);
        Assert.StartsWith("  x[1]: ", lines[1], StringComparison.Ordinal);
        Assert.Contains("DIFFERS", lines[1], StringComparison.Ordinal);
        Assert.True(Differentiate.CheckGradient(x => Wrong.Apply(x), 0.5, new(Tolerance: 1e-5)).Passed);
    }

    [Fact]
    public void Kinks_are_recognised()
    {
        var report = Differentiate.CheckGradient(x => Abs(x).Sum(), Tensor.Of(0.0, 1.0));
        Assert.True(report.Passed);
        Assert.Equal([GradientVerdict.Kink, GradientVerdict.Agrees], report.Comparisons.Select(c => c.Verdict));
        Assert.Equal(-1, report.Comparisons[0].Left, 1e-9);
        Assert.Equal(1, report.Comparisons[0].Right, 1e-9);
        var relu = Differentiate.CheckGradient(x => Relu(x), 0.0);
        Assert.Contains("at a kink or a jump: the slope is 0 from the left and 1 from the right", relu.ToString(), StringComparison.Ordinal);

        Assert.Equal(GradientVerdict.Kink, Differentiate.CheckGradient(x => Sign(x), 0.0).Worst!.Verdict);
        Assert.Equal(GradientVerdict.Kink, Differentiate.CheckGradient(x => Floor(x), 1.0).Worst!.Verdict);
        Assert.Equal(GradientVerdict.Kink, Differentiate.CheckGradient(x => Maximum(x, 2 * x), 0.0).Worst!.Verdict);

        // A kink is no excuse for a derivative beyond both slopes.
        var steep = Primitive.Elementwise("steep", Math.Abs, (x, y) => 3);
        Assert.Equal(GradientVerdict.Differs, Differentiate.CheckGradient(x => steep.Apply(x), 0.0).Worst!.Verdict);

        // Nor is a small error of a smooth function taken for one.
        Assert.Equal(GradientVerdict.Differs, Differentiate.CheckGradient(x => Wrong.Apply(x), 0.0).Worst!.Verdict);
    }

    [Fact]
    public void What_is_not_finite_fails_and_says_so()
    {
        var report = Differentiate.CheckGradient(x => Sqrt(x), 0.0);
        Assert.False(report.Passed);
        Assert.Equal(GradientVerdict.NotFinite, report.Worst!.Verdict);
        Assert.Contains("ExplainNonFiniteGradient", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_arguments_and_expressions()
    {
        var two = Differentiate.CheckGradient((x, y) => (x * y).Sum(), Tensor.Of(1.0, 2), 3.0);
        Assert.True(two.Passed);
        Assert.Equal(["x[0]", "x[1]", "y"], two.Comparisons.Select(c => c.What));
        ImmutableArray<Tensor<double>> many = [1.0, 2.0, 3.0, 4.0];
        Assert.Equal(4, Differentiate.CheckGradient(a => a[0] * a[1] * a[2] / a[3], many).Comparisons.Length);
        var (w, b) = (Variable("weight"), Variable("bias"));
        var report = Tanh((w * 2) + b).CheckGradient(Point.Of((w, 0.5), (b, 0.25)));
        Assert.True(report.Passed);
        Assert.Equal(["weight", "bias"], report.Comparisons.Select(c => c.What));
        Errors.Say<ShapeException>(() => Differentiate.CheckGradient(x => x, Tensor.Of(1.0, 2)), "[2]", "Sum");
    }

    [Fact]
    public void Opaque_functions_with_gradients_written_by_hand()
    {
        var at = Tensor.Of(1.0, 2.0);
        double Value(Tensor<double> x) => x[0] * x[0] * x[1];
        Assert.True(Differentiate.CheckGradient(Value, x => Tensor.Of(2 * x[0] * x[1], x[0] * x[0]), at).Passed);
        Assert.False(Differentiate.CheckGradient(Value, x => Tensor.Of(2 * x[0] * x[1], x[0] + 1e-3), at).Passed);
        Errors.Say<ShapeException>(() => Differentiate.CheckGradient(Value, x => 1.0, at), "[2]", "[]");
    }

    [Fact]
    public void Large_arguments_are_checked_along_directions()
    {
        var at = Tensor.Generate([40, 30], i => Math.Sin(i));
        var right = Differentiate.CheckGradient(x => Sin(x).Sum(), at);
        Assert.True(right.Passed);
        Assert.True(right.IsByDirections);
        Assert.Equal(16, right.Comparisons.Length);
        Assert.Contains("along 16 random directions (seed 1)", right.Summary, StringComparison.Ordinal);

        // One wrong entry of 1,200 shows along every direction.
        var slip = Tensor.Generate([40, 30], i => i == 77 ? 1.0 : 0);
        var offset = Primitive.Elementwise("off", x => x, (x, y) => 1.01);
        var wrong = Differentiate.CheckGradient(x => (Sin(x) + (slip * offset.Apply(x))).Sum(), at, new(Directions: 4, Seed: 5));
        Assert.False(wrong.Passed);
        Assert.All(wrong.Comparisons, c => Assert.Equal(GradientVerdict.Differs, c.Verdict));
        Assert.Equal(wrong.ToString(), Differentiate.CheckGradient(x => (Sin(x) + (slip * offset.Apply(x))).Sum(), at, new(Directions: 4, Seed: 5)).ToString());
    }

    [Fact]
    public void Large_values_are_moved_by_larger_steps() =>
        Assert.True(Differentiate.CheckGradient(x => Sqrt(x), 1e9).Passed);
}
