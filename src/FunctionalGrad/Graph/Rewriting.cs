namespace FunctionalGrad;

/// <summary>
/// Rebuilds graphs from the leaves up. A node whose inputs did not change is the same node afterwards, so what a rewrite
/// leaves alone stays shared with the original.
/// </summary>
public static class Rewriting
{
    /// <summary>Replaces every node by what a function makes of it, after its inputs have been replaced.</summary>
    /// <param name="roots">The expressions to rewrite.</param>
    /// <param name="replace">A pure function from a node, inputs already replaced, to its replacement of the same shape.</param>
    /// <returns>The rewritten roots, in order.</returns>
    public static Expr[] Rewrite(ReadOnlySpan<Expr> roots, Func<Expr, Expr> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        return Rewrite(TopologicalOrder.Of(roots), roots, (_, node, _) => replace(node));
    }

    /// <summary>Replaces every node of an order by what a function makes of its position, itself, inputs already replaced, and the replacements of all before it.</summary>
    internal static Expr[] Rewrite(TopologicalOrder order, ReadOnlySpan<Expr> roots, Func<int, Expr, Expr[], Expr> replace)
    {
        var replaced = new Expr[order.Count];
        for (var i = 0; i < replaced.Length; i++)
        {
            var node = order.Nodes[i];
            var rebuilt = node is Application application ? WithReplacedInputs(application, order.InputsOf(i)) : node;
            replaced[i] = replace(i, rebuilt, replaced)
                ?? throw new ArgumentException($"rewriting replaced {node} by null; give back the node itself where nothing changes", nameof(replace));
            if (replaced[i].Shape != node.Shape)
            {
                throw new ShapeException($"rewriting replaced {node} of shape {node.Shape} by {replaced[i]} of shape {replaced[i].Shape}; keep the shape");
            }
        }

        var results = new Expr[roots.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = replaced[order.PositionOf(roots[i])];
        }

        return results;

        Expr WithReplacedInputs(Application application, ReadOnlySpan<int> positions)
        {
            var changed = false;
            for (var i = 0; i < positions.Length; i++)
            {
                changed |= !ReferenceEquals(replaced[positions[i]], application.Input(i));
            }

            if (!changed)
            {
                return application;
            }

            var inputs = new Expr[positions.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = replaced[positions[i]];
            }

            return application.With(inputs);
        }
    }

    /// <summary>The expression with variables replaced by expressions, all at once.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="replacements">For each variable, what stands in its place.</param>
    /// <exception cref="ShapeException">A replacement has another shape than its variable.</exception>
    public static Expr Substitute(this Expr expression, IReadOnlyDictionary<Variable, Expr> replacements)
    {
        ArgumentNullException.ThrowIfNull(replacements);
        return Rewrite([expression], node => node is Variable variable && replacements.TryGetValue(variable, out var other) ? other : node)[0];
    }

    /// <summary>The expression with one variable replaced.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="variable">The variable.</param>
    /// <param name="replacement">What stands in its place, of the same shape.</param>
    /// <exception cref="ShapeException">The replacement has another shape than the variable.</exception>
    public static Expr Substitute(this Expr expression, Variable variable, Expr replacement) =>
        Rewrite([expression], node => ReferenceEquals(node, variable) ? replacement : node)[0];
}
