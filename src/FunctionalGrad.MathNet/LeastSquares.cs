using MathNet.Numerics.LinearAlgebra;

namespace FunctionalGrad.Solvers;

/// <summary>
/// Non-linear least squares: parameters that make Σ rᵢ² least, with their standard errors. Levenberg–Marquardt with exact
/// Jacobians, each step by a QR decomposition of MathNet.Numerics; then Gauss–Newton steps for as long as they get shorter,
/// which exact derivatives carry to the last digits.
/// </summary>
/// <example><code>
/// // y = a·exp(−b·x) through four points.
/// var (x, y) = (Tensor.Of(0.0, 1, 2, 3), Tensor.Of(2.0, 1.2, 0.75, 0.45));
/// var fit = LeastSquares.Fit(p => p.At(0) * Expr.Exp(-p.At(1) * x) - y, Tensor.Of(1.0, 1.0));
/// Math.Round(fit.At[1], 4);                  // 0.4969
/// fit.DegreesOfFreedom;                      // 2
/// </code></example>
public static class LeastSquares
{
    /// <summary>Fits the parameters of a function of one tensor.</summary>
    /// <param name="residuals">From the parameters to the residuals, observed less modelled or the other way round.</param>
    /// <param name="start">Where to begin; it gives the parameters their shape.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    /// <exception cref="ArgumentException">There are fewer residuals than parameters, or the start, or a residual or a
    /// derivative there, is not finite.</exception>
    /// <exception cref="NoConvergenceException">No minimum was found, or the residuals do not tell the parameters apart.</exception>
    public static LeastSquaresFit<Tensor<double>> Fit(
        Func<Expr, Expr> residuals, Tensor<double> start, int maximumIterations = 1000)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        ArgumentNullException.ThrowIfNull(start);
        var x = Expr.Variable("x", start.Shape);
        var fit = Fit(residuals(x), new Packing([x]), start.ToVector(), maximumIterations);
        return new(
            fit.At[x], fit.StandardErrors[x], fit.Residuals, fit.SumOfSquares, fit.StandardDeviation, fit.DegreesOfFreedom, fit.Covariance, fit.Iterations);
    }

    /// <summary>Fits the variables of a point.</summary>
    /// <param name="residuals">The residuals, an expression of any shape.</param>
    /// <param name="start">Where to begin: a value for each variable of the expression.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    /// <exception cref="UnboundVariableException">The start lacks a variable of the expression.</exception>
    /// <exception cref="ArgumentException">There are fewer residuals than parameters, or the start, or a residual or a
    /// derivative there, is not finite.</exception>
    /// <exception cref="NoConvergenceException">No minimum was found, or the residuals do not tell the parameters apart.</exception>
    public static LeastSquaresFit<Point<double>> Fit(Expr residuals, Point<double> start, int maximumIterations = 1000)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        ArgumentNullException.ThrowIfNull(start);
        var packing = new Packing([.. start.Variables]);
        return Fit(residuals, packing, packing.ToVector(variable => start[variable]), maximumIterations);
    }

    private static LeastSquaresFit<Point<double>> Fit(Expr residuals, Packing packing, Vector<double> start, int maximumIterations)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumIterations);
        if (residuals.Shape.Size < packing.Size || packing.Size == 0)
        {
            throw new ArgumentException(
                $"least squares: {residuals.Shape.Size} residuals for {packing.Size} parameters; give at least one parameter, and at least as many observations as parameters");
        }

        var descent = new LeastSquaresDescent(residuals, packing, start);
        descent.Descend(maximumIterations);
        descent.Polish();
        var (factor, scales) = descent.Factor();
        var freedom = residuals.Shape.Size - packing.Size;
        var variance = descent.SumOfSquares / freedom;
        var inverse = factor.Inverse();
        var covariance = inverse.TransposeAndMultiply(inverse).MapIndexed((i, j, entry) => variance * entry / (scales[i] * scales[j]));
        return new(
            packing.ToPoint(descent.At),
            packing.ToPoint(covariance.Diagonal().PointwiseSqrt()),
            descent.Residuals.ToTensor().Reshape(residuals.Shape),
            descent.SumOfSquares,
            Math.Sqrt(variance),
            freedom,
            covariance.ToTensor(),
            descent.Iterations);
    }
}

/// <summary>Fitted parameters, and how well they are known.</summary>
/// <typeparam name="TPoint">How parameters are given: a tensor, or a point with a value for each variable.</typeparam>
/// <param name="At">The parameters.</param>
/// <param name="StandardErrors">Their standard errors σ·√((JᵀJ)⁻¹ᵢᵢ); NaN where no degree of freedom is left.</param>
/// <param name="Residuals">The residuals there.</param>
/// <param name="SumOfSquares">Σ rᵢ².</param>
/// <param name="StandardDeviation">The residual standard deviation σ = √(Σ rᵢ² / degrees of freedom).</param>
/// <param name="DegreesOfFreedom">How many residuals there are beyond the parameters.</param>
/// <param name="Covariance">σ²·(JᵀJ)⁻¹, rows and columns in the order of the parameters.</param>
/// <param name="Iterations">How many steps were tried.</param>
public sealed record LeastSquaresFit<TPoint>(
    TPoint At,
    TPoint StandardErrors,
    Tensor<double> Residuals,
    double SumOfSquares,
    double StandardDeviation,
    int DegreesOfFreedom,
    Tensor<double> Covariance,
    int Iterations);
