using System.Numerics;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Distances in units of the last place.</summary>
internal static class Ulps
{
    /// <summary>How many numbers of the precision one would pass on the way from one to the other; 0 where both are NaN.</summary>
    public static double Between<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(x) && T.IsNaN(y) ? 0
        : T.IsNaN(x) || T.IsNaN(y) || (x == T.Zero && y == T.Zero && T.IsNegative(x) != T.IsNegative(y)) ? double.PositiveInfinity
        : Math.Abs(double.CreateTruncating(Place(x) - Place(y)));

    /// <summary>The distance from a number of more digits.</summary>
    public static double From(double truth, float value)
    {
        var nearest = (float)truth;
        return float.IsFinite(nearest) && float.IsFinite(value) && nearest != 0
            ? Math.Abs(value - truth) / Of(nearest)
            : Between(nearest, value);
    }

    /// <summary>The distance between a number and the next one away from 0.</summary>
    public static double Of(float x) => Math.ScaleB(1, (int)Math.Max(Math.Floor(Math.Log2(Math.Abs((double)x))), -126) - 23);

    // Numbers of one precision in their order, as whole numbers without gaps.
    private static Int128 Place<T>(T x)
    {
        var (bits, size) = x is float single ? (BitConverter.SingleToInt32Bits(single), 31) : (BitConverter.DoubleToInt64Bits((double)(object)x!), 63);
        return bits >= 0 ? bits : -((Int128)bits + (Int128.One << size));
    }
}
