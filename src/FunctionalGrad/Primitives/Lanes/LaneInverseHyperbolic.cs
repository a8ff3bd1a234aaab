using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>The inverses of the hyperbolic functions over lanes, each as a logarithm of one plus something that vanishes with them.</summary>
internal static class LaneInverseHyperbolic
{
    /// <summary>arsinh x = ln(1 + |x| + x²/(1 + √(1 + x²))), with the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sine<V>(V x)
        where V : struct, ILanes<V>
    {
        var one = V.Create(1);
        var size = V.Abs(x);
        var square = size * size;
        return V.CopySign(Logarithm(size, size + (square / (one + V.Sqrt(one + square)))), x);
    }

    /// <summary>arcosh x = ln(1 + t + √(t·(t + 2))) with t = x − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosine<V>(V x)
        where V : struct, ILanes<V>
    {
        var one = V.Create(1);
        var t = x - one;
        var value = Logarithm(x, t + V.Sqrt(t * (t + V.Create(2))));
        return V.Select(V.Greater(one, x), V.Create(double.NaN), value);
    }

    /// <summary>artanh x = ½·ln(1 + 2·|x|/(1 − |x|)), with the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tangent<V>(V x)
        where V : struct, ILanes<V>
    {
        var size = V.Abs(x);
        var value = LaneLogarithm.OfOnePlus((size + size) / (V.Create(1) - size));
        return V.CopySign(value * V.Create(0.5), x);
    }

    // ln(1 + rest), or ln(2·x) where x is so large that there is no difference and the rest may overflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Logarithm<V>(V x, V rest)
        where V : struct, ILanes<V>
    {
        var isLarge = V.Greater(x, V.Create(V.IsSingle ? 1e9 : 1e18));
        var value = LaneLogarithm.OfOnePlus(V.Select(isLarge, x, rest));
        return value + V.Select(isLarge, V.Create(0.6931471805599453), V.Create(0));
    }
}
