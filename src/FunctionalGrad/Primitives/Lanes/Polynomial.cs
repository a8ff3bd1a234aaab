using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Polynomials over lanes.</summary>
internal static class Polynomial
{
    /// <summary>Σ cₖ·xᵏ by even and odd powers, two chains that run side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, ReadOnlySpan<double> coefficients)
        where V : struct, ILanes<V>
    {
        var square = x * x;
        var last = coefficients.Length - 1;
        var one = V.Create(coefficients[last]);
        var other = V.Create(coefficients[last - 1]);
        var k = last - 2;
        for (; k > 0; k -= 2)
        {
            one = V.MultiplyAdd(one, square, V.Create(coefficients[k]));
            other = V.MultiplyAdd(other, square, V.Create(coefficients[k - 1]));
        }

        // With an odd number of coefficients the first chain is the one of even powers.
        return k == 0
            ? V.MultiplyAdd(other, x, V.MultiplyAdd(one, square, V.Create(coefficients[0])))
            : V.MultiplyAdd(one, x, other);
    }
}
