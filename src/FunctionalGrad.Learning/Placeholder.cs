namespace FunctionalGrad.Learning;

/// <summary>Holds the place of the first type of this library.</summary>
public static class Placeholder
{
    /// <summary>One step of gradient descent on <c>x * x</c>.</summary>
    /// <param name="x">Any real number.</param>
    /// <param name="rate">The learning rate.</param>
    /// <returns>The next <paramref name="x"/>.</returns>
    public static double Step(double x, double rate) => x - rate * FunctionalGrad.Placeholder.DerivativeOfSquare(x);
}
