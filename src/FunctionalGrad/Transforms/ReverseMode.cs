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
    /// <summary>The adjoints of some variables; null where the root does not depend on the variable.</summary>
    /// <param name="order">An order that contains the root.</param>
    /// <param name="root">What is differentiated.</param>
    /// <param name="seed">The cotangent of the root.</param>
    /// <param name="variables">What it is differentiated by.</param>
    public static Expr?[] Adjoints(TopologicalOrder order, Expr root, Expr seed, ReadOnlySpan<Variable> variables)
    {
        var adjoint = Pull(order, root, seed, variables);
        var results = new Expr?[variables.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = order.Contains(variables[i]) ? adjoint[order.PositionOf(variables[i])]?.Value : null;
        }

        return results;
    }

    /// <summary>The adjoint of every node between the root and the variables, by its position; null is zero.</summary>
    /// <param name="order">An order that contains the root.</param>
    /// <param name="root">What is differentiated.</param>
    /// <param name="seed">The cotangent of the root.</param>
    /// <param name="variables">What it is differentiated by.</param>
    /// <param name="tell">Is told each contribution, by the position of the node that it is made to.</param>
    public static Flow?[] Pull(
        TopologicalOrder order, Expr root, Expr seed, ReadOnlySpan<Variable> variables, Action<int, Use, Flow>? tell = null)
    {
        var uses = order.Uses();
        var wanted = order.DependingOn(variables);
        var adjoint = new Flow?[order.Count];

        for (var v = order.PositionOf(root); v >= 0; v--)
        {
            if (wanted[v])
            {
                adjoint[v] = ReferenceEquals(order.Nodes[v], root) ? new Flow(seed) : SumOverUses(v);
            }
        }

        return adjoint;

        Flow? SumOverUses(int v)
        {
            Flow? sum = null;
            foreach (var use in uses[v])
            {
                if (adjoint[use.User] is { } cotangent
                    && Contributions.Pull((Application)order.Nodes[use.User], use.Operand, cotangent) is { } contribution)
                {
                    tell?.Invoke(v, use, contribution);
                    sum = sum is { } sofar ? sofar + contribution : contribution;
                }
            }

            return sum;
        }
    }
}
