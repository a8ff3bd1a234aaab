using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Hyperbolic functions and their inverses.</content>
public abstract partial class Expr
{
    /// <summary>The hyperbolic sine (eˣ − e⁻ˣ)/2, entry by entry. Its derivative is cosh x.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Differentiate.Derivative(x => Expr.Sinh(x), 0.0);      // 1
    /// </code></example>
    public static Expr Sinh(Expr x) => HyperbolicSine.Primitive.Apply(x);

    /// <summary>The hyperbolic cosine (eˣ + e⁻ˣ)/2, entry by entry. Its derivative is sinh x.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Cosh(0).Evaluate();      // 1
    /// </code></example>
    public static Expr Cosh(Expr x) => HyperbolicCosine.Primitive.Apply(x);

    /// <summary>The hyperbolic tangent sinh x / cosh x, entry by entry, in [−1, 1]. Its derivative is 1 − tanh² x.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Tanh(0).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Tanh(x), 0.0);    // 1
    /// </code></example>
    public static Expr Tanh(Expr x) => HyperbolicTangent.Primitive.Apply(x);

    /// <summary>The inverse hyperbolic sine ln(x + √(x² + 1)), entry by entry. Its derivative is 1/√(1 + x²).</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Differentiate.Derivative(x => Expr.Asinh(x), 0.0);      // 1
    /// </code></example>
    public static Expr Asinh(Expr x) => InverseHyperbolicSine.Primitive.Apply(x);

    /// <summary>
    /// The inverse hyperbolic cosine ln(x + √(x² − 1)), entry by entry, for x ≥ 1 (NaN below). Its derivative 1/√(x² − 1) is
    /// +∞ at 1.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Acosh(1).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Acosh(x), 1.25);   // 1.3333333333333333
    /// </code></example>
    public static Expr Acosh(Expr x) => InverseHyperbolicCosine.Primitive.Apply(x);

    /// <summary>
    /// The inverse hyperbolic tangent ½·ln((1 + x)/(1 − x)), entry by entry, for −1 ≤ x ≤ 1: ±∞ at ±1, where its derivative
    /// 1/(1 − x²) is +∞, and NaN beyond.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Differentiate.Derivative(x => Expr.Atanh(x), 0.0);      // 1
    /// </code></example>
    public static Expr Atanh(Expr x) => InverseHyperbolicTangent.Primitive.Apply(x);
}

internal readonly struct HyperbolicSine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<HyperbolicSine>(new()
    {
        Name = "sinh",
        Formula = "sinh x",
        Rule = Elementwise.Partial((x, y) => Expr.Cosh(x)),
        Domains = [Domain.Real],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Sinh(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.CopySign(LaneExponential.HyperbolicSine(V.Abs(x)), x);
}

internal readonly struct HyperbolicCosine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<HyperbolicCosine>(new()
    {
        Name = "cosh",
        Formula = "cosh x",
        Rule = Elementwise.Partial((x, y) => Expr.Sinh(x)),
        Range = _ => new(1, double.PositiveInfinity),
        Domains = [Domain.Real],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Cosh(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V>
    {
        var half = LaneExponential.Half(V.Abs(x));
        return half + (V.Create(0.25) / half);
    }
}

internal readonly struct HyperbolicTangent : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<HyperbolicTangent>(new()
    {
        Name = "tanh",
        Formula = "tanh x",
        Rule = Elementwise.Partial((x, y) => 1 - y.Square()),
        Range = _ => new(-1, 1),
        Infinities = Infinities.Tamed,
        Domains = [Domain.Real],
        Kinks = [new([double.PositiveInfinity], [0], "continuity"), new([double.NegativeInfinity], [0], "continuity")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Tanh(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V>
    {
        // With a = e²ˣ − 1, tanh |x| = a/(a + 2), which rounds to 1 from the bound on.
        var distance = V.Clamp(V.Abs(x), V.Create(-1), V.Create(V.IsSingle ? 10 : 22));
        var a = LaneExponential.LessOne(distance + distance);
        return V.CopySign(a / (a + V.Create(2)), x);
    }
}

internal readonly struct InverseHyperbolicSine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<InverseHyperbolicSine>(new()
    {
        Name = "asinh",
        Formula = "arsinh x",
        Rule = Elementwise.Partial((x, y) => 1 / Expr.Hypot(1, x)),
        Domains = [Domain.Real],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Asinh(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneInverseHyperbolic.Sine(x);
}

internal readonly struct InverseHyperbolicCosine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<InverseHyperbolicCosine>(new()
    {
        Name = "acosh",
        Formula = "arcosh x",

        // Two roots rather than one of a product, which would be real for x < −1 and overflow for a large x.
        Rule = Elementwise.Partial((x, y) => 1 / Expr.Sqrt(x - 1) / Expr.Sqrt(x + 1)),
        Domains = [Domain.Between(1.3, 3)],
        Kinks = [new([1], [double.PositiveInfinity], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Acosh(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneInverseHyperbolic.Cosine(x);
}

internal readonly struct InverseHyperbolicTangent : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<InverseHyperbolicTangent>(new()
    {
        Name = "atanh",
        Formula = "artanh x",
        Rule = Elementwise.Partial((x, y) => 1 / ((1 - x) * (1 + x))),
        Domains = [Domain.Between(-0.8, 0.8)],
        Kinks = [new([1], [double.PositiveInfinity], "continuity"), new([-1], [double.PositiveInfinity], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Atanh(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneInverseHyperbolic.Tangent(x);
}
