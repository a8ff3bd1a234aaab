using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Roots over lanes that have no instruction.</summary>
internal static class LaneRoot
{
    /// <summary>∛x, of either sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cube<V>(V x)
        where V : struct, ILanes<V>
    {
        // A third of the logarithm gives all but the last digits, and one Newton step y + ⅓·(x/y² − y) those.
        var size = V.Abs(x);
        var third = V.Create(0.3333333333333333);
        var y = LaneExponential.Of(LaneLogarithm.Of(size) * third);
        var root = V.MultiplyAdd((size / (y * y)) - y, third, y);
        var isItself = V.Or(V.Equal(size, V.Create(0)), V.Equal(size, V.Create(double.PositiveInfinity)));
        return V.Select(isItself, x, V.CopySign(root, x));
    }

    /// <summary>√(x² + y²); infinite where either is, though the other be NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Hypotenuse<V>(V x, V y)
        where V : struct, ILanes<V>
    {
        // By the power of two of the greater one, so that no square overflows and none that matters underflows.
        var infinity = V.Create(double.PositiveInfinity);
        var (width, height) = (V.Abs(x), V.Abs(y));
        var greater = V.Max(width, height);
        var n = V.Exponent(greater);
        var a = V.Scale(greater, -n);
        var b = V.Scale(V.Min(width, height), -n);
        var root = V.Scale(V.Sqrt(V.MultiplyAdd(a, a, b * b)), n);
        var isInfinite = V.Or(V.Equal(width, infinity), V.Equal(height, infinity));
        return V.Select(isInfinite, infinity, V.Select(V.Equal(greater, V.Create(0)), greater, root));
    }
}
