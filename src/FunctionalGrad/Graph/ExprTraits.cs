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
    /// May be infinite or NaN at finite inputs. Sums, products and contractions of finite numbers are taken to stay finite,
    /// and a divisor or a base that is bounded away from 0 is known to be.
    /// </summary>
    MayBeInfinite = 4,

    /// <summary>May be NaN, and not only infinite, at finite inputs.</summary>
    MayBeNaN = 8,
}

internal static class ExprTraitsOf
{
    /// <summary>The least and the greatest entry.</summary>
    public static Interval Range(Tensor<double> value)
    {
        var range = value.Size == 0 ? Interval.Everything : new Interval(double.PositiveInfinity, double.NegativeInfinity);
        foreach (var number in value.Values)
        {
            range = double.IsNaN(number) ? Interval.Everything : range.Hull(new(number, number));
        }

        return range;
    }

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
        var ofInputs = ExprTraits.None;
        foreach (var input in inputs)
        {
            var traits = input.Traits;
            constant &= traits.HasFlag(ExprTraits.Constant);
            maskOrConstant &= (traits & (ExprTraits.Constant | ExprTraits.Mask)) != 0;
            ofInputs |= traits;
        }

        var mask = !constant && (primitive.IsComparison || maskOrConstant);
        return (constant ? ExprTraits.Constant : 0)
            | (mask ? ExprTraits.Mask : 0)
            | (primitive.IsComparison ? 0 : NotFinite(primitive, inputs, ofInputs));
    }

    private static ExprTraits NotFinite(Primitive primitive, Expr[] inputs, ExprTraits ofInputs)
    {
        const ExprTraits both = ExprTraits.MayBeInfinite | ExprTraits.MayBeNaN;
        if (ofInputs.HasFlag(ExprTraits.MayBeNaN) || !primitive.IsFiniteOn(inputs))
        {
            return both;
        }

        return !ofInputs.HasFlag(ExprTraits.MayBeInfinite) ? 0 : primitive.Infinities switch
        {
            Infinities.Tamed => 0,
            Infinities.Kept => ExprTraits.MayBeInfinite,
            _ => both,
        };
    }
}
