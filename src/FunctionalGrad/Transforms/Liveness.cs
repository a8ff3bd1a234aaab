namespace FunctionalGrad;

/// <summary>
/// Which entries of a cotangent or tangent are live. Where a mask is 0 the value is 0 because of a choice, and it must stay
/// 0 even through a partial that is infinite or NaN there. Two masks are kept apart, since they ask for different care.
/// </summary>
/// <param name="Chosen">
/// Not 0 where no choice of the user passed the entry over; null means nowhere did one. What was passed over may hold
/// anything, NaN in the data included, so every product with it is guarded, except one with a finite constant.
/// </param>
/// <param name="Used">
/// Not 0 where the entry is used at all (by a slice, a gather, a maximum, a rectifier); null means everywhere. Variables
/// count as finite here, so only a product with what may be infinite at finite variables is guarded.
/// </param>
internal readonly record struct Liveness(Expr? Chosen, Expr? Used)
{
    // A larger mask is not worth its memory as a constant.
    private const int LargestConstant = 1 << 16;

    /// <summary>Whether every entry is live.</summary>
    public bool IsEverywhere => Chosen is null && Used is null;

    /// <summary>Live where either is.</summary>
    public static Liveness operator |(Liveness left, Liveness right) =>
        new(Either(left.Chosen, right.Chosen), Either(left.Used, right.Used));

    /// <summary>Live where both are: a product is dead where either factor is.</summary>
    public static Liveness operator &(Liveness left, Liveness right) =>
        new(Both(left.Chosen, right.Chosen), Both(left.Used, right.Used));

    /// <summary>
    /// The liveness on the other side of a map: an entry there is live that something live reaches.
    /// </summary>
    /// <param name="reach">From 1 and 0 on this side to counts on the other, null where nothing is reached.</param>
    /// <param name="shape">The shape on this side.</param>
    /// <param name="chooses">Whether the map passes entries over by choice.</param>
    /// <param name="drops">Whether the map leaves entries unused.</param>
    public Liveness Through(Func<Expr, Expr?> reach, Shape shape, bool chooses = false, bool drops = false)
    {
        return new(Reached(Chosen, chooses), Reached(Used, drops && !chooses));

        Expr? Reached(Expr? mask, bool starts) =>
            mask is null && !starts ? null : reach(mask ?? Expr.Full(shape, 1)) is { } count ? Mask(count) : null;
    }

    /// <summary>Live where this is and a condition of the derivative itself holds.</summary>
    public Liveness And(Expr condition) => this with { Used = Used is null ? Mask(condition) : Mask(condition & Used) };

    /// <summary>A value that was multiplied by a factor, with 0 where it is not live and the factor may be infinite.</summary>
    public Expr Guard(Expr value, Expr factor)
    {
        var mayBeInfinite = factor.Traits.HasFlag(ExprTraits.MayBeInfinite);
        var guarded = Used is not null && mayBeInfinite ? Expr.Select(Used, value, 0) : value;
        return Chosen is not null && GuardsChoices(factor) ? Expr.Select(Chosen, guarded, 0) : guarded;
    }

    /// <summary>A value that this very choice made 0 where it is not live, before it did, where a guard will do so again.</summary>
    public Expr Unchosen(Expr value, Expr factor) =>
        value is Application { Primitive: var primitive } choice && primitive == Selection.Primitive
        && ReferenceEquals(choice.Input(0), Chosen) && choice.Input(2).IsUniform(0) && GuardsChoices(factor)
            ? choice.Input(1)
            : value;

    /// <summary>The entries that are not 0, as a condition; null where that is known to be all of them.</summary>
    public static Expr? Mask(Expr count)
    {
        var mask = IsCondition(count) ? count
            : count is Application { Primitive: var primitive } choice && primitive == Selection.Primitive
                && IsCondition(choice.Input(0)) && choice.Input(1).IsUniform(1) && choice.Input(2).IsUniform(0) ? choice.Input(0)
            : Expr.NotEqual(count, 0);
        if (!mask.Traits.HasFlag(ExprTraits.Constant) || mask.Shape.Size > LargestConstant)
        {
            return mask;
        }

        // A constant mask is worked out at once: often every entry is live, and then there is no mask.
        var value = Value(mask);
        return value.Values.IndexOf(0.0) < 0 ? null : Expr.Constant(value);
    }

    private static bool GuardsChoices(Expr factor) =>
        factor.Traits.HasFlag(ExprTraits.MayBeInfinite) || !factor.Traits.HasFlag(ExprTraits.Constant);

    private static bool IsCondition(Expr mask) => mask is Application { Primitive.IsComparison: true };

    private static Expr? Either(Expr? left, Expr? right) =>
        left is null || right is null ? null : ReferenceEquals(left, right) ? left : Mask(left | right);

    private static Expr? Both(Expr? left, Expr? right) =>
        left is null || ReferenceEquals(left, right) ? right : right is null ? left : Mask(left & right);

    /// <summary>The value of an expression without variables.</summary>
    internal static Tensor<double> Value(Expr constant)
    {
        var order = TopologicalOrder.Of(constant);
        var values = new Tensor<double>[order.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (order.Nodes[i] is Constant leaf)
            {
                values[i] = leaf.Value;
                continue;
            }

            var inputs = order.InputsOf(i);
            var operands = new Tensor<double>[inputs.Length];
            for (var k = 0; k < operands.Length; k++)
            {
                operands[k] = values[inputs[k]];
            }

            values[i] = ((Application)order.Nodes[i]).Primitive.Evaluate<double>(operands, order.Nodes[i].Shape);
        }

        return values[^1];
    }
}
