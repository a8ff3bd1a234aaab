using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Absolute value, sign and rounding.</content>
public abstract partial class Expr
{
    /// <summary>The absolute value |x|, entry by entry. Its derivative is the sign of x: 0 at 0.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Abs(-3).Evaluate();                             // 3
    /// Differentiate.Derivative(x => Expr.Abs(x), 0.0);     // 0
    /// </code></example>
    public static Expr Abs(Expr x) => AbsoluteValue.Primitive.Apply(x);

    /// <summary>The sign, entry by entry: 1 above 0, −1 below, 0 at 0, and NaN for NaN. Its derivative is 0, at 0 too.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Sign(Tensor.Of(-3.0, 0, 2)).Evaluate();      // [-1, 0, 1]
    /// </code></example>
    public static Expr Sign(Expr x) => SignOfNumber.Primitive.Apply(x);

    /// <summary>The greatest whole number not above x, entry by entry. Its derivative is 0, at the jumps too.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Floor(-1.5).Evaluate();                           // -2
    /// Differentiate.Derivative(x => Expr.Floor(x), 1.0);     // 0
    /// </code></example>
    public static Expr Floor(Expr x) => RoundingDown.Primitive.Apply(x);

    /// <summary>The least whole number not below x, entry by entry. Its derivative is 0, at the jumps too.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Ceiling(1.25).Evaluate();      // 2
    /// </code></example>
    public static Expr Ceiling(Expr x) => RoundingUp.Primitive.Apply(x);

    /// <summary>
    /// The nearest whole number, entry by entry, halves going to the even one. Its derivative is 0, at the jumps too.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Round(Tensor.Of(0.5, 1.5, 1.75)).Evaluate();      // [0, 2, 2]
    /// </code></example>
    public static Expr Round(Expr x) => RoundingToNearest.Primitive.Apply(x);
}

/// <summary>What the step functions share: constant between their jumps, and left alone by a second application.</summary>
internal static class StepFunction
{
    // Away from whole numbers and halves, where the jumps are.
    private static readonly Domain BetweenJumps =
        Domain.Of(new(-1.9, -1.6), new(-1.4, -1.1), new(-0.9, -0.6), new(-0.4, -0.1), new(0.1, 0.4), new(0.6, 0.9), new(1.1, 1.4));

    public static Elementwise Of(string name, string formula, double jump) => new()
    {
        Name = name,
        Formula = formula,
        Rule = Elementwise.NoPartials,
        Domains = [BetweenJumps],
        Kinks = [new([jump], [0], "constant on either side")],
        Simplify = node => node.Input(0) is Application { Primitive: var inner } && inner == node.Primitive ? node.Input(0) : null,
    };
}

internal readonly struct AbsoluteValue : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<AbsoluteValue>(new()
    {
        Name = "abs",
        Formula = "|x|",
        Rule = Elementwise.Partial((x, y) => Expr.Sign(x)),
        Range = operands => operands[0].Range is var x && x.Low >= 0 ? x : x.High <= 0 ? -x : new(0, Math.Max(-x.Low, x.High)),
        Infinities = Infinities.Kept,
        Domains = [Domain.Of(new(-2, -0.1), new(0.1, 2))],
        Kinks = [new([0], [0], "subgradient of least norm"), new([double.NegativeInfinity], [-1], "derivative")],
        Simplify = node => node.Input(0) is Application { Primitive: var inner } && inner == Primitive ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Abs(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Abs(x);
}

internal readonly struct SignOfNumber : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<SignOfNumber>(StepFunction.Of("sign", "x/|x|, and 0 for 0", jump: 0));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    // T.Sign throws for NaN.
    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        x > T.Zero ? T.One : x < T.Zero ? -T.One : x == T.Zero ? T.Zero : x;

    public V Lanes<V>(V x)
        where V : struct, ILanes<V>
    {
        var zero = V.Create(0);
        var nearZero = V.Select(V.Equal(x, zero), zero, x);
        return V.Select(V.Greater(x, zero), V.Create(1), V.Select(V.Greater(zero, x), V.Create(-1), nearZero));
    }
}

internal readonly struct RoundingDown : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<RoundingDown>(StepFunction.Of("floor", "⌊x⌋", jump: 1));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Floor(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Floor(x);
}

internal readonly struct RoundingUp : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<RoundingUp>(StepFunction.Of("ceiling", "⌈x⌉", jump: 1));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Ceiling(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Ceiling(x);
}

internal readonly struct RoundingToNearest : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<RoundingToNearest>(StepFunction.Of("round", "⌊x⌉, halves to even", jump: 0.5));

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Round(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Round(x);
}
