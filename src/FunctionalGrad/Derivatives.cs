using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Derivatives and values of an expression, as methods on it. Every derivative is again an expression, so these nest to
/// any order and in any mix. See <see cref="Differentiate"/> for the same on functions.
/// </summary>
public static class Derivatives
{
    /// <summary>The gradient of a scalar expression by all of its variables, by reverse mode.</summary>
    /// <param name="expression">A scalar.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static GradientMap<Expr> Gradient(this Expr expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Gradient(expression, TopologicalOrder.Of(expression).Variables.AsSpan());
    }

    /// <summary>The gradient of a scalar expression by the given variables; zero by those that it does not depend on.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="variables">What to differentiate by.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static GradientMap<Expr> Gradient(this Expr expression, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return expression.Shape.IsScalar
            ? Pullback(expression, 1, variables)
            : throw new ShapeException(
                $"gradient: the expression has shape {expression.Shape}, and only a scalar has a gradient; reduce it with Sum or Mean, or take its Jacobian or a Pullback");
    }

    /// <summary>
    /// The pullback Jᵀ·w (vector-Jacobian product): what a cotangent of the expression is worth to each variable.
    /// </summary>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="cotangent">The cotangent w, of the expression's shape.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <exception cref="ShapeException">The cotangent has another shape than the expression.</exception>
    public static GradientMap<Expr> Pullback(this Expr expression, Expr cotangent, params ReadOnlySpan<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(cotangent);
        if (expression.Shape != cotangent.Shape)
        {
            throw new ShapeException($"pullback: the expression has shape {expression.Shape} and the cotangent {cotangent.Shape}; a cotangent has the shape of the value");
        }

        var order = TopologicalOrder.Of(expression);
        var keys = VariableKeys.Of(variables.IsEmpty ? [.. order.Variables] : variables.ToArray(), "differentiating");
        var adjoints = ReverseMode.Adjoints(order, [expression], [cotangent], keys.Variables);
        var values = new Expr[adjoints.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = adjoints[i] ?? Expr.Zeros(keys.Variables[i].Shape);
        }

        return new(keys, values);
    }

    /// <summary>
    /// The pushforward J·v (Jacobian-vector product): how the expression moves when its variables move with given tangents.
    /// </summary>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="tangents">A tangent for each variable that moves, of its shape; the others stand still.</param>
    public static Expr Pushforward(this Expr expression, GradientMap<Expr> tangents)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(tangents);
        return ForwardMode.Tangents(TopologicalOrder.Of(expression), tangents, [expression])[0] ?? Expr.Zeros(expression.Shape);
    }

    /// <summary>
    /// The Jacobian by one variable: entry [i…, j…] is ∂yᵢ/∂xⱼ, so its shape is the expression's, then the variable's.
    /// </summary>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="variable">What to differentiate by.</param>
    /// <param name="mode">Forward (a direction for each entry of the variable), reverse (one for each entry of the
    /// expression), or by default the one with fewer directions. All directions are taken in one pass.</param>
    public static Expr Jacobian(this Expr expression, Variable variable, DifferentiationMode mode = DifferentiationMode.Automatic)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(variable);
        return Jacobians.Of(expression, variable, mode);
    }

    /// <summary>The Hessian by one variable: entry [i…, j…] is ∂²y/∂xᵢ∂xⱼ. Forward over reverse.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="variable">What to differentiate by, twice.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static Expr Hessian(this Expr expression, Variable variable) =>
        Gradient(expression, variable)[variable].Jacobian(variable, DifferentiationMode.Forward);

    /// <summary>The product H·v of the Hessian with a vector, without forming H. Forward over reverse.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="vector">A component for each variable that counts; the Hessian is by these variables.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static GradientMap<Expr> HessianVectorProduct(this Expr expression, GradientMap<Expr> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        var gradient = Gradient(expression, vector.Keys.Variables);
        var order = TopologicalOrder.Of(gradient.Values);
        var tangents = ForwardMode.Tangents(order, vector, gradient.Values);
        var values = new Expr[tangents.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = tangents[i] ?? Expr.Zeros(vector.Variables[i].Shape);
        }

        return new(vector.Keys, values);
    }

    /// <summary>The value at a point, in the point's precision.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="expression">The expression.</param>
    /// <param name="at">The values of its variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable of the expression.</exception>
    public static Tensor<T> Evaluate<T>(this Expr expression, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T> => Interpreter<T>.Evaluate([expression], at)[0];

    /// <summary>The value, in double precision, of an expression without variables.</summary>
    /// <param name="expression">The expression.</param>
    /// <exception cref="UnboundVariableException">The expression has variables.</exception>
    public static Tensor<double> Evaluate(this Expr expression) => expression.Evaluate(Point<double>.Empty);

    /// <summary>The values of a symbolic gradient at a point. What its entries share is computed once.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="at">The values of its variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable of the gradient.</exception>
    public static GradientMap<Tensor<T>> Evaluate<T>(this GradientMap<Expr> gradient, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return new(gradient.Keys, [.. Interpreter<T>.Evaluate(gradient.Values, at)]);
    }

    /// <summary>The value and the gradient of a scalar expression at a point. What they share is computed once.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="expression">A scalar.</param>
    /// <param name="gradient">Its gradient, as <see cref="Gradient(Expr)"/> gives it.</param>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    public static (Tensor<T> Value, GradientMap<Tensor<T>> Gradient) Evaluate<T>(
        this Expr expression, GradientMap<Expr> gradient, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(gradient);
        ImmutableArray<Expr> both = [expression, .. gradient.Values];
        var values = Interpreter<T>.Evaluate(both.AsSpan(), at);
        return (values[0], new(gradient.Keys, [.. values.AsSpan()[1..]]));
    }

    /// <summary>The value and the gradient, by all variables, of a scalar expression at a point.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="expression">A scalar.</param>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    public static (Tensor<T> Value, GradientMap<Tensor<T>> Gradient) ValueAndGradient<T>(this Expr expression, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T> => expression.Evaluate(expression.Gradient(), at);
}
