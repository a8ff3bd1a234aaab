using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>What <see cref="ILanes{V}"/> says of powers of two, by bits, for registers that have no instruction for it.</summary>
internal static class LaneBits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V>(V x, V n)
        where V : struct, ILanes<V>
    {
        // In two steps, since 2ⁿ itself may lie beyond the greatest number or below the least one. Only the second rounds.
        var half = V.Floor(n * V.Create(0.5));
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exponent<V>(V x)
        where V : struct, ILanes<V>
    {
        var isSubnormal = V.Greater(LeastNormal<V>(), x);
        var field = V.ShiftRight(V.Select(isSubnormal, Raised(x), x), Digits<V>());

        // A small whole number in the low bits of 2⁵² (or 2²³) is added to it.
        var power = V.Create(V.IsSingle ? 8388608.0 : 4503599627370496.0);
        var bias = V.Select(isSubnormal, V.Create(V.IsSingle ? 127 + 24 : 1023 + 54), V.Create(V.IsSingle ? 127 : 1023));
        return V.Or(field, power) - power - bias;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fraction<V>(V x)
        where V : struct, ILanes<V>
    {
        var least = LeastNormal<V>();
        var normal = V.Select(V.Greater(least, x), Raised(x), x);

        // Just below the least normal number every bit of the fraction is set, and no other.
        var digits = V.And(normal, V.Create(V.IsSingle ? 1.1754942106924411E-38 : 2.225073858507201E-308));
        var fraction = V.Or(digits, V.Create(1));
        return V.Select(V.GreaterOrEqual(fraction, V.Create(1.5)), fraction * V.Create(0.5), fraction);
    }

    // n + 1023 (or 127) stands in the low bits of the sum, and is moved to where a number has its exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo<V>(V n)
        where V : struct, ILanes<V> =>
        V.ShiftLeft(n + V.Create(V.IsSingle ? 8388608.0 + 127 : 4503599627370496.0 + 1023), Digits<V>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Raised<V>(V x)
        where V : struct, ILanes<V> => x * V.Create(V.IsSingle ? 16777216.0 : 18014398509481984.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LeastNormal<V>()
        where V : struct, ILanes<V> => V.Create(V.IsSingle ? 1.1754943508222875E-38 : 2.2250738585072014E-308);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits<V>()
        where V : struct, ILanes<V> => V.IsSingle ? 23 : 52;
}
