using System.Numerics;

namespace FunctionalGrad;

/// <content>Jacobians and Hessians that are mostly zero.</content>
public static partial class Differentiate
{
    /// <summary>
    /// The sparse Jacobian of a function at a point: row i is entry i of the value and column j entry j of the argument, both
    /// counted in row-major order. To evaluate at many points, prepare it once with the overload that takes a shape.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="at">Where.</param>
    /// <example><code>
    /// Differentiate.SparseJacobian(x => x * x, Tensor.Of(1.0, 2, 3));      // 3 × 3 with 3 entries: (0, 0) 2, (1, 1) 4, (2, 2) 6
    /// </code></example>
    public static SparseMatrix<T> SparseJacobian<T>(Func<Expr, Expr> function, Tensor<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        return traced.Value.SparseJacobian(traced.Arguments.AsSpan()).Evaluate(traced.Point([at]));
    }

    /// <summary>Prepares a function and its sparse Jacobian for evaluation at many points.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="shape">The shape of its argument.</param>
    /// <example><code>
    /// var f = Differentiate.SparseJacobian&lt;double&gt;(x => Expr.Exp(x), [3]);
    /// f.Invoke(Tensor.Of(0.0, 0, 0)).Jacobian[2, 2];      // 1
    /// </code></example>
    public static SparseJacobian<T> SparseJacobian<T>(Func<Expr, Expr> function, Shape shape)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        var traced = Traced.Of(OfOne(function), [shape]);
        return traced.Value.CompileSparseJacobian<T>(traced.Arguments.AsSpan());
    }

    /// <summary>
    /// The sparse Hessian of a function at a point: row i and column j are entries of the argument, counted in row-major
    /// order. To evaluate at many points, prepare it once with the overload that takes a shape.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// Differentiate.SparseHessian(x => (x * x * x).Sum(), Tensor.Of(1.0, 2));      // 2 × 2 with 2 entries: (0, 0) 6, (1, 1) 12
    /// </code></example>
    public static SparseMatrix<T> SparseHessian<T>(Func<Expr, Expr> function, Tensor<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(at);
        var traced = Traced.Of(OfOne(function), [at.Shape]);
        return traced.Value.SparseHessian(traced.Arguments.AsSpan()).Evaluate(traced.Point([at]));
    }

    /// <summary>Prepares a function, its gradient and its sparse Hessian for evaluation at many points.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="shape">The shape of its argument.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static SparseHessian<T> SparseHessian<T>(Func<Expr, Expr> function, Shape shape)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        var traced = Traced.Of(OfOne(function), [shape]);
        return traced.Value.CompileSparseHessian<T>(traced.Arguments.AsSpan());
    }
}
