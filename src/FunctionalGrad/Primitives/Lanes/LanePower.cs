using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// Powers over lanes: xʸ = exp(y·ln x). The exponential turns an error of its argument into a relative error of its value,
/// and the argument may be 700, so the logarithm is taken as a sum of two numbers, to some 63 (or 34) bits.
/// </summary>
internal static class LanePower
{
    /// <summary>xʸ, with the signs, zeros and infinities of IEEE 754.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, V y)
        where V : struct, ILanes<V>
    {
        var zero = V.Create(0);
        var one = V.Create(1);
        var half = y * V.Create(0.5);
        var isWhole = V.Equal(V.Round(y), y);
        var isOdd = V.And(isWhole, V.NotEqual(V.Round(half), half));
        var magnitude = OfMagnitude(V.Abs(x), y);
        var signed = V.Select(isOdd, V.CopySign(magnitude, x), magnitude);

        // No real power of a finite negative number has an exponent that is not whole.
        var isFiniteNegative = V.And(V.Greater(zero, x), V.Greater(x, V.Create(double.NegativeInfinity)));
        var real = V.Select(isWhole, signed, V.Select(isFiniteNegative, V.Create(double.NaN), signed));
        return V.Select(V.Or(V.Equal(x, one), V.Equal(y, zero)), one, real);
    }

    /// <summary>xʸ for x ≥ 0, but for x⁰ and 1 to the power of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfMagnitude<V>(V x, V y)
        where V : struct, ILanes<V>
    {
        var zero = V.Create(0);
        var infinity = V.Create(double.PositiveInfinity);
        var (high, low) = Logarithm(x);
        high = V.Select(V.Equal(x, zero), -infinity, V.Select(V.Greater(infinity, x), high, x));

        // An infinite exponent is as good as a huge one, whose product with ln 1 = 0 is 0 and not NaN.
        var bound = V.Create(V.IsSingle ? 1e30 : 1e290);
        var exponent = V.Clamp(y, -bound, bound);
        var product = exponent * high;
        var rest = V.MultiplyAdd(exponent, high, -product) + (exponent * low);

        // Where the product is infinite or far beyond what has a finite exponential, the rest may be anything.
        return LaneExponential.OfSum(product, V.Select(V.Greater(V.Create(1000), V.Abs(product)), rest, zero));
    }

    // ln x for a finite x > 0 as a number and what its rounding lost. As in LaneLogarithm, but ln(1 + f) as
    // s·(2 + s²·(⅔ + s²·P(s²))), with all but the innermost term in two numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V High, V Low) Logarithm<V>(V x)
        where V : struct, ILanes<V>
    {
        var one = V.Create(1);
        var fraction = V.Fraction(x);
        var k = V.Exponent(x) - V.Exponent(fraction);
        var f = fraction - one;

        // s = f/(1 + fraction)
        var divisor = fraction + one;
        var divisorLow = fraction - (divisor - one);
        var reciprocal = one / divisor;
        var s = f * reciprocal;
        var sLow = V.MultiplyAdd(-s, divisorLow, V.MultiplyAdd(-s, divisor, f)) * reciprocal;

        // z = s²
        var z = s * s;
        var zLow = V.MultiplyAdd(s + s, sLow, V.MultiplyAdd(s, s, -z));

        // t = ⅔ + z·P(z)
        var twoThirds = V.Create(V.IsSingle ? 0.6666666865348816 : 0.6666666666666666);
        var series = z * Polynomial.Of(z, Coefficients<V>());
        var t = twoThirds + series;
        var tLow = (twoThirds - t) + series + V.Create(V.IsSingle ? -1.9868215517249155e-08 : 3.700743415417188e-17);

        // u = z·t and v = s·u
        var u = z * t;
        var uLow = V.MultiplyAdd(z, tLow, V.MultiplyAdd(zLow, t, V.MultiplyAdd(z, t, -u)));
        var v = s * u;
        var vLow = V.MultiplyAdd(s, uLow, V.MultiplyAdd(sLow, u, V.MultiplyAdd(s, u, -v)));

        // ln(1 + f) = 2·s + v
        var twice = s + s;
        var part = twice + v;
        var partLow = (twice - part) + v + (vLow + (sLow + sLow));

        // The first number for ln 2 is so short that its product with k is exact.
        var whole = k * V.Create(V.IsSingle ? 0.693145751953125 : 0.6931471805598903);
        var high = whole + part;
        var low = (whole - high) + part + V.MultiplyAdd(k, V.Create(V.IsSingle ? 1.428606765330187e-06 : 5.497923018708371e-14), partLow);
        return (high, low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Coefficients<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [0.3999999463558197, 0.28572577238082886, 0.22151806950569153, 0.19961003959178925]
        :
        [
            0.4, 0.28571428571426144, 0.22222222222844187, 0.18181818097873984, 0.1538462209569683, 0.13332999149237848,
            0.11775167389237247, 0.10326877251679956, 0.11614733913891877,
        ];
}
