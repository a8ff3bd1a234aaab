using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>The four operations and negation, with plain numbers on either side.</content>
public abstract partial class Expr
{
    /// <summary>The opposite, −x, entry by entry.</summary>
    /// <param name="x">Any expression.</param>
    public static Expr operator -(Expr x) => Negate.Primitive.Apply(x);

    /// <summary>The expression itself.</summary>
    /// <param name="x">Any expression.</param>
    public static Expr operator +(Expr x) => x;

    /// <summary>The sum x + y, entry by entry, broadcasting as NumPy does.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator +(Expr x, Expr y) => Add.Primitive.Apply(x, y);

    /// <inheritdoc cref="op_Addition(Expr, Expr)"/>
    public static Expr operator +(Expr x, double y) => x + Constant(y);

    /// <inheritdoc cref="op_Addition(Expr, Expr)"/>
    public static Expr operator +(double x, Expr y) => Constant(x) + y;

    /// <summary>The difference x − y, entry by entry, broadcasting as NumPy does.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator -(Expr x, Expr y) => Subtract.Primitive.Apply(x, y);

    /// <inheritdoc cref="op_Subtraction(Expr, Expr)"/>
    public static Expr operator -(Expr x, double y) => x - Constant(y);

    /// <inheritdoc cref="op_Subtraction(Expr, Expr)"/>
    public static Expr operator -(double x, Expr y) => Constant(x) - y;

    /// <summary>The product x·y, entry by entry, broadcasting as NumPy does. For the matrix product see <c>MatMul</c>.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator *(Expr x, Expr y) => Multiply.Primitive.Apply(x, y);

    /// <inheritdoc cref="op_Multiply(Expr, Expr)"/>
    public static Expr operator *(Expr x, double y) => x * Constant(y);

    /// <inheritdoc cref="op_Multiply(Expr, Expr)"/>
    public static Expr operator *(double x, Expr y) => Constant(x) * y;

    /// <summary>The quotient x/y, entry by entry, broadcasting as NumPy does. Where y is 0 it is ±∞, or NaN for 0/0.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator /(Expr x, Expr y) => Divide.Primitive.Apply(x, y);

    /// <inheritdoc cref="op_Division(Expr, Expr)"/>
    public static Expr operator /(Expr x, double y) => x / Constant(y);

    /// <inheritdoc cref="op_Division(Expr, Expr)"/>
    public static Expr operator /(double x, Expr y) => Constant(x) / y;
}

internal readonly struct Negate : IUnaryKernel, IDeclaration
{
    /// <summary>What an expression is the negative of; null where it is no negative.</summary>
    public static Expr? Of(Expr negative) =>
        negative is Application { Primitive: var primitive } node && primitive == Primitive ? node.Input(0) : null;

    public static Primitive Primitive { get; } = new Unary<Negate>(new()
    {
        Name = "negate",
        Formula = "−x",
        Rule = Elementwise.Partial((x, y) => -1),
        Range = operands => -operands[0].Range,
        Infinities = Infinities.Kept,
        Domains = [Domain.Real],
        Notation = Notation.Before("−", 2),
        Simplify = node => Of(node.Input(0)) ?? (Multiply.FactorOf(node.Input(0)) is var (factor, x) ? -factor * x : null),
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => -x;

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => -x;
}

internal readonly struct Add : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Add>(new()
    {
        Name = "add",
        Formula = "x + y",
        Rule = Elementwise.Partials((x, y, z) => 1, (x, y, z) => 1),
        Range = operands => operands[0].Range + operands[1].Range,
        Domains = [Domain.Real, Domain.Real],
        Notation = Notation.Between("+", 1, associative: true),
        Simplify = node => node.Input(0).IsUniform(0) ? node.Input(1)
            : node.Input(1).IsUniform(0) ? node.Input(0)
            : Negate.Of(node.Input(1)) is { } subtracted ? node.Input(0) - subtracted
            : Negate.Of(node.Input(0)) is { } first ? node.Input(1) - first
            : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => x + y;

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => x + y;
}

internal readonly struct Subtract : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Subtract>(new()
    {
        Name = "subtract",
        Formula = "x − y",
        Rule = Elementwise.Partials((x, y, z) => 1, (x, y, z) => -1),
        Range = operands => operands[0].Range - operands[1].Range,
        Domains = [Domain.Real, Domain.Real],
        Notation = Notation.Between("−", 1, associative: false),
        Simplify = node => node.Input(1).IsUniform(0) ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => x - y;

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => x - y;
}

internal readonly struct Multiply : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Multiply>(new()
    {
        Name = "multiply",
        Formula = "x · y",
        Rule = Elementwise.Partials((x, y, z) => y, (x, y, z) => x, linearInX: true),
        Range = operands => ReferenceEquals(operands[0], operands[1]) ? operands[0].Range.Squared() : operands[0].Range * operands[1].Range,
        Domains = [Domain.Real, Domain.Real],
        Notation = Notation.Between("·", 3, associative: true),

        // x·0 stays: it is 0 only where x is finite.
        Simplify = node => node.Input(0).IsUniform(1) ? node.Input(1)
            : node.Input(1).IsUniform(1) ? node.Input(0)
            : FactorOf(node) is var (factor, x) ? (factor == -1 ? -x : Folded(factor, x))
            : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    /// <summary>The number that an expression is a multiple of, and what of; null where it is not the product of a number and something else.</summary>
    public static (double Factor, Expr Of)? FactorOf(Expr product) =>
        product is not Application { Primitive: var primitive } node || primitive != Primitive ? null
        : node.Input(0).Uniform() is { } left ? (left, node.Input(1))
        : node.Input(1).Uniform() is { } right ? (right, node.Input(0))
        : null;

    // A power of two, or −1, changes no digit, so that it may be multiplied with the other factor beforehand; as long as both
    // are far from what a number can be, in either precision.
    private static Expr? Folded(double factor, Expr x)
    {
        if (Negate.Of(x) is { } negated)
        {
            return -factor * negated;
        }

        return FactorOf(x) is var (inner, rest) && IsExact(inner) && IsModerate(factor) && IsModerate(factor * inner) ? factor * inner * rest : null;

        static bool IsExact(double inner) => Math.Abs(inner) is >= 1 and <= 1024 && double.IsPow2(Math.Abs(inner));

        static bool IsModerate(double number) => Math.Abs(number) is > 1e-20 and < 1e20;
    }

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => x * y;

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => x * y;
}

internal readonly struct Divide : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<Divide>(new()
    {
        Name = "divide",
        Formula = "x / y",

        // (x/y)/y rather than x/y²: y² overflows and underflows long before the quotient does.
        Rule = Elementwise.Partials((x, y, z) => 1 / y, (x, y, z) => -(z / y), linearInX: true),
        Range = operands => operands[0].Range / operands[1].Range,
        IsFiniteOn = operands => operands[1].Range.IsAwayFromZero,
        Domains = [Domain.Real, Domain.Of(new(-2, -0.5), new(0.5, 2))],
        MayBeInfinite = true,
        Notation = Notation.Between("/", 3, associative: false),
        Simplify = node => node.Input(1).IsUniform(1) ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => x / y;

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => x / y;
}
