using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Derivatives of high order along one number, by Taylor mode.</content>
public static partial class Differentiate
{
    /// <summary>
    /// The derivatives 0 … n of a function of one number, f(x), f′(x), …, f⁽ⁿ⁾(x), all at once by Taylor mode: O(n²)
    /// operations for each operation of the function (O(n³) for those whose derivatives are ever new functions, as of a power
    /// that is not whole or of the gamma functions), where derivatives nested n times take exponentially many.
    /// </summary>
    /// <remarks>
    /// Equal to nested derivatives, at kinks and through branches not taken too. The results are expressions and share what
    /// they have in common: evaluate or compile them together. Derivatives of a function of several numbers along a line
    /// are those of <c>t => f(x + t * v)</c>.
    /// </remarks>
    /// <param name="function">A function of a scalar; the value may have any shape, which is that of every derivative.</param>
    /// <param name="order">The highest derivative n, from 0.</param>
    /// <returns>A function from a scalar to n + 1 derivatives; the first is the value. It throws a
    /// <see cref="ShapeException"/> where its argument is not a scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    /// <example><code>
    /// var taylor = Differentiate.Taylor(x => Expr.Exp(2 * x), 4);
    /// taylor(0.0)[4].Evaluate();                                         // 16
    /// Differentiate.Derivative(x => taylor(x)[3])(0.0).Evaluate();       // 16
    /// </code></example>
    public static Func<Expr, ImmutableArray<Expr>> Taylor(Func<Expr, Expr> function, int order) =>
        Series(function, order, TaylorMode.Derivatives);

    /// <summary>The derivatives 0 … n of a function of one number, at a number.</summary>
    /// <param name="function">A function from a scalar to a scalar.</param>
    /// <param name="order">The highest derivative n, from 0.</param>
    /// <param name="at">Where.</param>
    /// <returns>n + 1 numbers; the first is the value.</returns>
    /// <exception cref="ShapeException">The value of the function is not a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    /// <example><code>
    /// Differentiate.Taylor(x => x * x * x, 4, 2.0)[1];      // 12
    /// Differentiate.Taylor(x => x * x * x, 4, 2.0)[3];      // 6
    /// Differentiate.Taylor(x => x * x * x, 4, 2.0)[4];      // 0
    /// </code></example>
    public static ImmutableArray<double> Taylor(Func<Expr, Expr> function, int order, double at) =>
        [.. Taylor(function, order, Tensor.Scalar(at)).Select(derivative => derivative.Shape.IsScalar
            ? derivative.ToScalar()
            : throw new ShapeException(
                $"Taylor: the function's value has shape {derivative.Shape}, not a single number; give the point as a tensor, Tensor.Scalar({at}), for the tensors of derivatives"))];

    /// <summary>The derivatives 0 … n of a function of one number, at a point of rank 0, in the point's precision.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function of a scalar; the value may have any shape.</param>
    /// <param name="order">The highest derivative n, from 0.</param>
    /// <param name="at">Where: a tensor of rank 0.</param>
    /// <returns>n + 1 tensors of the shape of the value, which is the first.</returns>
    /// <exception cref="ShapeException">The point is not a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public static ImmutableArray<Tensor<T>> Taylor<T>(Func<Expr, Expr> function, int order, Tensor<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        var x = Expr.Variable("x", at.Shape);
        return Interpreter<T>.Evaluate(Taylor(function, order)(x).AsSpan(), Point<T>.Of((x, at)));
    }

    /// <summary>
    /// The Taylor coefficients 0 … n of a function of one number: the k-th is f⁽ᵏ⁾(x)/k!, so that
    /// f(x + h) = c₀ + c₁·h + c₂·h² + …. Unlike the derivatives they stay of moderate size at high orders.
    /// </summary>
    /// <param name="function">A function of a scalar; the value may have any shape.</param>
    /// <param name="order">The highest order n, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    /// <example><code>
    /// Differentiate.TaylorCoefficients(x => 1 / (1 - x), 200)(0.0)[200].Evaluate();      // 1
    /// </code></example>
    public static Func<Expr, ImmutableArray<Expr>> TaylorCoefficients(Func<Expr, Expr> function, int order) =>
        Series(function, order, TaylorMode.Coefficients);

    private static Func<Expr, ImmutableArray<Expr>> Series(
        Func<Expr, Expr> function, int order, Func<Expr, Variable, int, Expr?[]> series)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        return x =>
        {
            ArgumentNullException.ThrowIfNull(x);
            if (!x.Shape.IsScalar)
            {
                throw new ShapeException(
                    $"Taylor: the argument has shape {x.Shape}, and a series is in one number; for a line through a tensor write t => f(x + t * v)");
            }

            var traced = Trace(OfOne(function), [x]);
            var results = series(traced.Value, traced.Arguments[0], order);
            return [.. traced.At([x], [.. results.Select(result => result ?? Expr.Zeros(traced.Value.Shape))])];
        };
    }
}
