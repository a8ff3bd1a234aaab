using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace FunctionalGrad;

/// <content>The logarithm of the gamma function and its derivatives of every order.</content>
public abstract partial class Expr
{
    /// <summary>
    /// ln |Γ(x)|, entry by entry, for any x but the poles 0, −1, −2, …, where it is +∞. Its derivative is
    /// <see cref="Digamma"/>. Near its zeros 1 and 2 it keeps all digits.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.LogGamma(1).Evaluate();      // 0
    /// Expr.LogGamma(0).Evaluate();      // Infinity
    /// </code></example>
    public static Expr LogGamma(Expr x) => LogarithmOfGamma.Primitive.Apply(x);

    /// <summary>
    /// ψ(x), the derivative of ln |Γ(x)|, entry by entry, for any x but the poles 0, −1, −2, …, on whose sides it has
    /// opposite infinities: it is NaN there. Its derivative is <see cref="Polygamma"/> of order 1.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Digamma(0).Evaluate();      // NaN
    /// </code></example>
    public static Expr Digamma(Expr x) => PolygammaFunction.Of(0).Apply(x);

    /// <summary>
    /// ψₙ(x), the derivative of order n + 1 of ln |Γ(x)|, entry by entry, for any x but the poles 0, −1, −2, …: there it is
    /// +∞ for an odd n, the limit from both sides, and NaN for an even n. Its derivative is that of order n + 1.
    /// </summary>
    /// <param name="n">The order, from 0, which is <see cref="Digamma"/>.</param>
    /// <param name="x">Any expression.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    /// <example><code>
    /// Expr.Polygamma(1, 0).Evaluate();      // Infinity
    /// </code></example>
    public static Expr Polygamma(int n, Expr x) =>
        n >= 0
            ? PolygammaFunction.Of(n).Apply(x)
            : throw new ArgumentOutOfRangeException(nameof(n), n, $"polygamma: the order {n} is negative; order 0 is the digamma function, and below it stands LogGamma");
}

internal readonly struct LogarithmOfGamma : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<LogarithmOfGamma>(new()
    {
        Name = "lgamma",
        Formula = "ln |Γ(x)|",
        Rule = Elementwise.Partial((x, y) => Expr.Digamma(x)),
        Domains = [Domain.Of(new(-1.7, -1.3), new(-0.7, -0.3), new(0.5, 4))],
        Kinks = [new([0], [double.NaN], "opposite infinities on its sides"), new([-1], [double.NaN], "opposite infinities on its sides")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => GammaSeries.LogGamma(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Each(x, this);
}

/// <summary>ψₙ, a family with the order n as parameter, so that derivatives of every order exist.</summary>
internal readonly struct PolygammaFunction : IUnaryKernel, IDeclaration
{
    private readonly int _n;
    private readonly double[] _reflection;

    private PolygammaFunction(int n)
    {
        _n = n;
        _reflection = Reflection(n);
    }

    public static ImmutableArray<Primitive> Declared => [Of(0), Of(1), Of(2), Of(3)];

    public static Primitive Of(int n) => new Unary<PolygammaFunction>(
        new()
        {
            Name = n == 0 ? "digamma" : "polygamma",
            Parameters = n == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"n: {n}"),
            Formula = n == 0 ? "d ln |Γ(x)| / dx" : "dⁿ⁺¹ ln |Γ(x)| / dxⁿ⁺¹",
            Rule = Elementwise.Partial((x, y) => Expr.Polygamma(n + 1, x)),
            Domains = [Domain.Of(new(-1.6, -1.4), new(-0.6, -0.4), new(0.7, 4))],
            Kinks = [new([0], [int.IsEvenInteger(n) ? double.PositiveInfinity : double.NaN], "continuity, or opposite infinities on its sides")],
            MayBeInfinite = true,
        },
        new(n));

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (_n == 0)
        {
            return GammaSeries.Digamma(x);
        }

        var odd = int.IsOddInteger(_n);
        if (x > T.Zero)
        {
            var magnitude = GammaSeries.PolygammaMagnitude(_n, x);
            return odd ? magnitude : -magnitude;
        }

        // The reflection is that of ln Γ, differentiated: ψₙ(x) = (−1)ⁿ·ψₙ(1 − x) − dⁿ(π·cot πx)/dxⁿ.
        return T.IsInteger(x)
            ? odd ? T.PositiveInfinity : T.NaN
            : CotangentDerivative(T.One / T.TanPi(x)) - GammaSeries.PolygammaMagnitude(_n, T.One - x);
    }

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Each(x, this);

    private T CotangentDerivative<T>(T cotangent)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var sum = T.CreateTruncating(_reflection[^1]);
        for (var power = _reflection.Length - 2; power >= 0; power--)
        {
            sum = (sum * cotangent) + T.CreateTruncating(_reflection[power]);
        }

        for (var i = 0; i <= _n; i++)
        {
            sum *= T.Pi;
        }

        return sum;
    }

    /// <summary>
    /// The coefficients of −dⁿ(cot u)/duⁿ as a polynomial in c = cot u, whose derivative is −(1 + c²). For n ≥ 1 they have
    /// one sign, so the sum loses no digits.
    /// </summary>
    private static double[] Reflection(int n)
    {
        double[] polynomial = [0, -1];
        for (var order = 1; order <= n; order++)
        {
            var next = new double[polynomial.Length + 1];
            for (var power = 1; power < polynomial.Length; power++)
            {
                var slope = power * polynomial[power];
                next[power - 1] -= slope;
                next[power + 1] -= slope;
            }

            polynomial = next;
        }

        return polynomial;
    }
}
