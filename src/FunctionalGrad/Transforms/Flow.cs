namespace FunctionalGrad;

/// <summary>
/// A cotangent or tangent on its way through the graph, with a mask of the entries that are live. Where the mask is 0 the
/// value is 0 because a choice made it so (a branch not taken, an entry not used), and must stay 0 even through a partial
/// that is infinite or NaN there. No mask means that all entries are live.
/// </summary>
/// <param name="Value">The cotangent or tangent.</param>
/// <param name="Live">1 (or any non-zero) where the entry is live, 0 where it is not; null means live everywhere.</param>
internal readonly record struct Flow(Expr Value, Expr? Live = null)
{
    /// <summary>Two flows into one place: the values add up, and an entry is live where either makes it so.</summary>
    public static Flow operator +(Flow left, Flow right) => new(
        left.Value + right.Value,
        left.Live is null || right.Live is null ? null
        : ReferenceEquals(left.Live, right.Live) ? left.Live
        : left.Live | right.Live);

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

        var product = Value.IsUniform(1) ? partial.BroadcastTo(Value.Shape) : Value * partial;
        return Live is not null && partial.Traits.HasFlag(ExprTraits.MayBeInfinite)
            ? new(Expr.Select(Live, product, 0), Live)
            : new(product, Live);
    }

    /// <summary>This flow with what a linear map made of its value, guarded where it is not live.</summary>
    /// <param name="value">The mapped value.</param>
    /// <param name="live">Where the mapped value is live.</param>
    /// <param name="mayBeInfinite">Whether the map itself has entries that may be infinite or NaN.</param>
    public static Flow Mapped(Expr value, Expr? live, bool mayBeInfinite) =>
        new(live is not null && mayBeInfinite ? Expr.Select(live, value, 0) : value, live);

    // A partial made of comparisons chooses: it multiplies nothing, so nothing leaks through it.
    private Flow Behind(Expr mask)
    {
        var isCondition = mask is Application { Primitive.IsComparison: true };
        var condition = isCondition ? mask : Expr.NotEqual(mask, 0);
        var chosen = isCondition ? Value : Value * mask;
        return new(
            Expr.Select(condition, chosen, 0),
            Live is null ? condition : condition & Live);
    }
}
