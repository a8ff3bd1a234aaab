using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Gradients of functions with one number as their value, by reverse mode.</content>
public static partial class Differentiate
{
    /// <summary>The gradient of a function: ∂y/∂xᵢ for every entry of its argument.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <returns>The gradient, a function of the same argument; it throws a <see cref="ShapeException"/> where the value
    /// is not a scalar.</returns>
    /// <example><code>
    /// var gradient = Differentiate.Gradient(x => x.Square().Sum());
    /// gradient(Tensor.Of(1.0, 2.0, 3.0)).Evaluate();      // [2, 4, 6]
    /// </code></example>
    public static Func<Expr, Expr> Gradient(Func<Expr, Expr> function)
    {
        var gradient = Gradient(OfOne(function));
        return x => gradient([x])[0];
    }

    /// <summary>The gradients of a function of two arguments, by each of them.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <example><code>
    /// var gradient = Differentiate.Gradient((x, y) => x * x * y);
    /// gradient(3.0, 2.0).ByX.Evaluate();      // 12
    /// gradient(3.0, 2.0).ByY.Evaluate();      // 9
    /// </code></example>
    public static Func<Expr, Expr, (Expr ByX, Expr ByY)> Gradient(Func<Expr, Expr, Expr> function)
    {
        var gradient = Gradient(OfTwo(function));
        return (x, y) => gradient([x, y]) is [var byX, var byY] ? (byX, byY) : default;
    }

    /// <summary>The gradients of a function of three arguments, by each of them.</summary>
    /// <param name="function">A function with a scalar value.</param>
    public static Func<Expr, Expr, Expr, (Expr ByX, Expr ByY, Expr ByZ)> Gradient(Func<Expr, Expr, Expr, Expr> function)
    {
        var gradient = Gradient(OfThree(function));
        return (x, y, z) => gradient([x, y, z]) is [var byX, var byY, var byZ] ? (byX, byY, byZ) : default;
    }

    /// <summary>The gradients of a function of several arguments, by each of them.</summary>
    /// <param name="function">A function with a scalar value.</param>
    public static Func<ImmutableArray<Expr>, ImmutableArray<Expr>> Gradient(Func<ImmutableArray<Expr>, Expr> function)
    {
        var both = ValueAndGradient(function);
        return arguments => both(arguments).Gradient;
    }

    /// <summary>The value and the gradient of a function, which share what they have in common.</summary>
    /// <param name="function">A function with a scalar value.</param>
    public static Func<Expr, (Expr Value, Expr Gradient)> ValueAndGradient(Func<Expr, Expr> function)
    {
        var both = ValueAndGradient(OfOne(function));
        return x => both([x]) is var (value, gradient) ? (value, gradient[0]) : default;
    }

    /// <summary>The value and the gradients of a function of several arguments.</summary>
    /// <param name="function">A function with a scalar value.</param>
    public static Func<ImmutableArray<Expr>, (Expr Value, ImmutableArray<Expr> Gradient)> ValueAndGradient(
        Func<ImmutableArray<Expr>, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments =>
        {
            var traced = Trace(function, arguments);
            var gradient = traced.Value.Gradient(traced.Arguments.AsSpan());
            var results = traced.At(arguments.AsSpan(), [traced.Value, .. gradient.Values]);
            return (results[0], [.. results.AsSpan(1)]);
        };
    }

    /// <summary>The gradient of a function at a point, in the point's precision.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static Tensor<T> Gradient<T>(Func<Expr, Expr> function, Tensor<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T> => ValueAndGradient(function, at).Gradient;

    /// <summary>The gradient of a function of a vector, at a point.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">The components of the point.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// Differentiate.Gradient(x => x.Square().Sum(), [1.0, 2.0]);      // [2, 4]
    /// </code></example>
    public static Tensor<double> Gradient(Func<Expr, Expr> function, params ReadOnlySpan<double> at) =>
        Gradient(function, Tensor.Of(at));

    /// <summary>The value and the gradient of a function at a point. What they share is computed once.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static (T Value, Tensor<T> Gradient) ValueAndGradient<T>(Func<Expr, Expr> function, Tensor<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        var (value, gradient) = ValueAndGradient(OfOne(function), [at]);
        return (value, gradient[0]);
    }

    /// <summary>The value and the gradient of a function of a vector, at a point.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">The components of the point.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// Differentiate.ValueAndGradient(x => x.Square().Sum(), [1.0, 2.0]);      // (5, [2, 4])
    /// </code></example>
    public static (double Value, Tensor<double> Gradient) ValueAndGradient(Func<Expr, Expr> function, params ReadOnlySpan<double> at) =>
        ValueAndGradient(function, Tensor.Of(at));

    /// <summary>The value and the gradients of a function of several arguments at a point.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">A tensor for each argument.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static (T Value, ImmutableArray<Tensor<T>> Gradient) ValueAndGradient<T>(
        Func<ImmutableArray<Expr>, Expr> function, ImmutableArray<Tensor<T>> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var traced = Traced.Of(function, at.Select(value => value.Shape));
        var gradient = traced.Value.Gradient(traced.Arguments.AsSpan());
        var (value, numbers) = traced.Value.Evaluate(gradient, traced.Point(at));
        return (value.ToScalar(), [.. numbers.Values]);
    }
}
