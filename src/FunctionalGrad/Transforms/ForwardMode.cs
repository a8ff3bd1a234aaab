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
    /// <param name="fold">Whether tangents that are constants are worked out on the way, so that what turns out to stand still
    /// moves nothing: worth it for directions that are mostly 0.</param>
    public static Expr?[] Tangents(
        TopologicalOrder order, IReadOnlyDictionary<Variable, Expr> tangents, ReadOnlySpan<Expr> results, bool fold = false)
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
            tangent[v] = fold && tangent[v] is { } flow ? Folded(flow) : tangent[v];
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

    private static Flow? Folded(Flow flow)
    {
        if (flow.Value is not Application || !flow.Value.Traits.HasFlag(ExprTraits.Constant) || flow.Value.Uniform() is not null)
        {
            return flow.Value.IsUniform(0) ? null : flow;
        }

        var value = Liveness.Value(flow.Value);
        return value.Values.IndexOfAnyExcept(0.0) < 0 ? null
            : flow with { Value = value.Values.IndexOfAnyExcept(value.Values[0]) < 0 ? Expr.Full(value.Shape, value.Values[0]) : value };
    }
}
