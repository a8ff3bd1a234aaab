using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>
/// Comparisons: 1 where they hold, 0 elsewhere, NaN comparing as unequal to everything. Constant wherever they have a
/// derivative, so their derivative is 0.
/// </content>
public abstract partial class Expr
{
    /// <summary>1 where x &gt; y, 0 elsewhere. Broadcasts; its derivative is 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator >(Expr x, Expr y) => Greater.Primitive.Apply(x, y);

    /// <summary>1 where x &lt; y, 0 elsewhere. Broadcasts; its derivative is 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator <(Expr x, Expr y) => Less.Primitive.Apply(x, y);

    /// <summary>1 where x ≥ y, 0 elsewhere. Broadcasts; its derivative is 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator >=(Expr x, Expr y) => GreaterOrEqual.Primitive.Apply(x, y);

    /// <summary>1 where x ≤ y, 0 elsewhere. Broadcasts; its derivative is 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator <=(Expr x, Expr y) => LessOrEqual.Primitive.Apply(x, y);

    /// <summary>1 where x = y, 0 elsewhere, entry by entry. (The operator <c>==</c> compares nodes by reference.)</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Equal(Expr x, Expr y) => EqualTo.Primitive.Apply(x, y);

    /// <summary>1 where x ≠ y or either is NaN, 0 elsewhere, entry by entry.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr NotEqual(Expr x, Expr y) => NotEqualTo.Primitive.Apply(x, y);

    /// <summary>1 where both hold (are not 0), 0 elsewhere.</summary>
    /// <param name="x">A condition.</param>
    /// <param name="y">A condition of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator &(Expr x, Expr y) => Select(x, NotEqual(y, 0), 0);

    /// <summary>1 where at least one holds (is not 0), 0 elsewhere.</summary>
    /// <param name="x">A condition.</param>
    /// <param name="y">A condition of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator |(Expr x, Expr y) => Select(x, 1, NotEqual(y, 0));

    /// <summary>1 where x does not hold (is 0), 0 elsewhere.</summary>
    /// <param name="x">A condition.</param>
    public static Expr operator !(Expr x) => Equal(x, 0);
}

/// <summary>What the comparisons share: everything but the relation itself.</summary>
internal static class Comparison
{
    public static Elementwise Of(string name, string symbol, Func<Application, Expr?>? simplify = null) => new()
    {
        Name = name,
        Formula = $"x {symbol} y",
        Rule = Elementwise.NoPartials,
        Domains = [Domain.Real, Domain.Real],
        IsComparison = true,
        Range = _ => new(0, 1),
        Notation = Notation.Between(symbol, 0, associative: false),
        Simplify = simplify ?? (_ => null),
    };

    public static V Number<V>(V mask)
        where V : struct, ILanes<V> => V.And(mask, V.Create(1));

    public static T Number<T>(bool holds)
        where T : struct, IBinaryFloatingPointIeee754<T> => holds ? T.One : T.Zero;
}

internal readonly struct Greater : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Greater>(Comparison.Of("greater", ">"));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => Comparison.Number<T>(x > y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => Comparison.Number(V.Greater(x, y));
}

internal readonly struct Less : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Less>(Comparison.Of("less", "<"));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => Comparison.Number<T>(x < y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => Comparison.Number(V.Greater(y, x));
}

internal readonly struct GreaterOrEqual : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<GreaterOrEqual>(Comparison.Of("greater or equal", "≥"));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => Comparison.Number<T>(x >= y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => Comparison.Number(V.GreaterOrEqual(x, y));
}

internal readonly struct LessOrEqual : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<LessOrEqual>(Comparison.Of("less or equal", "≤"));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => Comparison.Number<T>(x <= y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => Comparison.Number(V.GreaterOrEqual(y, x));
}

internal readonly struct EqualTo : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<EqualTo>(Comparison.Of("equal", "="));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => Comparison.Number<T>(x == y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => Comparison.Number(V.Equal(x, y));
}

internal readonly struct NotEqualTo : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<NotEqualTo>(Comparison.Of(
        "not equal", "≠", node => node.Input(1).IsUniform(0) && Selection.IsCondition(node.Input(0)) ? node.Input(0) : null));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => Comparison.Number<T>(x != y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => Comparison.Number(V.NotEqual(x, y));
}
