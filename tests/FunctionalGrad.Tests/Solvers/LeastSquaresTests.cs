using FunctionalGrad.Solvers;
using MathNet.Numerics.Optimization;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Solvers;

public sealed class LeastSquaresTests
{
    [Fact]
    public void A_straight_line_is_the_one_of_the_formula()
    {
        var x = Tensor.Of(1.0, 2, 3, 4, 5);
        var y = Tensor.Of(2.1, 3.9, 6.2, 7.8, 10.1);
        var (a, b) = (Variable("a"), Variable("b"));
        var fit = LeastSquares.Fit(a + (b * x) - y, Point.Of((a, Tensor.Scalar(0.0)), (b, Tensor.Scalar(0.0))));
        Assert.Equal(1.99, fit.At[b].ToScalar(), 1e-13);
        Assert.Equal(0.05, fit.At[a].ToScalar(), 1e-13);

        // σ² = Σr²/3, and the variance of the slope is σ²/Σ(x − x̄)² = σ²/10.
        Assert.Equal(3, fit.DegreesOfFreedom);
        Assert.Equal(Math.Sqrt(fit.SumOfSquares / 3), fit.StandardDeviation, 1e-15);
        Assert.Equal(fit.StandardDeviation / Math.Sqrt(10), fit.StandardErrors[b].ToScalar(), 1e-14);
        Assert.Equal(fit.StandardErrors[b].ToScalar(), Math.Sqrt(fit.Covariance[1, 1]), 1e-15);
        Assert.Equal(fit.SumOfSquares, fit.Residuals.ToArray().Sum(r => r * r), 1e-14);
    }

    [Fact]
    public void What_fits_exactly_has_no_error()
    {
        var x = Tensor.Of(0.0, 1, 2, 3, 4);
        var fit = LeastSquares.Fit(p => (p.At(0) * Exp(p.At(1) * x)) - (2 * Exp(-0.5 * x)), Tensor.Of(1.0, 0.1));
        Assert.Equal(2, fit.At[0], 1e-12);
        Assert.Equal(-0.5, fit.At[1], 1e-12);
        Assert.InRange(fit.SumOfSquares, 0, 1e-25);
    }

    [Fact]
    public void MathNet_s_own_takes_the_model_too()
    {
        var p = Variable("p", [2]);
        Expr residuals = (p.At(0) * (1 - Exp(-p.At(1) * NistSets.Misra1a.X))) - NistSets.Misra1a.Y;
        var found = new LevenbergMarquardtMinimizer().FindMinimum(Objective.OfResiduals(residuals, p), Tensor.Of(250.0, 0.0005).ToVector());
        Assert.Equal(2.3894212918e+02, found.MinimizingPoint[0], 1e-3);
        Assert.Equal(5.5015643181e-04, found.MinimizingPoint[1], 1e-8);
    }

    [Fact]
    public void What_cannot_be_fitted_is_said()
    {
        var x = Tensor.Of(1.0, 2, 3);
        Errors.Say<ArgumentException>(() => LeastSquares.Fit(p => p.At(0) * x.At(0), Tensor.Of(1.0, 2)), "1 residuals for 2 parameters");
        Errors.Say<ArgumentException>(() => LeastSquares.Fit(p => p.At(0) * x, Tensor.Of(double.NaN)), "x[0] is NaN");
        Errors.Say<ArgumentException>(() => LeastSquares.Fit(p => Log(p.At(0) - x), Tensor.Of(2.5)), "residual 2 is NaN", "begin where");
        Errors.Say<ArgumentException>(() => LeastSquares.Fit(p => Sqrt(p.At(0) + 2 - x), Tensor.Of(1.0)), "the derivative of residual 2 by x[0]");
        Errors.Say<NoConvergenceException>(() => LeastSquares.Fit(p => ((p.At(0) + p.At(1)) * x) - 1, Tensor.Of(1.0, 2)), "do not tell x[1]");
        Errors.Say<NoConvergenceException>(() => LeastSquares.Fit(p => Exp(-p.At(0)) * x, Tensor.Of(0.0)), "Σr²", "begin nearer");
        var error = Assert.Throws<NoConvergenceException>(() =>
            LeastSquares.Fit(p => (p.At(0) * Exp(p.At(1) * x)) - Tensor.Of(3.0, 1, 4), Tensor.Of(50.0, 5), maximumIterations: 2));
        Assert.Contains("after 2 iterations", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Iterations);
        Assert.True(error.LastNorm > 0);
    }
}
