using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// Logarithms over lanes: x = 2ᵏ·(1 + f) with −¼ ≤ f &lt; ½, and ln(1 + f) = f − s·(f − s²·P(s²)) with s = f/(2 + f), since
/// it is 2·artanh s.
/// </summary>
internal static class LaneLogarithm
{
    /// <summary>ln x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, ILanes<V>
    {
        var (k, f) = Parts(x);
        return OnDomain(x, Natural(k, f));
    }

    /// <summary>ln x / ln 2, exact at powers of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Binary<V>(V x)
        where V : struct, ILanes<V>
    {
        var (k, f) = Parts(x);
        return OnDomain(x, V.MultiplyAdd(f - Correction(f), V.Create(1.4426950408889634), k));
    }

    /// <summary>ln x / ln 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Decimal<V>(V x)
        where V : struct, ILanes<V>
    {
        var (k, f) = Parts(x);
        return OnDomain(x, V.MultiplyAdd(k, V.Create(0.3010299956639812), (f - Correction(f)) * V.Create(0.4342944819032518)));
    }

    /// <summary>ln(1 + x), accurate near 0 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfOnePlus<V>(V x)
        where V : struct, ILanes<V>
    {
        // What the rounding of 1 + x took away, exactly, goes back into the fraction.
        var one = V.Create(1);
        var sum = one + x;
        var x1 = sum - one;
        var lost = (one - (sum - x1)) + (x - x1);
        var (k, f) = Parts(sum);
        return OnDomain(sum, Natural(k, f + V.Scale(lost, -k)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Exponent, V FractionLessOne) Parts<V>(V x)
        where V : struct, ILanes<V>
    {
        var fraction = V.Fraction(x);
        return (V.Exponent(x) - V.Exponent(fraction), fraction - V.Create(1));
    }

    // k·ln 2 + ln(1 + f), with ln 2 as a sum of two numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Natural<V>(V k, V f)
        where V : struct, ILanes<V>
    {
        var rest = V.MultiplyAdd(k, V.Create(V.IsSingle ? 1.9046542121259336e-09 : -2.3190468138462996e-17), Correction(f));
        return V.MultiplyAdd(k, V.Create(V.IsSingle ? 0.6931471824645996 : 0.6931471805599453), f - rest);
    }

    // f − ln(1 + f)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Correction<V>(V f)
        where V : struct, ILanes<V>
    {
        var s = f / (V.Create(2) + f);
        var square = s * s;
        return s * V.MultiplyAdd(square, -Polynomial.Of(square, Coefficients<V>()), f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OnDomain<V>(V x, V value)
        where V : struct, ILanes<V>
    {
        var zero = V.Create(0);
        var infinity = V.Create(double.PositiveInfinity);
        var positive = V.Select(V.Greater(x, zero), value, V.Create(double.NaN));
        return V.Select(V.Equal(x, infinity), infinity, V.Select(V.Equal(x, zero), V.Create(double.NegativeInfinity), positive));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Coefficients<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [0.6666666269302368, 0.4000086486339569, 0.28506994247436523, 0.24100501835346222]
        :
        [
            0.6666666666666666, 0.3999999999999921, 0.2857142857170039, 0.22222222176472634, 0.1818182253253744,
            0.15384365994928875, 0.13342109022538215, 0.11579939538300414, 0.1263839893730304,
        ];
}
