using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>The inverses of sine, cosine and tangent over lanes.</summary>
internal static class LaneAngle
{
    private const double HalfPi = 1.5707963267948966;

    /// <summary>arctan x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfTangent<V>(V x)
        where V : struct, ILanes<V>
    {
        // The angles near 0, ¼π and ½π, each by what is left of it: arctan x = ¼π + arctan((x − 1)/(x + 1)) and
        // arctan x = ½π − arctan(1/x).
        var one = V.Create(1);
        var zero = V.Create(0);
        var size = V.Abs(x);
        var isLarge = V.Greater(size, V.Create(2.414213562373095));
        var isMiddle = V.Greater(size, V.Create(0.41421356237309503));
        var numerator = V.Select(isLarge, V.Create(-1), V.Select(isMiddle, size - one, size));
        var denominator = V.Select(isLarge, size, V.Select(isMiddle, size + one, one));
        var start = V.Select(isLarge, V.Create(V.IsSingle ? 1.5707963705062866 : HalfPi), V.Select(isMiddle, V.Create(V.IsSingle ? 0.7853981852531433 : HalfPi / 2), zero));
        var startLow = V.Select(isLarge, HalfPiLow<V>(), V.Select(isMiddle, HalfPiLow<V>() * V.Create(0.5), zero));
        var t = numerator / denominator;
        var square = t * t;
        return V.CopySign(start + (t + V.MultiplyAdd(t * square, Polynomial.Of(square, Tangents<V>()), startLow)), x);
    }

    /// <summary>arcsin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfSine<V>(V x)
        where V : struct, ILanes<V>
    {
        var (isNearZero, root, rest) = Parts(x);
        var far = HalfPiHigh<V>() - (root + root) - (rest + rest - HalfPiLow<V>());
        return V.CopySign(V.Select(isNearZero, root + rest, far), x);
    }

    /// <summary>arccos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfCosine<V>(V x)
        where V : struct, ILanes<V>
    {
        var (isNearZero, root, rest) = Parts(x);
        var halfPi = HalfPiHigh<V>();
        var low = HalfPiLow<V>();
        var signedRoot = V.CopySign(root, x);
        var near = halfPi - signedRoot - (V.CopySign(rest, x) - low);
        var twice = root + rest + (root + rest);
        var far = V.Select(V.Greater(V.Create(0), x), halfPi + halfPi - (root + root) - (rest + rest - (low + low)), twice);
        return V.Select(isNearZero, near, far);
    }

    /// <summary>The angle of the point (x, y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfPoint<V>(V y, V x)
        where V : struct, ILanes<V>
    {
        var zero = V.Create(0);
        var one = V.Create(1);
        var (width, height) = (V.Abs(x), V.Abs(y));
        var isSteep = V.Greater(height, width);
        var lesser = V.Min(width, height);
        var greater = V.Max(width, height);

        // Both 0 or both infinite: the quotient would be NaN, and the limit is that of 0/1 or 1/1.
        var quotient = V.Select(V.Equal(lesser, zero), zero, V.Select(V.Equal(lesser, V.Create(double.PositiveInfinity)), one, lesser / greater));
        var angle = OfTangent(V.Select(V.Equal(greater, greater), quotient, greater));

        // From the nearer axis: ½π less or more the angle, or π less it. The sign of x tells −0 from 0.
        var isLeft = V.Greater(zero, V.CopySign(one, x));
        var (high, low) = (HalfPiHigh<V>(), HalfPiLow<V>());
        var start = V.Select(isSteep, high, V.Select(isLeft, high + high, zero));
        var startLow = V.Select(isSteep, low, V.Select(isLeft, low + low, zero));
        var turned = V.Select(V.Xor(isSteep, isLeft), -angle, angle);
        return V.CopySign(start + (turned + startLow), y);
    }

    // Of |x| ≤ ½ the angle of the sine is |x| + rest. Of a greater one, arcsin |x| = ½π − 2·arcsin √(½·(1 − |x|)), whose root
    // and rest these are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V IsNearZero, V Root, V Correction) Parts<V>(V x)
        where V : struct, ILanes<V>
    {
        var half = V.Create(0.5);
        var size = V.Abs(x);
        var isNearZero = V.GreaterOrEqual(half, size);
        var halved = (V.Create(1) - size) * half;
        var square = V.Select(isNearZero, size * size, halved);
        var root = V.Select(isNearZero, size, V.Sqrt(halved));
        return (isNearZero, root, root * square * Polynomial.Of(square, Sines<V>()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfPiHigh<V>()
        where V : struct, ILanes<V> => V.Create(V.IsSingle ? 1.5707963705062866 : HalfPi);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfPiLow<V>()
        where V : struct, ILanes<V> => V.Create(V.IsSingle ? -4.371138828673793e-08 : 6.123233995736766e-17);

    // (arctan t − t)/t³ by t², for |t| ≤ √2 − 1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Tangents<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [-0.33333316445350647, 0.1999848335981369, -0.1424373835325241, 0.10595139861106873, -0.060811564326286316]
        :
        [
            -0.333333333333332, 0.19999999999953663, -0.14285714280204007, 0.11111110783812901, -0.09090897767026646,
            0.07692060360872793, -0.06663105446402887, 0.05847897335399532, -0.05039330623902771, 0.03806495093159714,
            -0.01790734062994383,
        ];

    // (arcsin s − s)/s³ by s², for |s| ≤ ½
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Sines<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [0.16666753590106964, 0.07495232671499252, 0.04547834396362305, 0.02414098009467125, 0.04223056137561798]
        :
        [
            0.16666666666665375, 0.07500000000344836, 0.0446428568219477, 0.03038195939652026, 0.022371751915990296,
            0.017359795929763215, 0.013884347907525133, 0.012174957805444631, 0.006503456661168247, 0.01959450809118982,
            -0.016326945092487853, 0.03198185643126846,
        ];
}
