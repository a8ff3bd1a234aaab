using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>The error function and its complement.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The error function erf x = 2/√π · ∫₀ˣ exp(−t²) dt, entry by entry, in [−1, 1]. Its derivative is 2/√π · exp(−x²).
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Erf(0).Evaluate();                                   // 0
    /// Expr.Erf(double.PositiveInfinity).Evaluate();             // 1
    /// </code></example>
    public static Expr Erf(Expr x) => ErrorFunction.Primitive.Apply(x);

    /// <summary>
    /// The complement erfc x = 1 − erf x, entry by entry, in [0, 2]; accurate for a large x too, where the difference would
    /// lose every digit. Its derivative is −2/√π · exp(−x²).
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Erfc(0).Evaluate();      // 1
    /// </code></example>
    public static Expr Erfc(Expr x) => ComplementaryErrorFunction.Primitive.Apply(x);
}

internal readonly struct ErrorFunction : IUnaryKernel, IDeclaration
{
    // 2/√π
    private const double Factor = 1.1283791670955126;

    public static Primitive Primitive { get; } = new Unary<ErrorFunction>(new()
    {
        Name = "erf",
        Formula = "2/√π · ∫₀ˣ exp(−t²) dt",
        Rule = Elementwise.Partial((x, y) => Slope(x)),
        Domains = [Domain.Real],
        Kinks = [new([double.PositiveInfinity], [0], "continuity"), new([double.NegativeInfinity], [0], "continuity")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public static Expr Slope(Expr x) => Factor * Expr.Exp(-x.Square());

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var distance = T.Abs(x);
        return distance < T.CreateTruncating(0.5) ? NearZero(x) : T.CopySign(T.One - Tail(distance), x);
    }

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneErrorFunction.Of(x);

    /// <summary>erf x for |x| &lt; ½ from its power series Σ (−1)ᵏ·x²ᵏ⁺¹/(k!·(2k + 1)), whose first term dominates.</summary>
    public static T NearZero<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var square = x * x;
        var power = T.One;
        var sum = T.Zero;
        for (var k = 1; ; k++)
        {
            power *= -square / T.CreateTruncating(k);
            var next = sum + (power / T.CreateTruncating((2 * k) + 1));
            if (next == sum || T.IsNaN(next))
            {
                return T.CreateTruncating(Factor) * (x + (x * sum));
            }

            sum = next;
        }
    }

    /// <summary>
    /// erfc x for x ≥ ½. In erfc x = 2x/π · exp(−x²) · ∫₀^∞ exp(−t²)/(x² + t²) dt the trapezoidal rule with step h = ½ is
    /// exact to double precision, but for the residue 2/(exp(2πx/h) − 1) of the pole at t = ix while x &lt; π/h. All of its
    /// terms are positive.
    /// </summary>
    public static T Tail<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (x > T.CreateTruncating(30))
        {
            return T.Zero;
        }

        var square = x * x;
        var quarter = T.Exp(T.CreateTruncating(-0.25));
        var half = T.Exp(T.CreateTruncating(-0.5));
        var weight = T.One;
        var ratio = quarter;
        var sum = T.Zero;
        for (var k = 1; k <= 13; k++)
        {
            // The weights exp(−k²/4) by their ratios exp(−(2k − 1)/4).
            weight *= ratio;
            ratio *= half;
            sum += weight / (square + T.CreateTruncating(0.25 * k * k));
        }

        sum = (T.One / square) + (sum + sum);

        // The rounding of x² matters for a large x: it is exactly the remainder that the fused product gives.
        var remainder = T.FusedMultiplyAdd(x, x, -square);
        var value = T.Exp(-square) * (T.One - remainder) * (x * sum / (T.Pi + T.Pi));
        return x < T.Tau ? value - ((T.One + T.One) / (T.Exp((T.Tau + T.Tau) * x) - T.One)) : value;
    }
}

internal readonly struct ComplementaryErrorFunction : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<ComplementaryErrorFunction>(new()
    {
        Name = "erfc",
        Formula = "1 − erf x",
        Rule = Elementwise.Partial((x, y) => -ErrorFunction.Slope(x)),
        Domains = [Domain.Real],
        Kinks = [new([double.PositiveInfinity], [0], "continuity"), new([double.NegativeInfinity], [0], "continuity")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var half = T.CreateTruncating(0.5);
        return x >= half ? ErrorFunction.Tail(x)
            : x > -half ? T.One - ErrorFunction.NearZero(x)
            : (T.One + T.One) - ErrorFunction.Tail(-x);
    }

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneErrorFunction.Complement(x);
}
