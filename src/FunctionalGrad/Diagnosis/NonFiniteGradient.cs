using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// The reverse pass once more, with every contribution kept: whose adjoint first became NaN or infinite, through which use,
/// and what in the rule of that use made it.
/// </summary>
internal static class NonFiniteGradient
{
    /// <summary>Explains a gradient by some variables, whose value is known to be finite; null where it is finite too.</summary>
    public static NonFiniteExplanation? Explain<T>(Expr root, ReadOnlySpan<Variable> variables, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var order = TopologicalOrder.Of(root);
        var contributions = new List<(int Node, Use Use, Expr Value)>();
        var adjoint = ReverseMode.Pull(
            order, [root], [1], variables, (node, use, contribution, _) => contributions.Add((node, use, contribution.Value)));

        var trace = NonFiniteTrace<T>.Of([root, .. adjoint.OfType<Flow>().Select(flow => flow.Value), .. contributions.Select(contribution => contribution.Value)], at);

        // For each node that is under suspicion, the node to whose adjoint it contributes; a variable is its own.
        var through = new int[order.Count];
        Array.Fill(through, -1);
        foreach (var variable in variables)
        {
            if (order.Contains(variable) && order.PositionOf(variable) is var position && adjoint[position] is not null)
            {
                through[position] = position;
            }
        }

        // Contributions come users first; from the variables up, that is backwards. The last one found is the first made.
        (int Node, Use? Use, Expr Value)? first = null;
        for (var i = contributions.Count - 1; i >= 0;)
        {
            var node = contributions[i].Node;
            var start = i;
            while (start > 0 && contributions[start - 1].Node == node)
            {
                start--;
            }

            if (through[node] >= 0 && trace[adjoint[node]!.Value.Value] is not NonFiniteTrace<T>.Finiteness.Finite)
            {
                Follow(node, start, i);
            }

            i = start - 1;
        }

        return first is { } found ? Explanation(found) : null;

        void Follow(int node, int start, int end)
        {
            var worst = NonFiniteTrace<T>.Finiteness.Finite;
            for (var k = start; k <= end; k++)
            {
                var finiteness = trace[contributions[k].Value];
                worst = finiteness > worst ? finiteness : worst;
            }

            if (worst == NonFiniteTrace<T>.Finiteness.Finite)
            {
                Found((node, null, adjoint[node]!.Value.Value));
                return;
            }

            for (var k = start; k <= end; k++)
            {
                var (_, use, value) = contributions[k];
                if (trace[value] != worst)
                {
                    continue;
                }

                if (trace[adjoint[use.User]!.Value.Value] == NonFiniteTrace<T>.Finiteness.Finite)
                {
                    Found((node, use, value));
                }
                else if (through[use.User] < 0)
                {
                    through[use.User] = node;
                }
            }
        }

        void Found((int Node, Use? Use, Expr Value) candidate)
        {
            var user = candidate.Use?.User ?? candidate.Node;
            if (first is not { } other || user > (other.Use?.User ?? other.Node))
            {
                first = candidate;
            }
        }

        NonFiniteExplanation Explanation((int Node, Use? Use, Expr Value) found)
        {
            var variable = found.Node;
            while (through[variable] != variable)
            {
                variable = through[variable];
            }

            var user = found.Use is { } use ? (Application)order.Nodes[use.User] : null;
            var inside = trace.Explain(found.Value)!;
            return new(inside.Node, inside.Entry, inside.Value, inside.InputValues, [.. PathTo(order, found.Use?.User ?? found.Node)])
            {
                Contribution = new(
                    (Variable)order.Nodes[variable],
                    order.Nodes[found.Node],
                    user,
                    found.Use?.Operand ?? 0,
                    trace.Value(found.Use is { } used ? adjoint[used.User]!.Value.Value : adjoint[found.Node]!.Value.Value),
                    trace.Value(found.Value)),
            };
        }
    }

    /// <summary>From the root of an order down to a node: through its last user, which is nearest to the root, and so on.</summary>
    private static List<Expr> PathTo(TopologicalOrder order, int position)
    {
        var uses = order.Uses();
        var path = new List<Expr> { order.Nodes[position] };
        while (!uses[position].IsEmpty)
        {
            position = uses[position][^1].User;
            path.Add(order.Nodes[position]);
        }

        path.Reverse();
        return path;
    }
}
