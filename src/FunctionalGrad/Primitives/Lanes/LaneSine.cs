using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// Sine, cosine and tangent over lanes, of angles within <see cref="Bound"/>: a multiple of π or ½π is subtracted, as a sum
/// of three numbers of which the first product cancels exactly, and a polynomial serves what is left.
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
        // sin(r + n·π) = (−1)ⁿ·sin r. The lowest bit of n + shift is that of n; moved to the top it is a sign.
        var shift = Shift<V>();
        var shifted = V.MultiplyAdd(x, V.Create(0.3183098861837907), shift);
        var r = Remainder(x, shifted - shift);
        return V.Xor(V.CopySign(WithinHalfTurn(r), r), SignOf(shifted));
    }

    /// <summary>cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosine<V>(V x)
        where V : struct, ILanes<V>
    {
        // cos(r + (n + ½)·π) = −(−1)ⁿ·sin r.
        var shift = Shift<V>();
        var half = V.Create(0.5);
        var shifted = V.MultiplyAdd(x, V.Create(0.3183098861837907), -half) + shift;
        var r = Remainder(x, shifted - shift + half);
        return V.Xor(-WithinHalfTurn(r), SignOf(shifted));
    }

    /// <summary>tan x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tangent<V>(V x)
        where V : struct, ILanes<V>
    {
        var shift = Shift<V>();
        var shifted = V.MultiplyAdd(x, V.Create(0.6366197723675814), shift);
        var r = Remainder(x, (shifted - shift) * V.Create(0.5));
        var square = r * r;
        var one = V.Create(1);
        var sine = V.CopySign(V.MultiplyAdd(r * square, Polynomial.Of(square, Sines<V>()), r), r);
        var beyond = square * V.MultiplyAdd(square, Polynomial.Of(square, Cosines<V>()), V.Create(-0.5));
        var cosine = one + beyond;

        // tan(r + n·½π) is tan r for an even n and −1/tan r for an odd one.
        var sign = SignOf(shifted);
        var isOdd = V.Greater(V.Create(0), V.Or(sign, one));
        return V.Xor(V.Select(isOdd, cosine, sine) / V.Select(isOdd, sine, cosine), sign);
    }

    // Adding it leaves no digit behind the point, and gives 0 for −0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Shift<V>()
        where V : struct, ILanes<V> => V.Create(V.IsSingle ? 12582912.0 : 6755399441055744.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SignOf<V>(V shifted)
        where V : struct, ILanes<V> => V.ShiftLeft(shifted, V.IsSingle ? 31 : 63);

    // x − n·π
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<V>(V x, V n)
        where V : struct, ILanes<V>
    {
        // Every part of π is rounded down, so that 0 times each is −0 and an x of −0 stays.
        var r = V.MultiplyAdd(n, V.Create(V.IsSingle ? -3.141592502593994 : -3.141592653589793), x);
        r = V.MultiplyAdd(n, V.Create(V.IsSingle ? -1.5099578831723193e-07 : -1.224646799147353e-16), r);
        return V.MultiplyAdd(n, V.Create(V.IsSingle ? -1.078060505991553e-14 : -2.1657133478438278e-32), r);
    }

    // sin r for |r| ≤ ½π
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithinHalfTurn<V>(V r)
        where V : struct, ILanes<V>
    {
        var square = r * r;
        var value = V.MultiplyAdd(r * square, Polynomial.Of(square, SinesOfHalfTurn<V>()), r);

        // Rounding may lead past 1, and then √(1 − sin² x) and arcsin (sin x) would be NaN.
        return V.Clamp(value, V.Create(-1), V.Create(1));
    }

    // (sin r − r)/r³ by r², for |r| ≤ ½π
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> SinesOfHalfTurn<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [-0.16666658222675323, 0.008333034813404083, -0.00019807158969342709, 2.6001707738032565e-06]
        :
        [
            -0.16666666666666666, 0.008333333333333194, -0.00019841269841209183, 2.755731921113085e-06,
            -2.5052106872198646e-08, 1.6058939674804776e-10, -7.642990661390659e-13, 2.721166054747181e-15,
        ];

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
