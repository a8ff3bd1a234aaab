using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>Reverse passes step by step, to be looked at: as values, and as JSON, DOT and Mermaid.</summary>
public static class Tracing
{
    /// <summary>
    /// The gradient of a scalar at a point, step by step, as the library pulls it: for each node its uses, what each of them
    /// contributes, as an expression and as a number, the adjoint as their sum, and the map before and after. Takes time and
    /// memory in proportion to the graph, times the logarithm of its size for the maps.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="loss">A scalar.</param>
    /// <param name="at">The values of its variables.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    /// <example><code>
    /// var a = Expr.Variable("a");
    /// Expr b = a + a;
    /// var trace = (b + b).TraceGradient(Point.Of((a, 1.0)));
    /// trace[1].Uses[1];        // 1 = 1
    /// trace[1].AdjointValue;   // 2
    /// trace.Gradient;          // { a ↦ 4 }
    /// </code></example>
    public static GradientTrace<T> TraceGradient<T>(this Expr loss, Point<T> at, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        RequireScalar(loss);
        ArgumentNullException.ThrowIfNull(at);
        return GradientTrace<T>.Of(loss, at, variables);
    }

    /// <summary>
    /// The same pass pushed: a fold of maps, each step of which adds one contribution to one entry and returns a new map. The
    /// last map is the gradient up to the order of sums, which here are added up from the root's side.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="loss">A scalar.</param>
    /// <param name="at">The values of its variables.</param>
    /// <param name="variables">What to differentiate by; none given means all variables of the expression.</param>
    /// <returns>The steps; none where the expression has no variables.</returns>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="UnboundVariableException">The point lacks a variable.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var pushed = (x * x).TracePushedGradient(Point.Of((x, 3.0)));
    /// pushed[1].After[x];          // 3
    /// pushed[2];                   // x ↦ 3 + x = 3
    /// pushed[2].After.Gradient;    // { x ↦ 6 }
    /// </code></example>
    public static ImmutableArray<PushStep<T>> TracePushedGradient<T>(this Expr loss, Point<T> at, params ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        RequireScalar(loss);
        ArgumentNullException.ThrowIfNull(at);
        return PushFold.Of(loss, at, variables);
    }

    private static void RequireScalar(Expr loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (!loss.Shape.IsScalar)
        {
            throw new ShapeException(
                $"tracing a gradient: the expression has shape {loss.Shape}, and only a scalar has a gradient; reduce it with Sum or Mean");
        }
    }
}
