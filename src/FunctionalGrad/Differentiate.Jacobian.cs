using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Full matrices of first and second derivatives.</content>
public static partial class Differentiate
{
    /// <summary>
    /// The Jacobian of a function: entry [i…, j…] is ∂yᵢ/∂xⱼ, so its shape is that of the value, then that of the argument.
    /// </summary>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="mode">Forward, reverse, or by default the one with fewer directions, chosen by shape.</param>
    /// <example><code>
    /// var polar = (Expr x) => Expr.Stack([x.At(0) * x.At(1), x.At(0) - x.At(1)], 0);
    /// Differentiate.Jacobian(polar)(Tensor.Of(2.0, 3.0)).Evaluate();      // [[3, 2], [1, -1]]
    /// </code></example>
    public static Func<Expr, Expr> Jacobian(
        Func<Expr, Expr> function, DifferentiationMode mode = DifferentiationMode.Automatic)
    {
        var jacobian = Jacobian(OfOne(function), mode);
        return x => jacobian([x])[0];
    }

    /// <summary>The Jacobians of a function of several arguments, by each of them.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="mode">Forward, reverse, or by default the one with fewer directions, chosen by shape.</param>
    public static Func<ImmutableArray<Expr>, ImmutableArray<Expr>> Jacobian(
        Func<ImmutableArray<Expr>, Expr> function, DifferentiationMode mode = DifferentiationMode.Automatic)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments =>
        {
            var traced = Trace(function, arguments);
            var jacobians = traced.Arguments.Select(argument => traced.Value.Jacobian(argument, mode));
            return [.. traced.At(arguments.AsSpan(), [.. jacobians])];
        };
    }

    /// <summary>The Jacobian of a function at a point, in the point's precision.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="at">Where.</param>
    /// <param name="mode">Forward, reverse, or by default the one with fewer directions, chosen by shape.</param>
    public static Tensor<T> Jacobian<T>(
        Func<Expr, Expr> function, Tensor<T> at, DifferentiationMode mode = DifferentiationMode.Automatic)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        return traced.Value.Jacobian(traced.Arguments[0], mode).Evaluate(traced.Point([at]));
    }

    /// <summary>The Hessian of a function: entry [i…, j…] is ∂²y/∂xᵢ∂xⱼ. Forward over reverse.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <returns>The Hessian as a function of the same argument; it throws a <see cref="ShapeException"/> where the value
    /// is not a scalar.</returns>
    /// <example><code>
    /// Differentiate.Hessian(x => x.At(0) * x.At(0) * x.At(1))(Tensor.Of(2.0, 3.0)).Evaluate();      // [[6, 4], [4, 0]]
    /// </code></example>
    public static Func<Expr, Expr> Hessian(Func<Expr, Expr> function)
    {
        var hessian = Hessian(OfOne(function));
        return x => hessian([x])[0][0];
    }

    /// <summary>The Hessian of a function of several arguments, in blocks: block [k][l] is ∂²y/∂xₖ∂xₗ.</summary>
    /// <param name="function">A function with a scalar value.</param>
    public static Func<ImmutableArray<Expr>, ImmutableArray<ImmutableArray<Expr>>> Hessian(Func<ImmutableArray<Expr>, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments =>
        {
            var traced = Trace(function, arguments);
            var gradient = traced.Value.Gradient(traced.Arguments.AsSpan());
            var blocks = traced.Arguments.SelectMany(k =>
                traced.Arguments.Select(l => gradient[k].Jacobian(l, DifferentiationMode.Forward)));
            return [.. traced.At(arguments.AsSpan(), [.. blocks]).Chunk(arguments.Length).Select(row => row.ToImmutableArray())];
        };
    }

    /// <summary>The Hessian of a function at a point, in the point's precision.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static Tensor<T> Hessian<T>(Func<Expr, Expr> function, Tensor<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        return traced.Value.Hessian(traced.Arguments[0]).Evaluate(traced.Point([at]));
    }
}
