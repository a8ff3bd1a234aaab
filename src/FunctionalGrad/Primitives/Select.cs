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
        Simplify = Simplified,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    /// <summary>
    /// Whether every entry is known to be 1 or 0: that of a comparison, or of a choice between such, as far as a few steps
    /// tell.
    /// </summary>
    public static bool IsCondition(Expr x, int steps = 4) =>
        x is Application { Primitive: var primitive } application
            ? primitive.IsComparison
                || (steps > 0 && primitive == Primitive && IsCondition(application.Input(1), steps - 1) && IsCondition(application.Input(2), steps - 1))
                || (steps > 0 && primitive is Broadcast && IsCondition(application.Input(0), steps - 1))
            : x.Uniform() is 0 or 1;

    // Conditions meet each other again and again behind a choice: c or c is c, and a choice made once need not be made twice.
    private static Expr? Simplified(Application node)
    {
        var (condition, x, y) = (node.Input(0), node.Input(1), node.Input(2));
        return ReferenceEquals(x, y) ? x
            : condition.Uniform() is { } known ? (known != 0 ? x : y)
            : (x.IsUniform(1) || ReferenceEquals(x, condition)) && (y.IsUniform(0) || ReferenceEquals(y, condition)) && IsCondition(condition) ? condition
            : ChoosesBy(condition, x) ? Expr.Select(condition, ((Application)x).Input(1), y)
            : ChoosesBy(condition, y) ? Expr.Select(condition, x, ((Application)y).Input(2))
            : null;
    }

    private static bool ChoosesBy(Expr condition, Expr x) =>
        x is Application { Primitive: var primitive } application && primitive == Primitive && ReferenceEquals(application.Input(0), condition);

    public T Apply<T>(T x, T y, T z)
        where T : struct, IBinaryFloatingPointIeee754<T> => x != T.Zero ? y : z;

    public V Lanes<V>(V x, V y, V z)
        where V : struct, ILanes<V> => V.Select(V.Equal(x, V.Create(0)), z, y);
}
