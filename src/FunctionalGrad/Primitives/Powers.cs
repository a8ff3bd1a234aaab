using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Powers.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The integer power xⁿ, entry by entry, for any x. Its derivative is n·xⁿ⁻¹, exact for x ≤ 0 too: 0 for n = 0 and 1 for
    /// n = 1, everywhere. x⁰ is 1 for every x.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="n">The exponent, which may be negative.</param>
    /// <example><code>
    /// Expr.Pow(-2, 3).Evaluate();                              // -8
    /// Differentiate.Derivative(x => Expr.Pow(x, 3), -2.0);     // 12
    /// Differentiate.Derivative(x => Expr.Pow(x, 1), 0.0);      // 1
    /// </code></example>
    public static Expr Pow(Expr x, int n) => IntegerPower.Of(n).Apply(x);

    /// <summary>
    /// A power with a fixed exponent, entry by entry: the integer power <see cref="Pow(Expr, int)"/> where the exponent is
    /// whole and fits an <see cref="int"/>, else the real power <see cref="Pow(Expr, Expr)"/>, for x ≥ 0.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">The exponent.</param>
    /// <example><code>
    /// Expr.Pow(-3, 2.0).Evaluate();                            // 9
    /// Differentiate.Derivative(x => Expr.Pow(x, 1.5), 4.0);    // 3
    /// </code></example>
    public static Expr Pow(Expr x, double y) =>
        y is >= int.MinValue and <= int.MaxValue && double.IsInteger(y) ? Pow(x, (int)y) : Pow(x, Constant(y));

    /// <summary>
    /// The real power xʸ, entry by entry, broadcasting as NumPy does: for x ≥ 0, and for x &lt; 0 where y is whole (NaN
    /// elsewhere). ∂xʸ/∂x = y·xʸ⁻¹ and ∂xʸ/∂y = xʸ·ln x.
    /// </summary>
    /// <remarks>
    /// At x = 0 and y = 0 both partials are 0. At x = 0 the partial by y is 0 for y &gt; 0, and the partial by x is +∞ for
    /// 0 &lt; y &lt; 1. For x &lt; 0 the partial by y is NaN.
    /// </remarks>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent, of a shape that broadcasts with x.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr.Pow(4, (Expr)0.5).Evaluate();                             // 2
    /// Differentiate.Derivative(y => Expr.Pow((Expr)0, y), 2.0);      // 0
    /// Differentiate.Derivative(y => Expr.Pow((Expr)1, y), 2.0);      // 0
    /// </code></example>
    public static Expr Pow(Expr x, Expr y) => RealPower.Primitive.Apply(x, y);

    /// <summary>The square x², entry by entry. Its derivative is 2·x.</summary>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, -2, 3);
    /// x.Square().Evaluate();                                 // [1, 4, 9]
    /// Differentiate.Derivative(x => x.Square(), -3.0);       // -6
    /// </code></example>
    public Expr Square() => Pow(this, 2);
}

/// <summary>The power with an integer exponent, a family with the exponent as parameter.</summary>
internal readonly struct IntegerPower(int n) : IUnaryKernel, IDeclaration
{
    public static ImmutableArray<Primitive> Declared => [Of(-2), Of(-1), Of(0), Of(1), Of(2), Of(3), Of(4), Of(7)];

    public static Primitive Of(int n)
    {
        var exponent = n.ToString(CultureInfo.InvariantCulture);
        return new Unary<IntegerPower>(
            new()
            {
                Name = "integer power",
                Parameters = $"n: {exponent}",
                Formula = "xⁿ",
                Rule = Elementwise.Partial((x, y) => n switch
                {
                    0 => null,
                    1 => 1,
                    2 => 2 * x,
                    _ => n * Expr.Pow(x, n - 1.0),
                }),
                Range = operands => n == 2 ? operands[0].Range.Squared() : int.IsEvenInteger(n) ? Interval.NotNegative : Interval.Everything,
                IsFiniteOn = operands => n >= 0 || operands[0].Range.IsAwayFromZero,
                Domains = [n < 0 ? Domain.Of(new(-2, -0.5), new(0.5, 2)) : Domain.Real],
                Kinks = KinksOf(n),
                MayBeInfinite = true,
                Notation = Notation.After(n < 0 ? $"^({exponent})" : $"^{exponent}", 4),
                Simplify = node => n switch
                {
                    0 => Expr.Full(node.Shape, 1),
                    1 => node.Input(0),
                    _ => null,
                },
            },
            new(n));
    }

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => n switch
        {
            0 => T.One,
            1 => x,
            2 => x * x,
            3 => x * x * x,
            4 => x * x * (x * x),
            -1 => T.One / x,
            _ => FromAbsolute(x),
        };

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => n switch
        {
            0 => V.Create(1),
            1 => x,
            2 => x * x,
            3 => x * x * x,
            4 => x * x * (x * x),
            -1 => V.Create(1) / x,
            -2 => ReciprocalSquare(x),
            _ => FromAbsolute(x, V.Create(n)),
        };

    // The sign is settled apart, since a large n may round to a number of the other parity in a narrow precision.
    private T FromAbsolute<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var power = T.Pow(T.Abs(x), T.CreateTruncating(n));
        return int.IsOddInteger(n) && T.IsNegative(x) ? -power : power;
    }

    private V FromAbsolute<V>(V x, V exponent)
        where V : struct, ILanes<V>
    {
        var power = LanePower.OfMagnitude(V.Abs(x), exponent);
        return int.IsOddInteger(n) ? V.CopySign(power, x) : power;
    }

    // Not the reciprocal of the square, which overflows before its reciprocal is 0.
    private static V ReciprocalSquare<V>(V x)
        where V : struct, ILanes<V>
    {
        var reciprocal = V.Create(1) / x;
        return reciprocal * reciprocal;
    }

    private static ImmutableArray<Kink> KinksOf(int n)
    {
        const string because = "n·xⁿ⁻¹, a derivative for every x";
        return n switch
        {
            -1 => [new([0], [double.NegativeInfinity], "continuity"), new([-2], [-0.25], because)],
            0 => [new([0], [0], because), new([-2], [0], because)],
            1 => [new([0], [1], because), new([-2], [1], because)],
            2 => [new([0], [0], because), new([-2], [-4], because)],
            3 => [new([0], [0], because), new([-2], [12], because)],
            _ => [],
        };
    }
}

internal readonly struct RealPower : IBinaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Binary<RealPower>(new()
    {
        Name = "power",
        Formula = "xʸ",
        Rule = Elementwise.Partials(
            (x, y, z) => y.Uniform() is { } exponent ? ByBase(x, exponent) : Expr.Select(Expr.Equal(y, 0), 0, y * Expr.Pow(x, y - 1)),
            (x, y, z) => x.Uniform() is > 0 ? z * Expr.Log(x) : Expr.Select(Expr.Equal(x, 0) & (y >= 0), 0, z * Expr.Log(x))),
        Range = operands => operands[0].Range.Low >= 0 ? Interval.NotNegative : Interval.Everything,
        IsFiniteOn = operands => operands[0].Range is { Low: > 0, IsAwayFromZero: true },
        Domains = [Domain.Between(0.4, 2), Domain.Of(new(-2, -0.2), new(0.2, 2))],
        Kinks =
        [
            new([0, 0], [0, 0], "x⁰ is constant; by y, the limit along x = 0"),
            new([0, 0.5], [double.PositiveInfinity, 0], "continuity"),
            new([0, 1], [1, 0], "derivative in x; continuity in y"),
            new([0, 2], [0, 0], "derivative in x; continuity in y"),
            new([2, 0], [0, 0.6931471805599453], "derivative"),
            new([-2, 3], [12, double.NaN], "derivative in x; no real power beside y"),
        ],
        MayBeInfinite = true,
        Notation = Notation.Between("^", 4, associative: false),
        Simplify = node =>
            node.Input(1).IsUniform(1) ? node.Input(0)
            : node.Input(1).IsUniform(0) ? Expr.Full(node.Shape, 1)
            : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Pow(x, y);

    public V Lanes<V>(V x, V y)
        where V : struct, ILanes<V> => LanePower.Of(x, y);

    // A known exponent needs no choice at run time; neither, above, does a known positive base.
    private static Expr? ByBase(Expr x, double exponent) => exponent == 0 ? null : exponent * Expr.Pow(x, exponent - 1);
}
