using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>The greater and the lesser of two, and the clamp between bounds.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The greater of x and y, entry by entry, broadcasting as NumPy does; NaN where either is. The derivative goes to the
    /// greater one; where they are equal, ½ to each.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.Maximum(Tensor.Of(1.0, 5), 3).Evaluate();                  // [3, 5]
    /// Differentiate.Derivative(x => Expr.Maximum(x, 2), 2.0);         // 0.5
    /// </code></example>
    public static Expr Maximum(Expr x, Expr y) => GreaterOfTwo.Primitive.Apply(x, y);

    /// <summary>
    /// The lesser of x and y, entry by entry, broadcasting as NumPy does; NaN where either is. The derivative goes to the
    /// lesser one; where they are equal, ½ to each.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.Minimum(Tensor.Of(1.0, 5), 3).Evaluate();                  // [1, 3]
    /// Differentiate.Derivative(x => Expr.Minimum(x, 2), 2.0);         // 0.5
    /// </code></example>
    public static Expr Minimum(Expr x, Expr y) => LesserOfTwo.Primitive.Apply(x, y);

    /// <summary>
    /// x kept between bounds, min(max(x, low), high), entry by entry, broadcasting as NumPy does; where low &gt; high it is
    /// high. The derivative goes to x between the bounds and at them, and to the bound that x is beyond elsewhere.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.Clamp(Tensor.Of(-1.0, 0.5, 3), 0, 1).Evaluate();           // [0, 0.5, 1]
    /// Differentiate.Derivative(x => Expr.Clamp(x, 0, 1), 1.0);        // 1
    /// Differentiate.Derivative(x => Expr.Clamp(x, 0, 1), 1.5);        // 0
    /// </code></example>
    public static Expr Clamp(Expr x, Expr low, Expr high) => ClampBetween.Primitive.Apply(x, low, high);
}

internal readonly struct GreaterOfTwo : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<GreaterOfTwo>(new()
    {
        Name = "maximum",
        Formula = "max(x, y)",
        Rule = Elementwise.Partials((x, y, z) => 0.5 * ((x > y) + (x >= y)), (x, y, z) => 0.5 * ((y > x) + (y >= x))),
        Range = operands => new(Math.Max(operands[0].Range.Low, operands[1].Range.Low), Math.Max(operands[0].Range.High, operands[1].Range.High)),
        Infinities = Infinities.Kept,
        Domains = [Domain.Of(new(-2, -1.1), new(0.1, 0.9)), Domain.Of(new(-0.9, -0.1), new(1.1, 2))],
        Kinks = [new([1, 1], [0.5, 0.5], "shared evenly"), new([0, 0], [0.5, 0.5], "shared evenly")],
        Simplify = node => ReferenceEquals(node.Input(0), node.Input(1)) ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Max(x, y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => V.Max(x, y);
}

internal readonly struct LesserOfTwo : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<LesserOfTwo>(new()
    {
        Name = "minimum",
        Formula = "min(x, y)",
        Rule = Elementwise.Partials((x, y, z) => 0.5 * ((x < y) + (x <= y)), (x, y, z) => 0.5 * ((y < x) + (y <= x))),
        Range = operands => new(Math.Min(operands[0].Range.Low, operands[1].Range.Low), Math.Min(operands[0].Range.High, operands[1].Range.High)),
        Infinities = Infinities.Kept,
        Domains = [Domain.Of(new(-2, -1.1), new(0.1, 0.9)), Domain.Of(new(-0.9, -0.1), new(1.1, 2))],
        Kinks = [new([1, 1], [0.5, 0.5], "shared evenly"), new([0, 0], [0.5, 0.5], "shared evenly")],
        Simplify = node => ReferenceEquals(node.Input(0), node.Input(1)) ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Min(x, y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => V.Min(x, y);
}

internal readonly struct ClampBetween : ITernaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Ternary<ClampBetween>(new()
    {
        Name = "clamp",
        Formula = "min(max(x, low), high)",
        Rule = new Rule.Elementwise((node, operand) =>
        {
            var (x, low, high) = (node.Input(0), node.Input(1), node.Input(2));
            return operand switch
            {
                0 => (x >= low) & (x <= high),
                1 => (x < low) & (low <= high),
                _ => (x > high) | (low > high),
            };
        }),
        Infinities = Infinities.Kept,
        Domains = [Domain.Of(new(-2, -1.1), new(-0.4, 0.4), new(1.1, 2)), Domain.Between(-0.9, -0.6), Domain.Between(0.6, 0.9)],
        Kinks =
        [
            new([0, 0, 1], [1, 0, 0], "1 at a bound"),
            new([1, 0, 1], [1, 0, 0], "1 at a bound"),
            new([1, 1, 1], [1, 0, 0], "1 at a bound"),
            new([0.5, 1, 0], [0, 0, 1], "derivative: the value is high where low > high"),
        ],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y, T z)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Min(T.Max(x, y), z);

    public V Lanes<V>(V x, V y, V z)
        where V : struct, ILanes<V> => V.Min(V.Max(x, y), z);
}
