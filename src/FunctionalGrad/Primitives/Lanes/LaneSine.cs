using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// Sine, cosine and tangent over lanes, of angles within <see cref="Bound"/>: a multiple of ½π is subtracted, as a sum of
/// three numbers of which the first product cancels exactly, and polynomials for sine and cosine serve what is left. All
/// three begin alike, so that code which takes several of one angle does that once.
/// </summary>
internal static class LaneSine
{
    /// <summary>How large an angle may be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Bound<V>()
        where V : struct, ILanes<V> => V.Create(V.IsSingle ? 32768 : 1073741824);

    /// <summary>sin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sine<V>(V x)
        where V : struct, ILanes<V>
    {
        // sin(r + n·½π) is sin r, cos r, −sin r and −cos r in turn: n's lowest bit chooses and the next is a sign.
        var (sine, cosine, turns) = Parts(x);
        return V.Xor(V.SelectNegative(Lowest(turns), cosine, sine), V.And(Next(turns), V.Create(-0.0)));
    }

    /// <summary>cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosine<V>(V x)
        where V : struct, ILanes<V>
    {
        // cos(r + n·½π) is cos r, −sin r, −cos r and sin r in turn.
        var (sine, cosine, turns) = Parts(x);
        var lowest = Lowest(turns);
        return V.Xor(V.SelectNegative(lowest, sine, cosine), V.And(V.Xor(Next(turns), lowest), V.Create(-0.0)));
    }

    /// <summary>tan x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tangent<V>(V x)
        where V : struct, ILanes<V>
    {
        // tan(r + n·½π) is tan r for an even n and −1/tan r for an odd one.
        var (sine, cosine, turns) = Parts(x);
        var lowest = Lowest(turns);
        var quotient = V.SelectNegative(lowest, cosine, sine) / V.SelectNegative(lowest, sine, cosine);
        return V.Xor(quotient, V.And(lowest, V.Create(-0.0)));
    }

    // sin r, cos r and what has n in its lowest bits, where x = r + n·½π and |r| ≤ ¼π.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Sine, V Cosine, V Turns) Parts<V>(V x)
        where V : struct, ILanes<V>
    {
        // Adding the shift leaves no digit behind the point, and gives 0 for −0.
        var shift = V.Create(V.IsSingle ? 12582912.0 : 6755399441055744.0);
        var turns = V.MultiplyAdd(x, V.Create(0.6366197723675814), shift);
        var r = Remainder(x, turns - shift);
        var square = r * r;
        var one = V.Create(1);
        var sine = r * V.MultiplyAdd(square, Polynomial.Of(square, Sines<V>()), one);
        var cosine = V.MultiplyAdd(square, V.MultiplyAdd(square, Polynomial.Of(square, Cosines<V>()), V.Create(-0.5)), one);
        return (sine, cosine, turns);
    }

    // The lowest bit, where a number has its sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Lowest<V>(V turns)
        where V : struct, ILanes<V> => V.ShiftLeft(turns, V.IsSingle ? 31 : 63);

    // The bit next to the lowest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Next<V>(V turns)
        where V : struct, ILanes<V> => V.ShiftLeft(turns, V.IsSingle ? 30 : 62);

    // x − n·½π
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<V>(V x, V n)
        where V : struct, ILanes<V>
    {
        // Every part of ½π is rounded down, so that 0 times each is −0 and an x of −0 stays.
        var r = V.MultiplyAdd(n, V.Create(V.IsSingle ? -1.570796251296997 : -1.5707963267948966), x);
        r = V.MultiplyAdd(n, V.Create(V.IsSingle ? -7.549789415861596e-08 : -6.123233995736765e-17), r);
        return V.MultiplyAdd(n, V.Create(V.IsSingle ? -5.390302529957765e-15 : -1.0828566739219139e-32), r);
    }

    // (sin r − r)/r³ by r², for |r| ≤ ¼π
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Sines<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [-0.16666653752326965, 0.008332090452313423, -0.00019505240197759122]
        :
        [
            -0.16666666666666632, 0.008333333333322418, -0.00019841269829812388,
            2.755731369357538e-06, -2.5050758384779886e-08, 1.5896811821684305e-10,
        ];

    // (cos r − 1 + ½·r²)/r⁴ by r², for |r| ≤ ¼π
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Cosines<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [0.04166664555668831, -0.0013887251261621714, 2.4424924049526453e-05]
        :
        [
            0.0416666666666666, -0.0013888888888874131, 2.4801587289486985e-05,
            -2.7557314353781716e-07, 2.08757234780904e-09, -1.1359658797591045e-11,
        ];
}
