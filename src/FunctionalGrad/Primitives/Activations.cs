using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Smooth steps and ramps, and the rectifier.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The logistic function 1/(1 + e⁻ˣ), entry by entry, in [0, 1]; never overflows. Its derivative is y·(1 − y).
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Logistic(0).Evaluate();                              // 0.5
    /// Differentiate.Derivative(x => Expr.Logistic(x), 0.0);     // 0.25
    /// </code></example>
    public static Expr Logistic(Expr x) => LogisticFunction.Primitive.Apply(x);

    /// <summary>
    /// ln(1 + eˣ), entry by entry; never overflows, and keeps its digits where it is small. Its derivative is the logistic
    /// function: 0 at −∞ and 1 at +∞.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Softplus(1000).Evaluate();                           // 1000
    /// Differentiate.Derivative(x => Expr.Softplus(x), 0.0);     // 0.5
    /// </code></example>
    public static Expr Softplus(Expr x) => SoftplusFunction.Primitive.Apply(x);

    /// <summary>max(x, 0), entry by entry. Its derivative is 1 above 0, and 0 at 0 and below.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.Relu(Tensor.Of(-1.0, 0, 2)).Evaluate();                      // [0, 0, 2]
    /// Differentiate.Derivative(x => Expr.Relu(x), 0.0);                 // 0
    /// Differentiate.Derivative(x => Expr.Sqrt(Expr.Relu(x)), -1.0);     // 0
    /// </code></example>
    public static Expr Relu(Expr x) => Rectifier.Primitive.Apply(x);

    /// <summary>
    /// ln(eˣ + eʸ), entry by entry, broadcasting as NumPy does; never overflows. Its partials are the shares
    /// eˣ/(eˣ + eʸ) and eʸ/(eˣ + eʸ); ½ each where both operands are the same infinity.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.LogAddExp(1000, 0).Evaluate();                               // 1000
    /// Expr.LogAddExp(double.NegativeInfinity, 2).Evaluate();            // 2
    /// Differentiate.Derivative(x => Expr.LogAddExp(x, 1), 1.0);         // 0.5
    /// </code></example>
    public static Expr LogAddExp(Expr x, Expr y) => LogOfSumOfExponentials.Primitive.Apply(x, y);
}

internal readonly struct LogisticFunction : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<LogisticFunction>(new()
    {
        Name = "logistic",
        Formula = "1/(1 + e⁻ˣ)",
        Rule = Elementwise.Partial((x, y) => y * (1 - y)),
        Range = _ => new(0, 1),
        Infinities = Infinities.Tamed,
        Domains = [Domain.Real],
        Kinks = [new([double.PositiveInfinity], [0], "continuity"), new([double.NegativeInfinity], [0], "continuity")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => Value(x);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => OverLanes(x);

    public static V OverLanes<V>(V x)
        where V : struct, ILanes<V>
    {
        var e = LaneExponential.Of(-V.Abs(x));
        return V.Select(V.Greater(V.Create(0), x), e, V.Create(1)) / (V.Create(1) + e);
    }

    public static T Value<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var e = T.Exp(-T.Abs(x));
        return (x < T.Zero ? e : T.One) / (T.One + e);
    }
}

internal readonly struct SoftplusFunction : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<SoftplusFunction>(new()
    {
        Name = "softplus",
        Formula = "ln(1 + eˣ)",
        Rule = Elementwise.Partial((x, y) => Expr.Logistic(x)),
        Range = _ => Interval.NotNegative,
        Infinities = Infinities.Kept,
        Domains = [Domain.Real],
        Kinks = [new([double.PositiveInfinity], [1], "the limit"), new([double.NegativeInfinity], [0], "the limit")],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Max(x, T.Zero) + LogarithmOfOnePlus.Value(T.Exp(-T.Abs(x)));

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> =>
        V.Max(x, V.Create(0)) + LaneLogarithm.OfOnePlus(LaneExponential.Of(-V.Abs(x)));
}

internal readonly struct Rectifier : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<Rectifier>(new()
    {
        Name = "relu",
        Formula = "max(x, 0)",
        Rule = Elementwise.Partial((x, y) => x > 0),
        Range = operands => operands[0].Range.Rising(x => Math.Max(x, 0)),
        Infinities = Infinities.Kept,
        Domains = [Domain.Of(new(-2, -0.1), new(0.1, 2))],
        Kinks = [new([0], [0], "subgradient of least norm"), new([double.PositiveInfinity], [1], "derivative")],
        Simplify = node => node.Input(0) is Application { Primitive: var inner } && inner == Primitive ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Max(x, T.Zero);

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => V.Max(x, V.Create(0));
}

internal readonly struct LogOfSumOfExponentials : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<LogOfSumOfExponentials>(new()
    {
        Name = "logaddexp",
        Formula = "ln(eˣ + eʸ)",
        Rule = Elementwise.Partials(
            (x, y, z) => ShareOfExponential.Of(x, y),
            (x, y, z) => ShareOfExponential.Of(y, x)),
        Infinities = Infinities.Kept,
        Domains = [Domain.Real, Domain.Real],
        Kinks =
        [
            new([double.NegativeInfinity, double.NegativeInfinity], [0.5, 0.5], "shared evenly"),
            new([double.PositiveInfinity, double.PositiveInfinity], [0.5, 0.5], "shared evenly"),
            new([double.NegativeInfinity, 0], [0, 1], "the limit"),
            new([double.PositiveInfinity, 0], [1, 0], "the limit"),
        ],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        // Equal operands stand apart, since the difference of two equal infinities is NaN.
        var distance = x == y ? T.Zero : T.Abs(x - y);
        return T.Max(x, y) + LogarithmOfOnePlus.Value(T.Exp(-distance));
    }

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V>
    {
        var distance = V.Select(V.Equal(x, y), V.Create(0), V.Abs(x - y));
        return V.Max(x, y) + LaneLogarithm.OfOnePlus(LaneExponential.Of(-distance));
    }
}

/// <summary>
/// The partial of <see cref="LogOfSumOfExponentials"/>: the logistic function of x − y, with the limit ½ where both are the
/// same infinity. A primitive of its own, so that derivatives of every order keep that limit.
/// </summary>
internal readonly struct ShareOfExponential : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<ShareOfExponential>(new()
    {
        Name = "share",
        Formula = "eˣ/(eˣ + eʸ)",
        Rule = Elementwise.Partials((x, y, z) => z * Of(y, x), (x, y, z) => -(z * Of(y, x))),
        Domains = [Domain.Real, Domain.Real],
        Kinks =
        [
            new([double.NegativeInfinity, double.NegativeInfinity], [0.25, -0.25], "the limit along x = y"),
            new([double.PositiveInfinity, 0], [0, 0], "the limit"),
        ],
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public static Expr Of(Expr x, Expr y) => Primitive.Apply(x, y);

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => LogisticFunction.Value(x == y ? T.Zero : x - y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> =>
        LogisticFunction.OverLanes(V.Select(V.Equal(x, y), V.Create(0), x - y));
}
