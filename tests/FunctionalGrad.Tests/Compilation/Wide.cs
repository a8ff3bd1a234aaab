using System.Numerics;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>
/// A number of some 320 bits, fraction·2ᵉ, with the elementary functions by their power series: slow, plain, and far more
/// precise than what it judges.
/// </summary>
internal readonly struct Wide
{
    private const int Digits = 320;

    private readonly BigInteger _fraction;
    private readonly int _exponent;

    private Wide(BigInteger fraction, int exponent)
    {
        var excess = (int)BigInteger.Abs(fraction).GetBitLength() - Digits;
        _fraction = excess > 0 ? fraction >> excess : fraction;
        _exponent = excess > 0 ? exponent + excess : exponent;
    }

    // 16·arctan(1/5) − 4·arctan(1/239)
    private static Wide Pi { get; } = (16 * OfInverse(5, -1)) - (4 * OfInverse(239, -1));

    // 2·artanh(1/3)
    private static Wide LogarithmOfTwo { get; } = 2 * OfInverse(3, 1);

    // By Newton's iteration.
    private static Wide RootOfPi { get; } = Enumerable.Range(0, 4).Aggregate((Wide)Math.Sqrt(Math.PI), (root, _) => (root + (Pi / root)) / 2);

    private bool IsZero => _fraction.IsZero;

    // The power of two above it.
    private int Magnitude => (int)BigInteger.Abs(_fraction).GetBitLength() + _exponent;

    public static implicit operator Wide(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var field = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xFFFFFFFFFFFFF;
        var size = field == 0 ? fraction : fraction | (1L << 52);
        return new(bits < 0 ? -size : size, Math.Max(field, 1) - 1075);
    }

    public static Wide operator +(Wide x, Wide y)
    {
        if (x.IsZero || y.IsZero)
        {
            return x.IsZero ? y : x;
        }

        // What lies beyond every digit of the other changes nothing.
        if (Math.Abs(x.Magnitude - y.Magnitude) > 2 * Digits)
        {
            return x.Magnitude > y.Magnitude ? x : y;
        }

        var exponent = Math.Min(x._exponent, y._exponent);
        return new((x._fraction << (x._exponent - exponent)) + (y._fraction << (y._exponent - exponent)), exponent);
    }

    public static Wide operator -(Wide x) => new(-x._fraction, x._exponent);

    public static Wide operator -(Wide x, Wide y) => x + -y;

    public static Wide operator *(Wide x, Wide y) => new(x._fraction * y._fraction, x._exponent + y._exponent);

    public static Wide operator /(Wide x, Wide y) => new((x._fraction << (2 * Digits)) / y._fraction, x._exponent - y._exponent - (2 * Digits));

    public static Wide Exp(Wide x)
    {
        // 2ⁿ·(e^(r/256))²⁵⁶ with a small r.
        var n = (int)Math.Round(x.ToDouble() / Math.Log(2));
        var r = (x - (n * LogarithmOfTwo)) / 256;
        var value = Sum(1, (term, k) => term * r / k);
        for (var i = 0; i < 8; i++)
        {
            value *= value;
        }

        return new(value._fraction, value._exponent + n);
    }

    public static Wide Log(double x)
    {
        // Halley's step makes three times as many digits right.
        Wide y = Math.Log(x);
        for (var i = 0; i < 2; i++)
        {
            var e = Exp(y);
            y += 2 * (x - e) / (x + e);
        }

        return y;
    }

    public static Wide Tanh(double x)
    {
        var e = Exp(2 * (Wide)x);
        return (e - 1) / (e + 1);
    }

    public static Wide Logistic(double x) => 1 / (1 + Exp(-(Wide)x));

    public static Wide Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>erf x = 2/√π · Σ (−1)ᵏ·x²ᵏ⁺¹/(k!·(2k + 1)).</summary>
    public static Wide Erf(double x)
    {
        var power = (Wide)x;
        var sum = power;
        var square = power * power;
        for (var k = 1; power.Magnitude > -Digits; k++)
        {
            power = -(power * square / k);
            sum += power / ((2 * k) + 1);
        }

        return 2 * sum / RootOfPi;
    }

    public static Wide Sin(double x) => SineOf(x, 0);

    public static Wide Cos(double x) => SineOf(x, 1);

    /// <summary>How far a number is from this one, in units of the last place that a double of this size has.</summary>
    public double UlpsTo(double value)
    {
        if (IsZero)
        {
            return value == 0 ? 0 : double.PositiveInfinity;
        }

        var difference = value - this;
        return Math.Abs(new Wide(difference._fraction, difference._exponent - Math.Max(Magnitude - 53, -1074)).ToDouble());
    }

    // sin(x + turns·½π)
    private static Wide SineOf(double x, int turns)
    {
        var quarter = Pi / 2;
        var n = Math.Round(x / (Math.PI / 2));
        var r = x - (n * quarter);
        var square = r * r;
        var quadrant = (int)(((n % 4) + 4 + turns) % 4);
        var isCosine = quadrant % 2 == 1;
        var value = Sum(isCosine ? 1 : r, (term, k) => -(term * square) / (isCosine ? (2.0 * k) * ((2 * k) - 1) : (2.0 * k) * ((2 * k) + 1)));
        return quadrant >= 2 ? -value : value;
    }

    // Σ (sign)ᵏ·n⁻²ᵏ⁻¹/(2k + 1): artanh(1/n), or arctan(1/n) with the sign −1.
    private static Wide OfInverse(double n, double sign)
    {
        var power = 1 / (Wide)n;
        var sum = power;
        for (var k = 1; power.Magnitude > -Digits - 8; k++)
        {
            power = sign * power / (n * n);
            sum += power / ((2 * k) + 1);
        }

        return sum;
    }

    private static Wide Sum(Wide first, Func<Wide, int, Wide> next)
    {
        var sum = first;
        var term = first;
        for (var k = 1; !term.IsZero && term.Magnitude > sum.Magnitude - Digits - 8; k++)
        {
            term = next(term, k);
            sum += term;
        }

        return sum;
    }

    private double ToDouble()
    {
        var excess = Math.Max((int)BigInteger.Abs(_fraction).GetBitLength() - 60, 0);
        return Math.ScaleB((double)(long)(_fraction >> excess), _exponent + excess);
    }
}
