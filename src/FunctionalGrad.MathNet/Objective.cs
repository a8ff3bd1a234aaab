using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace FunctionalGrad.Solvers;

/// <summary>
/// Expressions as the objective functions that MathNet.Numerics minimises, with exact derivatives from compiled programs.
/// <see cref="Minimiser"/> and <see cref="LeastSquares"/> use them; so may any other minimiser of MathNet.Numerics.
/// </summary>
/// <remarks>Several variables stand in the vector one after the other, each in row-major order.</remarks>
/// <example><code>
/// var x = Expr.Variable("x", [2]);
/// var objective = Objective.WithHessian((x.Square() * Tensor.Of(1.0, 10)).Sum(), x);
/// objective.EvaluateAt(Tensor.Of(3.0, 1).ToVector());
/// objective.Value;                      // 19
/// objective.Gradient.ToTensor();        // [6, 20]
/// objective.Hessian.ToTensor();         // [[2, 0], [0, 20]]
/// </code></example>
public static class Objective
{
    /// <summary>An objective with its gradient, for BFGS and its relatives and for conjugate gradients.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="variables">What to minimise over; none given means all variables of the expression.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static IObjectiveFunction WithGradient(Expr expression, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return WithGradient(expression, new Packing(OrAll(expression, variables)), _ => { });
    }

    /// <summary>An objective with its gradient and its Hessian, for Newton's method.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="variables">What to minimise over; none given means all variables of the expression.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static IObjectiveFunction WithHessian(Expr expression, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return WithHessian(expression, new Packing(OrAll(expression, variables)), _ => { });
    }

    /// <summary>
    /// Residuals with their Jacobian as a model for MathNet.Numerics' own Levenberg–Marquardt and trust regions: half the
    /// sum of their squares is minimised. <see cref="LeastSquares"/> gives more digits.
    /// </summary>
    /// <param name="residuals">The residuals, of any shape.</param>
    /// <param name="variables">What to minimise over; none given means all variables of the expression.</param>
    public static IObjectiveModel OfResiduals(Expr residuals, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        var packing = new Packing(OrAll(residuals, variables));
        var compiled = residuals.CompileSparseJacobian<double>(packing.Variables.AsSpan());

        // The model's observations are 0, so its value is the residual itself; what is observed at has no meaning here.
        var nothing = Vector<double>.Build.Dense(residuals.Shape.Size);
        return ObjectiveFunction.NonlinearModel(
            (Vector<double> at, Vector<double> _) => compiled.Invoke(packing.ToPoint(at)).Value.ToVector(),
            (Vector<double> at, Vector<double> _) => compiled.Invoke(packing.ToPoint(at)).Jacobian.ToDense().ToMatrix(),
            nothing,
            nothing);
    }

    internal static IObjectiveFunction WithGradient(Expr expression, Packing packing, Action<Vector<double>> evaluated)
    {
        var compiled = expression.CompileWithGradient<double>(packing.Variables.AsSpan());
        return ObjectiveFunction.Gradient(vector =>
        {
            var (value, gradient) = compiled.Invoke(packing.ToPoint(vector));
            var packed = packing.ToVector(variable => gradient[variable]);
            evaluated(packed);
            return (value, packed);
        });
    }

    internal static IObjectiveFunction WithHessian(Expr expression, Packing packing, Action<Vector<double>> evaluated)
    {
        var compiled = expression.CompileSparseHessian<double>(packing.Variables.AsSpan());
        return ObjectiveFunction.GradientHessian(vector =>
        {
            var (value, gradient, hessian) = compiled.Invoke(packing.ToPoint(vector));
            var packed = packing.ToVector(variable => gradient[variable]);
            evaluated(packed);
            return (value, packed, hessian.ToDense().ToMatrix());
        });
    }

    private static ImmutableArray<Variable> OrAll(Expr expression, ReadOnlySpan<Variable> variables) =>
        variables.IsEmpty ? TopologicalOrder.Of(expression).Variables : [.. variables];
}
