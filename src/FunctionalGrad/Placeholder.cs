namespace FunctionalGrad;

/// <summary>Holds the place of the first type of this library.</summary>
public static class Placeholder
{
    /// <summary>The derivative of <c>x * x</c> at <paramref name="x"/>.</summary>
    /// <param name="x">Any real number.</param>
    /// <returns><c>2 * x</c>.</returns>
    public static double DerivativeOfSquare(double x) => 2 * x;
}
