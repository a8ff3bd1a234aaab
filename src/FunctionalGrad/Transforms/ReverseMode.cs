namespace FunctionalGrad;

/// <summary>
/// Reverse mode by pulling: the adjoint of a node is defined once, as a sum over its uses,
/// <code>
/// adjoint(v) = Σ over uses u of v of contribution(u → v, adjoint(u))        adjoint(root) = seed
/// </code>
/// Nothing is updated, so there is nothing to zero and no order to get wrong beyond "users before inputs"; and since
/// contributions are expressions, so is every adjoint.
/// </summary>
internal static class ReverseMode
{
    /// <summary>Told of a contribution: the node that it is made to, its use, what that contributes, and the adjoint so far.</summary>
    public delegate void Watch(int node, Use use, Flow contribution, Flow sum);

    /// <summary>The adjoints of some variables; null where no root depends on the variable.</summary>
    /// <param name="order">An order that contains the roots.</param>
    /// <param name="roots">What is differentiated.</param>
    /// <param name="seeds">The cotangent of each root.</param>
    /// <param name="variables">What it is differentiated by.</param>
    public static Expr?[] Adjoints(TopologicalOrder order, ReadOnlySpan<Expr> roots, ReadOnlySpan<Expr> seeds, ReadOnlySpan<Variable> variables)
    {
        var adjoint = Pull(order, roots, seeds, variables);
        var results = new Expr?[variables.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = order.Contains(variables[i]) ? adjoint[order.PositionOf(variables[i])]?.Value : null;
        }

        return results;
    }

    /// <summary>The adjoint of every node between the roots and the variables, by its position; null is zero.</summary>
    /// <param name="order">An order that contains the roots.</param>
    /// <param name="roots">What is differentiated.</param>
    /// <param name="seeds">The cotangent of each root.</param>
    /// <param name="variables">What it is differentiated by.</param>
    /// <param name="watch">Told of every contribution, users before inputs.</param>
    public static Flow?[] Pull(
        TopologicalOrder order, ReadOnlySpan<Expr> roots, ReadOnlySpan<Expr> seeds, ReadOnlySpan<Variable> variables, Watch? watch = null)
    {
        var uses = order.Uses();
        var wanted = order.DependingOn(variables);
        var pulled = new PulledNodes(order, wanted);
        var adjoint = new Flow?[order.Count];
        for (var i = 0; i < roots.Length; i++)
        {
            adjoint[order.PositionOf(roots[i])] = Sum(adjoint[order.PositionOf(roots[i])], new(seeds[i]));
        }

        for (var v = order.Count - 1; v >= 0; v--)
        {
            foreach (var use in wanted[v] ? uses[v] : [])
            {
                if (adjoint[use.User] is { } cotangent && pulled.Contribution(use.User, use.Operand, cotangent) is { } contribution)
                {
                    adjoint[v] = Sum(adjoint[v], contribution);
                    watch?.Invoke(v, use, contribution, adjoint[v]!.Value);
                }
            }
        }

        return adjoint;

        static Flow Sum(Flow? sofar, Flow term) => sofar is { } sum ? sum + term : term;
    }
}
