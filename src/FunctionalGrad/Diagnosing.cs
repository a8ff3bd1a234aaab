using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Finding out what went wrong: where a NaN or an infinity came from, in values and in gradients. See
/// <see cref="Differentiate.CheckGradient(Expr, Point{double}, GradientCheckOptions?)"/> for derivatives that may be wrong.
/// </summary>
public static class Diagnosing
{
    /// <summary>
    /// Explains a value that is NaN or infinite: the node that first became so, its inputs, and the way from the result down
    /// to it. The interpreter evaluates the whole graph once and keeps every value.
    /// </summary>
    /// <remarks>
    /// Only what the result came from is blamed: a NaN in a branch not taken is not. A NaN is followed to a NaN operand where
    /// there is one, and else to the infinite one, so that ∞ − ∞ is traced to what overflowed.
    /// </remarks>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="at">The values of its variables.</param>
    /// <returns>The explanation; null where every entry of the value is finite.</returns>
    /// <exception cref="UnboundVariableException">The point lacks a variable of the expression.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x", [3]);
    /// var loss = (2 * Expr.Log(x)).Sum();
    /// var why = loss.ExplainNonFinite(Point.Of((x, Tensor.Of(1.0, 2.0, -1.5))));
    /// why!.Summary;                                                              // log gave NaN at entry [2]: its operand was x = -1.5
    /// why.Entry[0];                                                              // 2
    /// loss.ExplainNonFinite(Point.Of((x, Tensor.Of(1.0, 2.0, 3.0)))) is null;    // True
    /// </code></example>
    public static NonFiniteExplanation? ExplainNonFinite<T>(this Expr expression, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(at);
        return NonFiniteTrace<T>.Of([expression], at).Explain(expression);
    }

    /// <summary>
    /// Explains a gradient that is NaN or infinite. Where the value is so already, that is explained; else the contribution
    /// to an adjoint that first became so: of which user to which operand, by which variable it showed, and which part of
    /// the derivative's formula it was.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="expression">A scalar.</param>
    /// <param name="at">The values of its variables.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <returns>The explanation; null where the value and every derivative are finite.</returns>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="UnboundVariableException">The point lacks a variable of the expression.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var f = 3 * Expr.Sqrt(x);
    /// f.ExplainNonFinite(Point.Of((x, 0.0))) is null;                            // True
    /// var why = f.ExplainNonFiniteGradient(Point.Of((x, 0.0)));
    /// why!.Contribution!.User!;                                                  // sqrt(x)
    /// why.Node;                                                                  // 0.5 / sqrt(x)
    /// why.Contribution.Adjoint;                                                  // 3
    /// </code></example>
    public static NonFiniteExplanation? ExplainNonFiniteGradient<T>(
        this Expr expression, Point<T> at, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(at);
        if (!expression.Shape.IsScalar)
        {
            throw new ShapeException(
                $"explaining a gradient: the expression has shape {expression.Shape}, and only a scalar has a gradient; reduce it with Sum or Mean");
        }

        return expression.ExplainNonFinite(at) ?? NonFiniteGradient.Explain(
            expression, variables.IsEmpty ? TopologicalOrder.Of(expression).Variables.AsSpan() : variables, at);
    }

    /// <summary>
    /// Explains what a compiled function gave, by running its expressions again in the interpreter at the same point. Only
    /// the interpreter keeps every value; where a result is within rounding of overflow the two may differ in what is
    /// finite.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="function">A compiled function.</param>
    /// <param name="at">The values of its variables.</param>
    /// <returns>The explanation of the first result that is not finite; null where all are.</returns>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var f = Expr.Exp(x).Compile&lt;double&gt;();
    /// f.ExplainNonFinite(Point.Of((x, 1000.0)))!.Summary;      // exp gave ∞: its operand was x = 1000
    /// </code></example>
    public static NonFiniteExplanation? ExplainNonFinite<T>(this CompiledFunction<T> function, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(at);
        var trace = NonFiniteTrace<T>.Of(function.Expressions.AsSpan(), at);
        return function.Expressions.Select(trace.Explain).FirstOrDefault(explanation => explanation is not null)?.FromInterpreter();
    }

    /// <summary>
    /// Explains a value or a gradient that a compiled gradient gave, by running both again in the interpreter at the same
    /// point.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="gradient">A compiled gradient.</param>
    /// <param name="at">The values of its variables.</param>
    /// <returns>The explanation; null where the value and every derivative are finite.</returns>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    public static NonFiniteExplanation? ExplainNonFinite<T>(this CompiledGradient<T> gradient, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradient);
        var (value, keys) = gradient.Differentiated;
        return value.ExplainNonFiniteGradient(at, keys.Variables)?.FromInterpreter();
    }
}
