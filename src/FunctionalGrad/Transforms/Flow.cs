namespace FunctionalGrad;

/// <summary>A cotangent or tangent on its way through the graph, with the entries of it that are live.</summary>
/// <param name="Value">The cotangent or tangent.</param>
/// <param name="Live">Which entries are live.</param>
internal readonly record struct Flow(Expr Value, Liveness Live = default)
{
    /// <summary>Two flows into one place: the values add up, and an entry is live where either makes it so.</summary>
    public static Flow operator +(Flow left, Flow right) => new(left.Value + right.Value, left.Live | right.Live);

    /// <summary>The flow through an entry whose derivative is <paramref name="partial"/>.</summary>
    public Flow Through(Expr partial)
    {
        if (partial.IsUniform(1))
        {
            return this;
        }

        if (partial.Traits.HasFlag(ExprTraits.Mask))
        {
            return Behind(partial);
        }

        var value = Live.Unchosen(Value, partial);
        var product = value.IsUniform(1) ? partial.BroadcastTo(Value.Shape) : value * partial;
        return new(Live.Guard(product, partial), Live);
    }

    // A partial made of comparisons chooses: it multiplies nothing, so nothing leaks through it.
    private Flow Behind(Expr mask)
    {
        var isCondition = mask is Application { Primitive.IsComparison: true };
        var condition = isCondition ? mask : Expr.NotEqual(mask, 0);
        return new(Expr.Select(condition, isCondition ? Value : Value * mask, 0), Live.And(condition));
    }
}
