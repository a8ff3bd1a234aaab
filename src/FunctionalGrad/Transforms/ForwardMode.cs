namespace FunctionalGrad;

/// <summary>
/// Forward mode: the tangent of a node follows from the tangents of its inputs, in one walk from the variables to the
/// results. It reads the same rules as reverse mode, so the two cannot disagree.
/// </summary>
internal static class ForwardMode
{
    /// <summary>The tangents of some results; null where a result does not depend on a variable with a tangent.</summary>
    /// <param name="order">An order that contains the results.</param>
    /// <param name="tangents">The tangents of the variables that move; the others stand still.</param>
    /// <param name="results">Nodes of the order.</param>
    public static Expr?[] Tangents(TopologicalOrder order, IReadOnlyDictionary<Variable, Expr> tangents, ReadOnlySpan<Expr> results)
    {
        var moving = order.DependingOn([.. tangents.Keys]);
        var tangent = new Flow?[order.Count];
        for (var v = 0; v < order.Count; v++)
        {
            tangent[v] = !moving[v] ? null : order.Nodes[v] switch
            {
                Variable variable => new Flow(tangents[variable]),
                Application application => Contributions.Push(application, OfInputs(v)),
                _ => null,
            };
        }

        var found = new Expr?[results.Length];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = tangent[order.PositionOf(results[i])]?.Value;
        }

        return found;

        Flow?[] OfInputs(int position)
        {
            var inputs = order.InputsOf(position);
            var flows = new Flow?[inputs.Length];
            for (var i = 0; i < flows.Length; i++)
            {
                flows[i] = tangent[inputs[i]];
            }

            return flows;
        }
    }
}
