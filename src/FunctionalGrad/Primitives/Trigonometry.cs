using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Sine, cosine and tangent.</content>
public abstract partial class Expr
{
    /// <summary>The sine of x in radians, entry by entry. Its derivative is the cosine.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Sin(0).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Sin(x), 0.0);    // 1
    /// </code></example>
    public static Expr Sin(Expr x) => Sine.Primitive.Apply(x);

    /// <summary>The cosine of x in radians, entry by entry. Its derivative is −sin x.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Cos(0).Evaluate();      // 1
    /// </code></example>
    public static Expr Cos(Expr x) => Cosine.Primitive.Apply(x);

    /// <summary>
    /// The tangent of x in radians, entry by entry, with poles at π/2 + kπ. Its derivative is 1 + tan² x.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Tan(0).Evaluate();                             // 0
    /// Differentiate.Derivative(x => Expr.Tan(x), 0.0);    // 1
    /// </code></example>
    public static Expr Tan(Expr x) => TangentOfAngle.Primitive.Apply(x);
}

internal readonly struct Sine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<Sine>(new()
    {
        Name = "sin",
        Formula = "sin x",
        Rule = Elementwise.Partial((x, y) => Expr.Cos(x)),
        Range = _ => new(-1, 1),
        Domains = [Domain.Real],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Sin(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> =>
        V.EachWhere(V.Greater(V.Abs(x), LaneSine.Bound<V>()), x, this, LaneSine.Sine(x));
}

internal readonly struct Cosine : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<Cosine>(new()
    {
        Name = "cos",
        Formula = "cos x",
        Rule = Elementwise.Partial((x, y) => -Expr.Sin(x)),
        Range = _ => new(-1, 1),
        Domains = [Domain.Real],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Cos(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> =>
        V.EachWhere(V.Greater(V.Abs(x), LaneSine.Bound<V>()), x, this, LaneSine.Cosine(x));
}

/// <summary>The trigonometric function; a tangent, elsewhere in this library, is a direction that something moves in.</summary>
internal readonly struct TangentOfAngle : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<TangentOfAngle>(new()
    {
        Name = "tan",
        Formula = "tan x",
        Rule = Elementwise.Partial((x, y) => 1 + y.Square()),
        Domains = [Domain.Between(-1.2, 1.2)],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Tan(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> =>
        V.EachWhere(V.Greater(V.Abs(x), LaneSine.Bound<V>()), x, this, LaneSine.Tangent(x));
}
