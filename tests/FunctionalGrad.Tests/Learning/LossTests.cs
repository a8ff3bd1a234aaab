using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class LossTests
{
    private static readonly Variable Logits = Expr.Variable("logits", [3, 4]);
    private static readonly Variable Targets = Expr.Variable("targets", [3]);
    private static readonly Tensor<double> SomeLogits = Tensor.Of([3, 4], [0.1, -0.4, 1.5, 0.3, 2.0, 0.0, -1.0, 0.7, -0.2, 0.9, 0.4, 0.1]);

    [Fact]
    public void The_gradient_of_cross_entropy_is_probability_minus_target_over_the_number_of_rows()
    {
        var at = Point.Of((Logits, SomeLogits), (Targets, Tensor.Of(2.0, 0, 3)));
        var (loss, gradient) = Loss.CrossEntropy(Logits, Targets).Evaluate(Loss.CrossEntropy(Logits, Targets).Gradient(Logits), at);
        var surprise = 0.0;
        for (var row = 0; row < 3; row++)
        {
            var total = Enumerable.Range(0, 4).Sum(j => Math.Exp(SomeLogits[row, j]));
            var target = (int)at[Targets][row];
            surprise -= Math.Log(Math.Exp(SomeLogits[row, target]) / total) / 3;
            for (var j = 0; j < 4; j++)
            {
                var expected = ((Math.Exp(SomeLogits[row, j]) / total) - (j == target ? 1 : 0)) / 3;
                Assert.Equal(expected, gradient[Logits][row, j], 1e-15);
            }
        }

        Assert.Equal(surprise, loss.ToScalar(), 1e-15);
    }

    [Fact]
    public void Cross_entropy_bears_large_logits()
    {
        var at = Point.Of((Logits, 1e4 * SomeLogits), (Targets, Tensor.Of(2.0, 0, 0)));
        var (loss, gradient) = Loss.CrossEntropy(Logits, Targets).Evaluate(Loss.CrossEntropy(Logits, Targets).Gradient(Logits), at);
        Assert.Equal(1e4 * 1.1 / 3, loss.ToScalar(), 1e-9);
        Assert.All(gradient[Logits].ToArray(), entry => Assert.True(double.IsFinite(entry)));
    }

    [Fact]
    public void A_masked_row_counts_for_nothing_even_where_it_is_infinite()
    {
        var logits = SomeLogits.ToArray();
        logits[4] = double.NegativeInfinity;
        var masked = Loss.CrossEntropy(Logits, Targets, mask: Tensor.Of(1.0, 0, 1));
        var at = Point.Of((Logits, Tensor.Of([3, 4], logits)), (Targets, Tensor.Of(2.0, 0, 3)));
        var (loss, gradient) = masked.Evaluate(masked.Gradient(Logits), at);
        Assert.Equal([0, 0, 0, 0], gradient[Logits].At(1).ToArray());

        var rows = Tensor.Of([2, 4], [.. logits[..4], .. logits[8..]]);
        Assert.Equal(Loss.CrossEntropy(rows, Tensor.Of(2.0, 3)).Evaluate().ToScalar(), loss.ToScalar(), 1e-15);
    }

    [Theory]
    [InlineData(4.0, "is out of range")]
    [InlineData(-1.0, "is out of range")]
    [InlineData(0.5, "is not a whole number")]
    public void A_target_that_is_no_class_is_an_error(double target, string says) =>
        Errors.Say<IndexOutsideException>(
            () => Loss.CrossEntropy(Logits, Targets).Evaluate(Point.Of((Logits, SomeLogits), (Targets, Tensor.Of(0.0, target, 0)))),
            says, "entry 1 of targets", "0 to 3");

    [Fact]
    public void Shapes_that_do_not_fit_are_an_error()
    {
        Errors.Say<ShapeException>(() => Loss.CrossEntropy(Logits, Logits), "[3, 4]", "last axis");
        Errors.Say<ShapeException>(() => Loss.CrossEntropy(1, 0), "cross-entropy");
        Errors.Say<ShapeException>(() => Loss.MeanSquaredError(Logits, Targets), "[3, 4]", "[3]");
        Errors.Say<ShapeException>(() => Loss.Hinge(Logits, Targets), "[3, 4]", "[3]");
    }

    [Fact]
    public void Hinge_at_its_margin_has_the_derivative_zero()
    {
        var score = Expr.Variable("score", [3]);
        var gradient = Loss.Hinge(score, Tensor.Of(1.0, 1, -1)).Gradient().Evaluate(Point.Of((score, Tensor.Of(1.0, 0, 0))));
        Assert.Equal([0, -1.0 / 3, 1.0 / 3], gradient[score].ToArray());
    }
}
