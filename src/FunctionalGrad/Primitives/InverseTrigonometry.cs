using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>The inverses of sine, cosine and tangent.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The angle in [−π/2, π/2] whose sine is x, entry by entry, for −1 ≤ x ≤ 1 (NaN elsewhere). Its derivative
    /// 1/√(1 − x²) is +∞ at ±1.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Asin(0).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Asin(x), 0.0);    // 1
    /// </code></example>
    public static Expr Asin(Expr x) => ArcSine.Primitive.Apply(x);

    /// <summary>
    /// The angle in [0, π] whose cosine is x, entry by entry, for −1 ≤ x ≤ 1 (NaN elsewhere). Its derivative
    /// −1/√(1 − x²) is −∞ at ±1.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Acos(1).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Acos(x), 0.0);    // -1
    /// </code></example>
    public static Expr Acos(Expr x) => ArcCosine.Primitive.Apply(x);

    /// <summary>The angle in [−π/2, π/2] whose tangent is x, entry by entry. Its derivative is 1/(1 + x²).</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Atan(0).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Atan(x), 1.0);    // 0.5
    /// </code></example>
    public static Expr Atan(Expr x) => ArcTangent.Primitive.Apply(x);

    /// <summary>
    /// The angle in [−π, π] of the point (x, y) with the positive x axis, entry by entry, broadcasting as NumPy does. Its
    /// partials are x/(x² + y²) by y and −y/(x² + y²) by x; at the origin there are none, and they are NaN. On the negative
    /// x axis the angle jumps and the partials do not.
    /// </summary>
    /// <param name="y">The ordinate: it comes first, as in other libraries.</param>
    /// <param name="x">The abscissa, of a shape that broadcasts with y.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.Atan2(0, 1).Evaluate();                              // 0
    /// Differentiate.Derivative(y => Expr.Atan2(y, 2), 0.0);     // 0.5
    /// </code></example>
    public static Expr Atan2(Expr y, Expr x) => AngleOfPoint.Primitive.Apply(y, x);
}

internal readonly struct ArcSine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<ArcSine>(new()
    {
        Name = "asin",
        Formula = "arcsin x",

        // (1 − x)(1 + x) rather than 1 − x²: both factors are exact where the product is small.
        Rule = Elementwise.Partial((x, y) => 1 / Expr.Sqrt((1 - x) * (1 + x))),
        Domains = [Domain.Between(-0.8, 0.8)],
        Kinks = [new([1], [double.PositiveInfinity], "continuity"), new([-1], [double.PositiveInfinity], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Asin(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneAngle.OfSine(x);
}

internal readonly struct ArcCosine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<ArcCosine>(new()
    {
        Name = "acos",
        Formula = "arccos x",
        Rule = Elementwise.Partial((x, y) => -1 / Expr.Sqrt((1 - x) * (1 + x))),
        Domains = [Domain.Between(-0.8, 0.8)],
        Kinks = [new([1], [double.NegativeInfinity], "continuity"), new([-1], [double.NegativeInfinity], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Acos(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneAngle.OfCosine(x);
}

internal readonly struct ArcTangent : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<ArcTangent>(new()
    {
        Name = "atan",
        Formula = "arctan x",
        Rule = Elementwise.Partial((x, y) => 1 / (1 + x.Square())),
        Domains = [Domain.Real],
        Kinks = [new([double.PositiveInfinity], [0], "continuity"), new([double.NegativeInfinity], [0], "continuity")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Atan(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneAngle.OfTangent(x);
}

internal readonly struct AngleOfPoint : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<AngleOfPoint>(new()
    {
        Name = "atan2",
        Formula = "the angle of (x, y), ordinate first",

        // Dividing twice by the radius, since its square overflows and underflows long before the quotient does.
        Rule = Elementwise.Partials((y, x, z) => Quotient(x, x, y), (y, x, z) => -Quotient(y, x, y)),
        Domains = [Domain.Real, Domain.Between(0.5, 2)],
        Kinks =
        [
            new([0, 0], [double.NaN, double.NaN], "no derivative, and none is the limit"),
            new([0, -2], [-0.5, 0], "continuity of the partials"),
            new([2, 0], [0, -0.5], "derivative"),
        ],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Atan2(x, y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => LaneAngle.OfPoint(x, y);

    private static Expr Quotient(Expr numerator, Expr x, Expr y)
    {
        var radius = Expr.Hypot(x, y);
        return numerator / radius / radius;
    }
}
