namespace FunctionalGrad.Learning;

/// <summary>Normalisations: pure functions that bring vectors to a common size.</summary>
public static class Normalisation
{
    /// <summary>
    /// Root-mean-square normalisation along the last axis, x·(mean(x²) + ε)^(−½), without gain: a vector of entries of size 1,
    /// whatever the size of x. At x = 0 it is 0, and its derivative ε^(−½).
    /// </summary>
    /// <param name="x">An expression of shape [..., width].</param>
    /// <param name="epsilon">ε above 0, which keeps the root away from 0.</param>
    /// <returns>An expression of the same shape.</returns>
    /// <exception cref="ShapeException">x is a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not a finite number above 0.</exception>
    /// <example><code>
    /// Normalisation.RootMeanSquare(Tensor.Of(1.0, -1), epsilon: 3).Evaluate();                       // [0.5, -0.5]
    /// Normalisation.RootMeanSquare(Tensor.Of([2, 2], [0.0, 0, 1, 7]), epsilon: 39).Evaluate();      // [[0, 0], [0.125, 0.875]]
    /// </code></example>
    public static Expr RootMeanSquare(Expr x, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "epsilon must be a finite number above 0, such as 1e-5");
        }

        return x * Expr.Pow(x.Square().Mean([-1], keep: true) + epsilon, -0.5);
    }
}
