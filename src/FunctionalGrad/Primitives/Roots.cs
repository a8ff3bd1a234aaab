using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Roots.</content>
public abstract partial class Expr
{
    /// <summary>The square root √x, entry by entry, for x ≥ 0 (NaN below). Its derivative ½/√x is +∞ at 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Sqrt(9).Evaluate();                             // 3
    /// Differentiate.Derivative(x => Expr.Sqrt(x), 4.0);    // 0.25
    /// </code></example>
    public static Expr Sqrt(Expr x) => SquareRoot.Primitive.Apply(x);

    /// <summary>The cube root ∛x, entry by entry, of either sign. Its derivative 1/(3·∛x²) is +∞ at 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Cbrt(-8).Evaluate();      // -2
    /// </code></example>
    public static Expr Cbrt(Expr x) => CubeRoot.Primitive.Apply(x);

    /// <summary>
    /// √(x² + y²), entry by entry, broadcasting as NumPy does, and without overflow where the squares would have one. Its
    /// partials are x/z and y/z, and 0 at the origin (the subgradient of least norm).
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.Hypot(3, 4).Evaluate();                              // 5
    /// Differentiate.Derivative(x => Expr.Hypot(x, 0), 0.0);     // 0
    /// </code></example>
    public static Expr Hypot(Expr x, Expr y) => Hypotenuse.Primitive.Apply(x, y);
}

internal readonly struct SquareRoot : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<SquareRoot>(new()
    {
        Name = "sqrt",
        Formula = "√x",
        Rule = Elementwise.Partial((x, y) => 0.5 / y),
        Range = operands => operands[0].Range.Low >= 0 ? operands[0].Range.Rising(Math.Sqrt) : Interval.NotNegative,
        IsFiniteOn = operands => operands[0].Range.Low >= 0,
        Domains = [Domain.Between(0.3, 3)],
        Kinks = [new([0], [double.PositiveInfinity], "continuity"), new([double.PositiveInfinity], [0], "continuity")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    // IEEE says √−0 = −0; adding 0 makes it 0, so that the derivative there is +∞ as at 0, and not −∞.
    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Sqrt(x) + T.Zero;

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Sqrt(x) + V.Create(0);
}

internal readonly struct CubeRoot : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<CubeRoot>(new()
    {
        Name = "cbrt",
        Formula = "∛x",
        Rule = Elementwise.Partial((x, y) => 1 / (3 * y.Square())),
        Domains = [Domain.Of(new(-3, -0.3), new(0.3, 3))],
        Kinks = [new([0], [double.PositiveInfinity], "continuity")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Cbrt(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => LaneRoot.Cube(x);
}

internal readonly struct Hypotenuse : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Hypotenuse>(new()
    {
        Name = "hypot",
        Formula = "√(x² + y²)",
        Rule = Elementwise.Partials(
            (x, y, z) => Expr.Select(Expr.Equal(z, 0), 0, x / z),
            (x, y, z) => Expr.Select(Expr.Equal(z, 0), 0, y / z)),
        Domains = [Domain.Real, Domain.Of(new(-2, -0.5), new(0.5, 2))],
        Kinks = [new([0, 0], [0, 0], "subgradient of least norm"), new([-2, 0], [-1, 0], "derivative")],
        MayBeInfinite = true,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Hypot(x, y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => LaneRoot.Hypotenuse(x, y);
}
