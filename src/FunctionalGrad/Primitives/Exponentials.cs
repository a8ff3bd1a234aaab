using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Exponentials and logarithms.</content>
public abstract partial class Expr
{
    /// <summary>The exponential eˣ, entry by entry. Its derivative is itself.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Exp(0).Evaluate();                                  // 1
    /// Differentiate.Derivative(x => Expr.Exp(3 * x), 0.0);     // 3
    /// </code></example>
    public static Expr Exp(Expr x) => Exponential.Primitive.Apply(x);

    /// <summary>
    /// The natural logarithm ln x, entry by entry, for x &gt; 0. It is −∞ at 0, where its derivative 1/x is +∞, and NaN
    /// below. For ln(1 + x) with a small x see <see cref="Log1P"/>.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Log(1).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Log(x), 0.5);    // 2
    /// </code></example>
    public static Expr Log(Expr x) => Logarithm.Primitive.Apply(x);

    /// <summary>eˣ − 1, entry by entry, accurate for small x too, where the difference would lose every digit.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.ExpM1(1e-20).Evaluate();                          // 1E-20
    /// Differentiate.Derivative(x => Expr.ExpM1(x), 0.0);     // 1
    /// </code></example>
    public static Expr ExpM1(Expr x) => ExponentialMinusOne.Primitive.Apply(x);

    /// <summary>
    /// ln(1 + x), entry by entry, for x &gt; −1; accurate for small x too, where the sum would lose every digit. It is −∞ at
    /// −1, where its derivative 1/(1 + x) is +∞, and NaN below.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Log1P(1e-20).Evaluate();                         // 1E-20
    /// Differentiate.Derivative(x => Expr.Log1P(x), 1.0);    // 0.5
    /// </code></example>
    public static Expr Log1P(Expr x) => LogarithmOfOnePlus.Primitive.Apply(x);

    /// <summary>The logarithm to base 2, entry by entry, for x &gt; 0; −∞ at 0, where its derivative is +∞, and NaN below.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Log2(8).Evaluate();      // 3
    /// </code></example>
    public static Expr Log2(Expr x) => BinaryLogarithm.Primitive.Apply(x);

    /// <summary>The logarithm to base 10, entry by entry, for x &gt; 0; −∞ at 0, where its derivative is +∞, and NaN below.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Log10(100).Evaluate();      // 2
    /// </code></example>
    public static Expr Log10(Expr x) => DecimalLogarithm.Primitive.Apply(x);
}

internal readonly struct Exponential : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<Exponential>(new()
    {
        Name = "exp",
        Formula = "eˣ",
        Rule = Elementwise.Partial((x, y) => y),
        Range = operands => operands[0].Range.Rising(Math.Exp),
        IsFiniteOn = operands => operands[0].Range.High <= 80,
        Domains = [Domain.Real],
        Kinks = [new([double.NegativeInfinity], [0], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Exp(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneExponential.Of(x);
}

internal readonly struct Logarithm : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<Logarithm>(new()
    {
        Name = "log",
        Formula = "ln x",
        Rule = Elementwise.Partial((x, y) => 1 / x),
        IsFiniteOn = operands => operands[0].Range is { Low: > 0, IsAwayFromZero: true },
        Domains = [Domain.Between(0.3, 3)],
        Kinks = [new([0], [double.PositiveInfinity], "continuity"), new([double.PositiveInfinity], [0], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Log(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneLogarithm.Of(x);
}

internal readonly struct ExponentialMinusOne : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<ExponentialMinusOne>(new()
    {
        Name = "expm1",
        Formula = "eˣ − 1",

        // Not y + 1, which has no correct digit left where x is far below 0.
        Rule = Elementwise.Partial((x, y) => Expr.Exp(x)),
        Domains = [Domain.Real],
        Kinks = [new([double.NegativeInfinity], [0], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => Value(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneExponential.LessOne(x);

    public static T Value<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var u = T.Exp(x);
        if (!(T.Abs(x) < T.One))
        {
            return u - T.One;
        }

        // u is the exponential of ln u rather than of x; since eˣ = u·exp(x − ln u), and x − ln u is tiny, one Newton step
        // gives back what the rounding of u took away.
        return (u - T.One) + (u * (x - T.Log(u)));
    }
}

internal readonly struct LogarithmOfOnePlus : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<LogarithmOfOnePlus>(new()
    {
        Name = "log1p",
        Formula = "ln(1 + x)",
        Rule = Elementwise.Partial((x, y) => 1 / (1 + x)),
        Domains = [Domain.Between(-0.7, 2)],
        Kinks = [new([-1], [double.PositiveInfinity], "continuity"), new([double.PositiveInfinity], [0], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => Value(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneLogarithm.OfOnePlus(x);

    public static T Value<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var u = T.One + x;
        if (!(u > T.Zero) || T.IsPositiveInfinity(u))
        {
            return T.Log(u);
        }

        // x − (u − 1) is exactly what the rounding of 1 + x took away, and d ln u = du/u.
        return T.Log(u) + ((x - (u - T.One)) / u);
    }
}

internal readonly struct BinaryLogarithm : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<BinaryLogarithm>(new()
    {
        Name = "log2",
        Formula = "ln x / ln 2",
        Rule = Elementwise.Partial((x, y) => 1.4426950408889634 / x),
        Domains = [Domain.Between(0.3, 3)],
        Kinks = [new([0], [double.PositiveInfinity], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => Value(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneLogarithm.Binary(x);

    // T has the logarithm from two of its interfaces, so the call needs a narrower constraint to be unambiguous.
    private static T Value<T>(T x)
        where T : ILogarithmicFunctions<T> => T.Log2(x);
}

internal readonly struct DecimalLogarithm : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<DecimalLogarithm>(new()
    {
        Name = "log10",
        Formula = "ln x / ln 10",
        Rule = Elementwise.Partial((x, y) => 0.4342944819032518 / x),
        Domains = [Domain.Between(0.3, 3)],
        Kinks = [new([0], [double.PositiveInfinity], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Log10(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneLogarithm.Decimal(x);
}
