using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// The meaning of a graph: a fold over its topological order, one primitive after another. Every faster way to run a graph
/// is tested against this one.
/// </summary>
/// <typeparam name="T">The precision of every step.</typeparam>
public static class Interpreter<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The values of expressions at a point. What they share is computed once.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <param name="at">The values of their variables.</param>
    /// <returns>A value for each expression, in order.</returns>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable; found before any work.</exception>
    /// <exception cref="IndexOutsideException">An index is not whole or out of range; found before any work where the
    /// indices are a variable or a constant.</exception>
    public static ImmutableArray<Tensor<T>> Evaluate(ReadOnlySpan<Expr> expressions, Point<T> at) =>
        Evaluate(TopologicalOrder.Of(expressions), expressions, at);

    /// <summary>The values of expressions at a point, computed in an order that the caller has chosen.</summary>
    /// <param name="order">An order that contains the expressions.</param>
    /// <param name="expressions">The expressions.</param>
    /// <param name="at">The values of their variables.</param>
    /// <returns>A value for each expression, in order.</returns>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    /// <exception cref="ShapeException">A value has another shape than its variable; found before any work.</exception>
    /// <exception cref="IndexOutsideException">An index is not whole or out of range; found before any work where the
    /// indices are a variable or a constant.</exception>
    public static ImmutableArray<Tensor<T>> Evaluate(TopologicalOrder order, ReadOnlySpan<Expr> expressions, Point<T> at)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(at);
        Bindings.Of(order).Check(at);
        return Evaluate(order, expressions, variable => at[variable]);
    }

    /// <summary>The results of a function at values of its parameters.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">A value for each parameter, of its shape.</param>
    internal static ImmutableArray<Tensor<T>> Evaluate(ClosedFunction function, ReadOnlySpan<Tensor<T>> arguments)
    {
        var values = new Dictionary<Variable, Tensor<T>>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            values.Add(function.Parameters[i], arguments[i]);
        }

        return Evaluate(function.Order, function.Results, variable => values[variable]);
    }

    private static ImmutableArray<Tensor<T>> Evaluate(
        TopologicalOrder order, ReadOnlySpan<Expr> expressions, Func<Variable, Tensor<T>> valueOf)
    {
        var values = new Tensor<T>[order.Count];
        var operands = new List<Tensor<T>>();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = order.Nodes[i] switch
            {
                Variable variable => valueOf(variable),
                Constant constant => constant.Value.To<T>(),
                Application application => application.Primitive.Evaluate<T>(OperandsOf(i), application.Shape),
                var other => throw new InvalidOperationException($"{other.GetType()} is not a kind of expression"),
            };
        }

        var results = new Tensor<T>[expressions.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = values[order.PositionOf(expressions[i])];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(results);

        ReadOnlySpan<Tensor<T>> OperandsOf(int position)
        {
            operands.Clear();
            foreach (var input in order.InputsOf(position))
            {
                operands.Add(values[input]);
            }

            return CollectionsMarshal.AsSpan(operands);
        }
    }
}
