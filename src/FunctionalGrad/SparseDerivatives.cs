using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Jacobians and Hessians that are mostly zero, as methods on an expression. See <see cref="Differentiate"/> for the same on
/// functions.
/// </summary>
public static class SparseDerivatives
{
    /// <summary>The Jacobian by some variables, by its entries that may differ from zero.</summary>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x", [1000]);
    /// Expr.Sin(x).SparseJacobian(x);        // 1000 × 1000 with 1000 entries, in 1 forward pass
    /// x.Norm().SparseJacobian(x);           // 1 × 1000 with 1000 entries, in 1 reverse pass
    /// </code></example>
    public static SparseDerivative SparseJacobian(this Expr expression, params ReadOnlySpan<Variable> variables) =>
        SparseJacobian(expression, DifferentiationMode.Automatic, variables);

    /// <summary>The Jacobian by some variables in a given mode, by its entries that may differ from zero.</summary>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="mode">Forward (columns share passes), reverse (rows do), or the one with fewer passes.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    public static SparseDerivative SparseJacobian(
        this Expr expression, DifferentiationMode mode, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return SparseDerivative.Jacobian(expression, OrAll(expression, variables), mode);
    }

    /// <summary>The Hessian of a scalar by some variables, by its entries that may differ from zero.</summary>
    /// <remarks>
    /// Taken to be symmetric, as it is for every rule that is the derivative of its primitive. An entry is in the pattern
    /// where the graph joins two entries of variables non-linearly: what is only added makes none.
    /// </remarks>
    /// <param name="expression">A scalar.</param>
    /// <param name="variables">What to differentiate by, twice; none given means all variables of the expression.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x", [1000]);
    /// (Expr.Exp(x).Sum() + 3 * x.Sum()).SparseHessian(x);      // 1000 × 1000 with 1000 entries, in 1 forward pass
    /// </code></example>
    public static SparseDerivative SparseHessian(this Expr expression, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var gradient = expression.Gradient(OrAll(expression, variables));
        return SparseDerivative.Hessian(gradient.Values, gradient.Keys.Variables);
    }

    /// <summary>The entries of a sparse derivative at a point, by the interpreter, in the point's precision.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="derivative">A Jacobian or Hessian.</param>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    public static SparseMatrix<T> Evaluate<T>(this SparseDerivative derivative, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(derivative);
        var parts = Interpreter<T>.Evaluate(derivative.Parts.AsSpan(), at);
        return SparseMatrix<T>.Seal(derivative.Pattern, derivative.Pick(parts.AsSpan()));
    }

    /// <summary>Prepares an expression and its sparse Jacobian for evaluation at many points.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    public static SparseJacobian<T> CompileSparseJacobian<T>(this Expr expression, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        CompileSparseJacobian<T>(expression, DifferentiationMode.Automatic, variables);

    /// <summary>Prepares an expression and its sparse Jacobian, in a given mode, for evaluation at many points.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="mode">Forward (columns share passes), reverse (rows do), or the one with fewer passes.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    public static SparseJacobian<T> CompileSparseJacobian<T>(
        this Expr expression, DifferentiationMode mode, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T> => new(expression, expression.SparseJacobian(mode, variables));

    /// <summary>Prepares a scalar expression, its gradient and its sparse Hessian for evaluation at many points.</summary>
    /// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <param name="expression">A scalar.</param>
    /// <param name="variables">What to differentiate by, twice; none given means all variables of the expression.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    public static SparseHessian<T> CompileSparseHessian<T>(this Expr expression, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(expression);
        var gradient = expression.Gradient(OrAll(expression, variables));
        return new(expression, gradient, SparseDerivative.Hessian(gradient.Values, gradient.Keys.Variables));
    }

    private static ReadOnlySpan<Variable> OrAll(Expr expression, ReadOnlySpan<Variable> variables) =>
        variables.IsEmpty ? TopologicalOrder.Of(expression).Variables.AsSpan() : variables;
}
