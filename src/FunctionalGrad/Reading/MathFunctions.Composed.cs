namespace FunctionalGrad;

/// <content>Functions that no single primitive is.</content>
public static partial class MathFunctions
{
    /// <summary>x without what stands behind the point.</summary>
    internal static Expr Truncate(Expr x) => Expr.Select(x < 0, Expr.Ceiling(x), Expr.Floor(x));

    private static Expr ButForNaN(ReadOnlySpan<Expr> x, Func<Expr, Expr, Expr> choose) =>
        Expr.Select(Expr.NotEqual(x[0], x[0]), x[1], Expr.Select(Expr.NotEqual(x[1], x[1]), x[0], choose(x[0], x[1])));

    // 1/−0 is −∞.
    private static Expr IsNegative(Expr x) => (x < 0) | (Expr.Equal(x, 0) & (1 / x < 0));

    private static Expr CopySign(Expr x, Expr sign) => Expr.Select(IsNegative(sign), -Expr.Abs(x), Expr.Abs(x));

    // x·π is rounded, and a sine near its zeros is as exact as its argument: so whole turns go first, which is exact.
    private static Expr SinPi(Expr x)
    {
        var whole = Expr.Round(x);
        return Alternating(whole) * Expr.Sin((x - whole) * Math.PI);
    }

    // Near a quarter turn the cosine is the sine of what is left to it.
    private static Expr CosPi(Expr x)
    {
        var whole = Expr.Round(x);
        var rest = x - whole;
        var distance = Expr.Abs(rest);
        return Alternating(whole) * Expr.Select(distance < 0.25, Expr.Cos(rest * Math.PI), Expr.Sin((0.5 - distance) * Math.PI));
    }

    // (−1)ⁿ
    private static Expr Alternating(Expr whole) => 1 - (2 * Expr.Abs(whole - (2 * Expr.Round(whole / 2))));

    // To the base 1, 0 or ∞ nothing but 1 has a logarithm, and that is 0 but to the base 1.
    private static Expr LogTo(Expr x, Expr number)
    {
        var quotient = Expr.Log(x) / Expr.Log(number);
        return Known(number) is { } known && known is not (0 or 1 or double.PositiveInfinity)
            ? quotient
            : Expr.Select(
                Expr.Equal(number, 1) | (Expr.NotEqual(x, 1) & (Expr.Equal(number, 0) | Expr.Equal(number, double.PositiveInfinity))),
                double.NaN, quotient);
    }

    private static Expr PowerLessOne(double number, Expr x) =>
        Expr.Select(Expr.Abs(x) < 0.5, Expr.ExpM1(x * Math.Log(number)), Expr.Pow(number, x) - 1);

    private static Expr? RootN(Expr x, int n) => n switch
    {
        0 => null,
        1 => x,
        2 => Expr.Sqrt(x),
        3 => Expr.Cbrt(x),
        // Of −∞ there is a power, as IEEE 754 has it, and no root.
        _ when n % 2 == 0 => Expr.Select(Expr.Equal(x, double.NegativeInfinity), double.NaN, Expr.Pow(x, 1.0 / n)),
        // The root of a negative order is infinite at ±0, with the sign of the zero, which the reciprocal tells.
        _ => Expr.Select((n < 0 ? 1 / x : x) < 0, -Expr.Pow(Expr.Abs(x), 1.0 / n), Expr.Pow(Expr.Abs(x), 1.0 / n)),
    };

    // In two steps, since 2ⁿ itself may lie beyond the greatest number or below the least one.
    private static Expr ScaleB(Expr x, int n)
    {
        var bounded = Math.Clamp(n, -2200, 2200);
        var half = bounded / 2;
        return Math.Abs(bounded) < 120 ? x * Math.ScaleB(1, bounded) : x * Math.ScaleB(1, half) * Math.ScaleB(1, bounded - half);
    }

    // Round(x, digits), Round(x, mode) and Round(x, digits, mode).
    private static Expr? Rounded(Expr x, int[] known, Type[] types)
    {
        var digits = types[1] == typeof(MidpointRounding) ? 0 : known[0];
        var mode = types[^1] == typeof(MidpointRounding) ? (MidpointRounding)known[^1] : MidpointRounding.ToEven;
        if (digits == 0)
        {
            return Rounded(x, mode);
        }

        var power = Math.Pow(10, digits);
        return digits is > 0 and <= 15 && Rounded(x * power, mode) is { } rounded ? rounded / power : null;
    }

    private static Expr? Rounded(Expr x, MidpointRounding mode) => mode switch
    {
        MidpointRounding.ToEven => Expr.Round(x),
        MidpointRounding.AwayFromZero => Truncate(x) + (Expr.Sign(x) * (Expr.Abs(x - Truncate(x)) >= 0.5)),
        MidpointRounding.ToZero => Truncate(x),
        MidpointRounding.ToNegativeInfinity => Expr.Floor(x),
        MidpointRounding.ToPositiveInfinity => Expr.Ceiling(x),
        _ => null,
    };
}
