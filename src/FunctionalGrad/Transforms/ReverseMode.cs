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
    /// <summary>The adjoints of some variables; null where no root depends on the variable.</summary>
    /// <param name="order">An order that contains the roots.</param>
    /// <param name="roots">What is differentiated.</param>
    /// <param name="seeds">The cotangent of each root.</param>
    /// <param name="variables">What it is differentiated by.</param>
    public static Expr?[] Adjoints(TopologicalOrder order, ReadOnlySpan<Expr> roots, ReadOnlySpan<Expr> seeds, ReadOnlySpan<Variable> variables)
    {
        var uses = order.Uses();
        var wanted = order.DependingOn(variables);
        var atOnce = new Dictionary<int, Flow?[]>();
        var adjoint = new Flow?[order.Count];
        for (var i = 0; i < roots.Length; i++)
        {
            adjoint[order.PositionOf(roots[i])] = Sum(adjoint[order.PositionOf(roots[i])], new Flow(seeds[i]));
        }

        for (var v = order.Count - 1; v >= 0; v--)
        {
            if (wanted[v])
            {
                foreach (var use in uses[v])
                {
                    adjoint[v] = adjoint[use.User] is { } cotangent ? Sum(adjoint[v], Contribution(use, cotangent)) : adjoint[v];
                }
            }
        }

        var results = new Expr?[variables.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = order.Contains(variables[i]) ? adjoint[order.PositionOf(variables[i])]?.Value : null;
        }

        return results;

        static Flow? Sum(Flow? left, Flow? right) => left is { } a && right is { } b ? a + b : left ?? right;

        Flow? Contribution(Use use, Flow cotangent)
        {
            var node = (Application)order.Nodes[use.User];
            var rule = node.Primitive.Rule;
            if (rule is not Rule.General { PullbackAtOnce: not null } general)
            {
                return Contributions.Pull(rule, node, use.Operand, cotangent);
            }

            if (!atOnce.TryGetValue(use.User, out var contributions))
            {
                var isWanted = Array.ConvertAll(order.InputsOf(use.User).ToArray(), input => wanted[input]);
                atOnce.Add(use.User, contributions = Contributions.PullAtOnce(general, node, cotangent, isWanted));
            }

            return contributions[use.Operand];
        }
    }
}
