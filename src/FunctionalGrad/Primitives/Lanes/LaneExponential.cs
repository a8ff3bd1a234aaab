using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// The exponential and what follows from it, over lanes: eˣ = 2ⁿ·eʳ with a whole n and |r| ≤ ½·ln 2, where
/// eʳ = 1 + r + r²·Q(r) for a polynomial Q of least greatest error.
/// </summary>
internal static class LaneExponential
{
    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, ILanes<V> => OfSum(x, V.Create(0));

    /// <summary>eˣ⁺ᵈ where d is at most a rounding error of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfSum<V>(V x, V rest)
        where V : struct, ILanes<V>
    {
        // Beyond these bounds it rounds to 0 and overflows, and so does what is computed at them.
        var bounded = V.Clamp(x, V.Create(V.IsSingle ? -106 : -747), Greatest<V>());
        var n = Whole(bounded);
        return V.Scale(V.Create(1) + MinusOne(Remainder(bounded, n) + rest), n);
    }

    /// <summary>eˣ − 1, accurate near 0 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LessOne<V>(V x)
        where V : struct, ILanes<V>
    {
        // Far below 0 it is −1 long before 2⁻ⁿ would overflow.
        var bounded = V.Clamp(x, V.Create(V.IsSingle ? -20 : -40), Greatest<V>());
        var n = Whole(bounded);
        return V.Scale(LessOneScaled(bounded, n), n);
    }

    /// <summary>sinh x for x ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V HyperbolicSine<V>(V x)
        where V : struct, ILanes<V>
    {
        // With a = eˣ − 1 it is ½·(a + a/(a + 1)), scaled last, since eˣ overflows before its half.
        var bounded = V.Clamp(x, -Greatest<V>(), Greatest<V>());
        var n = Whole(bounded);
        var scaled = LessOneScaled(bounded, n);
        return V.Scale(scaled + (scaled / (V.Scale(scaled, n) + V.Create(1))), n - V.Create(1));
    }

    /// <summary>½·eˣ for x ≥ 0, which overflows later than eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Half<V>(V x)
        where V : struct, ILanes<V>
    {
        var bounded = V.Clamp(x, -Greatest<V>(), Greatest<V>());
        var n = Whole(bounded);
        return V.Scale(V.Create(1) + MinusOne(Remainder(bounded, n)), n - V.Create(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Greatest<V>()
        where V : struct, ILanes<V> => V.Create(V.IsSingle ? 91 : 712);

    // Adding 1½·2⁵² (or 2²³) leaves no digit behind the point; and it gives 0 for −0, so that −n·ln 2 + x keeps a −0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Whole<V>(V x)
        where V : struct, ILanes<V>
    {
        var shift = V.Create(V.IsSingle ? 12582912.0 : 6755399441055744.0);
        return V.MultiplyAdd(x, V.Create(1.4426950408889634), shift) - shift;
    }

    // ln 2 as a sum of two numbers. The first product cancels with x exactly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<V>(V x, V n)
        where V : struct, ILanes<V>
    {
        var first = V.MultiplyAdd(n, V.Create(V.IsSingle ? -0.6931471824645996 : -0.6931471805599453), x);
        return V.MultiplyAdd(n, V.Create(V.IsSingle ? 1.9046542121259336e-09 : -2.3190468138462996e-17), first);
    }

    // (eˣ − 1)·2⁻ⁿ = (eʳ − 1) + (1 − 2⁻ⁿ)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LessOneScaled<V>(V x, V n)
        where V : struct, ILanes<V> => MinusOne(Remainder(x, n)) + (V.Create(1) - V.Scale(V.Create(1), -n));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MinusOne<V>(V r)
        where V : struct, ILanes<V> => V.MultiplyAdd(r * r, Polynomial.Of(r, Coefficients<V>()), r);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Coefficients<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [0.5, 0.166665181517601, 0.04166620597243309, 0.008368957787752151, 0.0013950568391010165]
        :
        [
            0.5000000000000012, 0.166666666666667, 0.041666666666519615, 0.008333333333307458, 0.0013888888946228027,
            0.00019841269917069234, 2.480149052372494e-05, 2.755721643032444e-06, 2.7631137634148036e-07, 2.5117856598884462e-08,
        ];
}
