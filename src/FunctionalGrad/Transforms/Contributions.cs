namespace FunctionalGrad;

/// <summary>
/// One rule, both modes: what a use of a node contributes to its adjoint, and what the tangents of a node's inputs make
/// its tangent.
/// </summary>
internal static class Contributions
{
    /// <summary>contribution(u → v): what the cotangent of a node contributes to the adjoint of one operand.</summary>
    public static Flow? Pull(Rule rule, Application node, int operand, Flow cotangent) => rule switch
    {
        Rule.Elementwise diagonal => diagonal.Partial(node, operand) is { } partial ? cotangent.Through(partial) : null,
        Rule.Linear linear => linear.IsLinearIn(operand) ? PullLinear(linear, node, operand, cotangent) : null,
        Rule.Bilinear product => PullBilinear(product, node, operand, cotangent),
        Rule.General general => PullGeneral(general, node, operand, general.Pullback(node, operand, cotangent.Value), cotangent.Live),
        _ => throw new InvalidOperationException($"{node.Primitive} has no rule"),
    };

    /// <summary>The contributions to all operands of a node, from one computation.</summary>
    public static Flow?[] PullAtOnce(Rule.General rule, Application node, Flow cotangent, ReadOnlySpan<bool> wanted)
    {
        var values = rule.PullbackAtOnce!(node, cotangent.Value, wanted);
        var flows = new Flow?[values.Length];
        for (var operand = 0; operand < flows.Length; operand++)
        {
            flows[operand] = PullGeneral(rule, node, operand, values[operand], cotangent.Live);
        }

        return flows;
    }

    /// <summary>The tangent of a node from the tangents of its inputs; no tangent is zero.</summary>
    public static Flow? Push(Application node, ReadOnlySpan<Flow?> tangents) => node.Primitive.Rule switch
    {
        Rule.Elementwise rule => PushElementwise(rule, node, tangents),
        Rule.Linear rule => PushLinear(rule, node, tangents),
        Rule.Bilinear => PushBilinear(node, tangents),
        Rule.General rule => PushGeneral(rule, node, tangents),
        _ => throw new InvalidOperationException($"{node.Primitive} has no rule"),
    };

    private static Flow? PullLinear(Rule.Linear rule, Application node, int operand, Flow cotangent) =>
        rule.Transpose(node, operand, cotangent.Value) is not { } value ? null
        : new(value, cotangent.Live.Through(
            mask => rule.Transpose(node, operand, mask), node.Shape, rule.Chooses, rule.Drops));

    private static Flow PullBilinear(Rule.Bilinear rule, Application node, int operand, Flow cotangent)
    {
        var (pull, pullOther) = operand == 0 ? (rule.Left, rule.Right) : (rule.Right, rule.Left);
        if (cotangent.Live.IsEverywhere)
        {
            return new(pull(node, cotangent.Value));
        }

        // Entries of the other operand that meet no live cotangent are taken as 0, so that 0·∞ does not arise in the sum.
        var other = node.Input(1 - operand);
        var met = cotangent.Live.Through(mask => pullOther(WithOnes(node, operand), mask), node.Shape);
        var guarded = ReferenceEquals(met.Guard(other, other), other) ? node : With(node, 1 - operand, met.Guard(other, other));
        return new(
            pull(guarded, cotangent.Value),
            cotangent.Live.Through(mask => pull(WithOnes(node, 1 - operand), mask), node.Shape));
    }

    private static Flow? PullGeneral(Rule.General rule, Application node, int operand, Expr? value, Liveness ofCotangent)
    {
        if (value is null)
        {
            return null;
        }

        var live = ofCotangent.Through(
            mask => rule.Reach is null ? mask.Sum().BroadcastTo(node.Input(operand).Shape) : rule.Reach(node, operand, mask),
            node.Shape,
            drops: rule.Drops);
        return new(live.Guard(value, node), live);
    }

    private static Flow? PushElementwise(Rule.Elementwise rule, Application node, ReadOnlySpan<Flow?> tangents)
    {
        Flow? sum = null;
        for (var operand = 0; operand < tangents.Length; operand++)
        {
            if (tangents[operand] is { } tangent && rule.Partial(node, operand) is { } partial)
            {
                var term = tangent.Through(partial);
                sum = sum is { } sofar ? sofar + term : term;
            }
        }

        return sum;
    }

    private static Flow? PushLinear(Rule.Linear rule, Application node, ReadOnlySpan<Flow?> tangents)
    {
        var stands = false;
        var moves = false;
        for (var operand = 0; operand < tangents.Length; operand++)
        {
            moves |= rule.IsLinearIn(operand) && tangents[operand] is not null;
            stands |= rule.IsLinearIn(operand) && tangents[operand] is null;
        }

        if (!moves)
        {
            return null;
        }

        // Where an operand stands still its tangent is 0 by that, and not by what the operand holds.
        Flow?[] flows = [.. tangents];
        var chosen = (stands && rule.Chooses) || flows.Any(flow => flow?.Live.Chosen is not null);
        var used = (stands && !rule.Chooses) || rule.Fills || flows.Any(flow => flow?.Live.Used is not null);
        return new(
            Applied(flow => flow.Value),
            new(
                chosen ? Liveness.Mask(Applied(flow => flow.Live.Chosen ?? Expr.Full(flow.Value.Shape, 1))) : null,
                used ? Liveness.Mask(Applied(flow => flow.Live.Used ?? Expr.Full(flow.Value.Shape, 1))) : null));

        Expr Applied(Func<Flow, Expr> part)
        {
            var operands = node.Inputs.ToArray();
            for (var operand = 0; operand < operands.Length; operand++)
            {
                operands[operand] = !rule.IsLinearIn(operand) ? operands[operand]
                    : flows[operand] is { } flow ? part(flow)
                    : Expr.Zeros(operands[operand].Shape);
            }

            return node.Primitive.Apply(operands);
        }
    }

    private static Flow? PushBilinear(Application node, ReadOnlySpan<Flow?> tangents)
    {
        Flow? sum = null;
        for (var operand = 0; operand < 2; operand++)
        {
            if (tangents[operand] is { } tangent)
            {
                var place = operand;
                var live = tangent.Live.Through(mask => With(WithOnes(node, 1 - place), place, mask), tangent.Value.Shape);
                var term = new Flow(live.Guard(With(node, operand, tangent.Value), node.Input(1 - operand)), live);
                sum = sum is { } sofar ? sofar + term : term;
            }
        }

        return sum;
    }

    private static Flow? PushGeneral(Rule.General rule, Application node, ReadOnlySpan<Flow?> tangents)
    {
        var values = new Expr?[tangents.Length];
        Liveness? any = null;
        for (var operand = 0; operand < tangents.Length; operand++)
        {
            values[operand] = tangents[operand]?.Value;
            if (tangents[operand] is { } tangent)
            {
                // Every entry may reach every entry.
                var live = tangent.Live.Through(mask => mask.Sum().BroadcastTo(node.Shape), tangent.Value.Shape);
                any = any is { } sofar ? sofar | live : live;
            }
        }

        return any is not { } reached || rule.Pushforward(node, values) is not { } value ? null
            : new(reached.Guard(value, node), reached);
    }

    private static Application WithOnes(Application node, int operand) =>
        With(node, operand, Expr.Full(node.Input(operand).Shape, 1));

    private static Application With(Application node, int operand, Expr input)
    {
        var inputs = node.Inputs.ToArray();
        inputs[operand] = input;
        return (Application)node.With(inputs);
    }
}
