using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// ln |Γ| and its derivatives as numbers: Stirling's series where x is large, which recurrences bring x to, the Taylor
/// series about 2 for ln Γ where it is near its zeros, and reflection for x below 0.
/// </summary>
internal static class GammaSeries
{
    /// <summary>From here on Stirling's series is exact to double precision with eight terms.</summary>
    private const int Large = 10;

    private const double OneMinusEuler = 0.42278433509846714;
    private const double HalfLogOfTau = 0.91893853320467274;
    private const double LogOfPi = 1.1447298858494002;

    // The zero of the digamma function in two parts, the first one exact in single precision too.
    private const double ZeroOfDigamma = 1.4616321325302124;
    private const double RestOfZeroOfDigamma = 1.2438149938918909e-08;

    /// <summary>The Bernoulli numbers B₂, B₄, ….</summary>
    private static readonly double[] Bernoulli =
    [
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730,
        7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730,
    ];

    /// <summary>The Taylor coefficients (−1)ᵏ·(ζ(k) − 1)/k of ln Γ(2 + z) from k = 2 on; they fall as 2⁻ᵏ.</summary>
    private static readonly double[] AboutTwo = TaylorAboutTwo(count: 27);

    /// <summary>The Taylor coefficients ψₖ(x₀)/k! of the digamma function at its zero x₀, from k = 1 on; they fall as x₀⁻ᵏ.</summary>
    private static readonly double[] AboutZeroOfDigamma = TaylorAboutZeroOfDigamma(count: 22);

    /// <summary>The coefficients B₂ⱼ/(2j·(2j − 1)) of Stirling's series and B₂ⱼ/2j of its derivative, from j = 1 to 8.</summary>
    private static readonly double[] ForLogGamma = [.. Enumerable.Range(1, 8).Select(j => Bernoulli[j - 1] / (2 * j * ((2 * j) - 1)))];
    private static readonly double[] ForDigamma = [.. Enumerable.Range(1, 8).Select(j => Bernoulli[j - 1] / (2 * j))];

    /// <summary>ln |Γ(x)|.</summary>
    public static T LogGamma<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var half = T.CreateTruncating(0.5);
        var two = T.CreateTruncating(2);
        if (x <= -half)
        {
            // Γ(x)·Γ(1 − x) = π/sin πx, of which the sine is 0 at the poles.
            return T.CreateTruncating(LogOfPi) - T.Log(T.Abs(T.SinPi(x))) - LogGamma(T.One - x);
        }

        if (x >= T.CreateTruncating(Large))
        {
            return Stirling(x);
        }

        // Γ(x + 1) = x·Γ(x) brings x to within ½ of 2.
        if (x < half)
        {
            return NearTwo(x) - T.Log(T.Abs(x) * (T.One + x));
        }

        if (x < T.CreateTruncating(1.5))
        {
            return NearTwo(x - T.One) - T.Log(x);
        }

        var product = T.One;
        while (x >= T.CreateTruncating(2.5))
        {
            x -= T.One;
            product *= x;
        }

        return NearTwo(x - two) + T.Log(product);
    }

    /// <summary>ψ(x), the derivative of ln |Γ|; NaN at its poles, the whole numbers from 0 down.</summary>
    public static T Digamma<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (x <= T.Zero)
        {
            return T.IsInteger(x) ? T.NaN : Digamma(T.One - x) - (T.Pi / T.TanPi(x));
        }

        var offset = x - T.CreateTruncating(ZeroOfDigamma) - T.CreateTruncating(RestOfZeroOfDigamma);
        if (T.Abs(offset) < T.CreateTruncating(0.3))
        {
            return Polynomial(AboutZeroOfDigamma, offset) * offset;
        }

        // ψ(x) = ψ(x + n) − Σ 1/(x + k), summed from the small terms to the large ones.
        var steps = x < T.CreateTruncating(Large) ? int.CreateTruncating(T.Ceiling(T.CreateTruncating(Large) - x)) : 0;
        var large = x + T.CreateTruncating(steps);
        var square = T.One / (large * large);
        var sum = (T.CreateTruncating(0.5) / large) + (Polynomial(ForDigamma, square) * square);
        for (var k = steps - 1; k >= 0; k--)
        {
            sum += T.One / (x + T.CreateTruncating(k));
        }

        return T.Log(large) - sum;
    }

    /// <summary>
    /// |ψₙ(x)| = n!·Σ (x + k)⁻ⁿ⁻¹ for n ≥ 1 and x &gt; 0: the first terms one by one, the rest by the Euler–Maclaurin formula.
    /// </summary>
    public static T PolygammaMagnitude<T>(int n, T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var start = T.CreateTruncating(Large + n);
        var steps = x < start ? int.CreateTruncating(T.Ceiling(start - x)) : 0;
        var large = x + T.CreateTruncating(steps);
        var term = Term(n, large);
        var square = large * large;
        var sum = T.Zero;
        var factor = term * T.CreateTruncating(n + 1) / (large + large);
        for (var j = 1; j <= Bernoulli.Length; j++)
        {
            sum += T.CreateTruncating(Bernoulli[j - 1]) * factor;
            factor *= T.CreateTruncating(n + (2 * j)) / T.CreateTruncating((2 * j) + 1)
                * (T.CreateTruncating(n + (2 * j) + 1) / T.CreateTruncating((2 * j) + 2)) / square;
        }

        sum += term * T.CreateTruncating(0.5);
        sum += Term(n - 1, large);
        for (var k = steps - 1; k >= 0; k--)
        {
            sum += Term(n, x + T.CreateTruncating(k));
        }

        return sum;
    }

    /// <summary>n!/xⁿ⁺¹, without the overflow that either part may have.</summary>
    private static T Term<T>(int n, T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var term = T.One / x;
        for (var j = 1; j <= n; j++)
        {
            term *= T.CreateTruncating(j) / x;
        }

        return term;
    }

    /// <summary>ln Γ(2 + z) for |z| ≤ ½, with all digits near its zero z = 0.</summary>
    private static T NearTwo<T>(T z)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        z * (T.CreateTruncating(OneMinusEuler) + (Polynomial(AboutTwo, z) * z));

    /// <summary>(x − ½)·ln x − x + ½·ln 2π + Σ B₂ⱼ/(2j·(2j − 1)·x²ʲ⁻¹), arranged so that ∞ gives ∞.</summary>
    private static T Stirling<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var inverse = T.One / x;
        var series = Polynomial(ForLogGamma, inverse * inverse);
        var half = T.CreateTruncating(0.5);
        return ((x - half) * (T.Log(x) - T.One)) + (T.CreateTruncating(HalfLogOfTau - 0.5) + (series * inverse));
    }

    /// <summary>Σ coefficientᵢ·xⁱ.</summary>
    private static T Polynomial<T>(double[] coefficients, T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + T.CreateTruncating(coefficients[i]);
        }

        return sum;
    }

    private static double[] TaylorAboutTwo(int count)
    {
        var coefficients = new double[count];
        var factorial = 1.0;
        for (var i = 0; i < count; i++)
        {
            // ζ(k) − 1 is the sum of (2 + m)⁻ᵏ, which is |ψₖ₋₁(2)|/(k − 1)!.
            var k = i + 2;
            factorial *= k - 1;
            coefficients[i] = (int.IsEvenInteger(k) ? 1 : -1) * PolygammaMagnitude(k - 1, 2.0) / factorial / k;
        }

        return coefficients;
    }

    private static double[] TaylorAboutZeroOfDigamma(int count)
    {
        var coefficients = new double[count];
        var factorial = 1.0;
        for (var i = 0; i < count; i++)
        {
            var k = i + 1;
            factorial *= k;
            coefficients[i] = (int.IsOddInteger(k) ? 1 : -1) * PolygammaMagnitude(k, ZeroOfDigamma + RestOfZeroOfDigamma) / factorial;
        }

        return coefficients;
    }
}
