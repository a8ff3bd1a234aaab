namespace FunctionalGrad;

/// <summary>
/// One rule, both modes: what a use of a node contributes to its adjoint, and what the tangents of a node's inputs make
/// its tangent.
/// </summary>
internal static class Contributions
{
    /// <summary>contribution(u → v): what the cotangent of a node contributes to the adjoint of one operand.</summary>
    public static Flow? Pull(Application node, int operand, Flow cotangent) => node.Primitive.Rule switch
    {
        Rule.Elementwise rule => rule.Partial(node, operand) is { } partial ? cotangent.Through(partial) : null,
        Rule.Linear rule => rule.IsLinearIn(operand) ? PullLinear(rule, node, operand, cotangent) : null,
        Rule.Bilinear rule => PullBilinear(rule, node, operand, cotangent),
        Rule.General rule => PullGeneral(rule, node, operand, cotangent),
        _ => throw new InvalidOperationException($"{node.Primitive} has no rule"),
    };

    /// <summary>The tangent of a node from the tangents of its inputs; no tangent is zero.</summary>
    public static Flow? Push(Application node, ReadOnlySpan<Flow?> tangents) => node.Primitive.Rule switch
    {
        Rule.Elementwise rule => PushElementwise(rule, node, tangents),
        Rule.Linear rule => PushLinear(rule, node, tangents),
        Rule.Bilinear => PushBilinear(node, tangents),
        Rule.General rule => PushGeneral(rule, node, tangents),
        _ => throw new InvalidOperationException($"{node.Primitive} has no rule"),
    };

    private static Flow? PullLinear(Rule.Linear rule, Application node, int operand, Flow cotangent)
    {
        if (rule.Transpose(node, operand, cotangent.Value) is not { } value)
        {
            return null;
        }

        if (cotangent.Live is null && !rule.Drops)
        {
            return new(value);
        }

        // The entries that are reached are those to which the transpose carries something of a positive cotangent.
        var live = cotangent.Live ?? Expr.Full(node.Shape, 1);
        return new(value, Nonzero(rule.Transpose(node, operand, live)!));
    }

    private static Flow PullBilinear(Rule.Bilinear rule, Application node, int operand, Flow cotangent)
    {
        var pull = operand == 0 ? rule.Left : rule.Right;
        if (cotangent.Live is null)
        {
            return new(pull(node, cotangent.Value));
        }

        // Entries of the other operand that meet no live cotangent are taken as 0, so that 0·∞ does not arise in the sum.
        var live = Nonzero(pull(WithOnes(node, 1 - operand), cotangent.Live));
        var other = node.Input(1 - operand);
        if (!other.Traits.HasFlag(ExprTraits.MayBeInfinite))
        {
            return new(pull(node, cotangent.Value), live);
        }

        var met = Nonzero((operand == 0 ? rule.Right : rule.Left)(WithOnes(node, operand), cotangent.Live));
        return new(pull(With(node, 1 - operand, Expr.Select(met, other, 0)), cotangent.Value), live);
    }

    private static Flow? PullGeneral(Rule.General rule, Application node, int operand, Flow cotangent)
    {
        if (rule.Pullback(node, operand, cotangent.Value) is not { } value)
        {
            return null;
        }

        if (cotangent.Live is null && !rule.Drops)
        {
            return new(value);
        }

        var live = cotangent.Live ?? Expr.Full(node.Shape, 1);
        var shape = node.Input(operand).Shape;
        var reached = rule.Reach is null ? live.Sum().BroadcastTo(shape) : rule.Reach(node, operand, live);
        return Flow.Mapped(value, reached is null ? null : Nonzero(reached), node.Traits.HasFlag(ExprTraits.MayBeInfinite));
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
        var values = new Expr[tangents.Length];
        var lives = new Expr[tangents.Length];
        var any = false;
        var masked = rule.Fills;
        for (var operand = 0; operand < tangents.Length; operand++)
        {
            var input = node.Input(operand);
            if (!rule.IsLinearIn(operand))
            {
                values[operand] = lives[operand] = input;
                continue;
            }

            var tangent = tangents[operand];
            any |= tangent is not null;
            masked |= tangent is null || tangent.Value.Live is not null;
            values[operand] = tangent?.Value ?? Expr.Full(input.Shape, 0);
            lives[operand] = tangent is null ? Expr.Full(input.Shape, 0) : tangent.Value.Live ?? Expr.Full(input.Shape, 1);
        }

        return !any ? null
            : new(node.Primitive.Apply(values), masked ? Nonzero(node.Primitive.Apply(lives)) : null);
    }

    private static Flow? PushBilinear(Application node, ReadOnlySpan<Flow?> tangents)
    {
        Flow? sum = null;
        for (var operand = 0; operand < 2; operand++)
        {
            if (tangents[operand] is { } tangent)
            {
                var live = tangent.Live is null ? null : Nonzero(With(WithOnes(node, 1 - operand), operand, tangent.Live));
                var other = node.Input(1 - operand);
                var term = Flow.Mapped(
                    With(node, operand, tangent.Value), live, other.Traits.HasFlag(ExprTraits.MayBeInfinite));
                sum = sum is { } sofar ? sofar + term : term;
            }
        }

        return sum;
    }

    private static Flow? PushGeneral(Rule.General rule, Application node, ReadOnlySpan<Flow?> tangents)
    {
        var values = new Expr?[tangents.Length];
        var masked = true;
        var moves = false;
        Expr? any = null;
        for (var operand = 0; operand < tangents.Length; operand++)
        {
            values[operand] = tangents[operand]?.Value;
            if (tangents[operand] is { } tangent)
            {
                moves = true;
                masked &= tangent.Live is not null;
                var live = tangent.Live?.Sum();
                any = any is null || live is null ? live : any + live;
            }
        }

        return !moves || rule.Pushforward(node, values) is not { } value ? null
            : masked && any is not null ? Flow.Mapped(value, Nonzero(any).BroadcastTo(node.Shape), node.Traits.HasFlag(ExprTraits.MayBeInfinite))
            : new(value);
    }

    private static Expr Nonzero(Expr count) =>
        count is Application { Primitive.IsComparison: true } ? count : Expr.NotEqual(count, 0);

    private static Application WithOnes(Application node, int operand) =>
        With(node, operand, Expr.Full(node.Input(operand).Shape, 1));

    private static Application With(Application node, int operand, Expr input)
    {
        var inputs = node.Inputs.ToArray();
        inputs[operand] = input;
        return (Application)node.With(inputs);
    }
}
