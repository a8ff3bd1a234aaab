namespace FunctionalGrad;

/// <summary>
/// What is known of an expression's value from its structure alone. Derivatives consult it so that the care which masks
/// need is paid for only where a mask and a possibly infinite partial meet.
/// </summary>
[Flags]
internal enum ExprTraits : byte
{
    None = 0,

    /// <summary>No variable stands below it.</summary>
    Constant = 1,

    /// <summary>Made of comparisons and constants only, so that its zeros mean "not this branch".</summary>
    Mask = 2,

    /// <summary>
    /// May be infinite or NaN at finite inputs. Sums and contractions of finite numbers are taken to stay finite.
    /// </summary>
    MayBeInfinite = 4,
}

internal static class ExprTraitsOf
{
    public static ExprTraits Constant(Tensor<double> value)
    {
        foreach (var number in value.Values)
        {
            if (!double.IsFinite(number))
            {
                return ExprTraits.Constant | ExprTraits.MayBeInfinite;
            }
        }

        return ExprTraits.Constant;
    }

    public static ExprTraits Application(Primitive primitive, Expr[] inputs)
    {
        var constant = true;
        var maskOrConstant = true;
        var infinite = primitive.MayBeInfinite;
        foreach (var input in inputs)
        {
            var traits = input.Traits;
            constant &= traits.HasFlag(ExprTraits.Constant);
            maskOrConstant &= (traits & (ExprTraits.Constant | ExprTraits.Mask)) != 0;
            infinite |= traits.HasFlag(ExprTraits.MayBeInfinite);
        }

        var mask = !constant && (primitive.IsComparison || maskOrConstant);
        return (constant ? ExprTraits.Constant : 0)
            | (mask ? ExprTraits.Mask : 0)
            | (infinite && !primitive.IsComparison ? ExprTraits.MayBeInfinite : 0);
    }
}
