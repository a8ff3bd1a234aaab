using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Choice.</content>
public abstract partial class Expr
{
    /// <summary>
    /// Entry by entry, x where the condition holds (is not 0; NaN counts as holding) and y elsewhere. Broadcasts.
    /// </summary>
    /// <remarks>
    /// The branch not taken contributes exactly 0 to every derivative, of any order and in both modes, even where its own
    /// value or partial is infinite or NaN.
    /// </remarks>
    /// <param name="condition">Usually a comparison. Nothing is differentiated by it.</param>
    /// <param name="x">The value where the condition holds.</param>
    /// <param name="y">The value elsewhere.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Differentiate.Derivative(x => Expr.Select(x > 0, Expr.Log(x), 0), 0.0);      // 0
    /// </code></example>
    public static Expr Select(Expr condition, Expr x, Expr y) => Selection.Primitive.Apply(condition, x, y);
}

internal readonly struct Selection : ITernaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Ternary<Selection>(new()
    {
        Name = "select",
        Formula = "x where c ≠ 0, y elsewhere",
        Rule = new Rule.Linear(
            (node, operand, cotangent) => operand == 1
                ? Expr.Select(node.Input(0), cotangent, 0)
                : Expr.Select(node.Input(0), 0, cotangent),
            operands: [1, 2],
            drops: true,
            chooses: true),
        Range = operands => operands[1].Range.Hull(operands[2].Range),
        Infinities = Infinities.Kept,
        Domains = [Domain.Whole(0, 1), Domain.Real, Domain.Real],
        Simplify = node =>
            ReferenceEquals(node.Input(1), node.Input(2)) ? node.Input(1)
            : node.Input(0).Uniform() is { } condition ? node.Input(condition != 0 ? 1 : 2)
            : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y, T z)
        where T : struct, IBinaryFloatingPointIeee754<T> => x != T.Zero ? y : z;

    public V Lanes<V>(V x, V y, V z)
        where V : struct, ILanes<V> => V.Select(V.Equal(x, V.Create(0)), z, y);
}
