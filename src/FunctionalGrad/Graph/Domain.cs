using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// Where to sample an operand in tests: inside the primitive's domain, away from its kinks and poles.
/// </summary>
public sealed class Domain
{
    private Domain(ImmutableArray<Interval> intervals, bool wholeNumbers)
    {
        Intervals = intervals;
        WholeNumbers = wholeNumbers;
    }

    /// <summary>Between −2 and 2: for operands that may be any real number.</summary>
    public static Domain Real { get; } = Between(-2, 2);

    /// <summary>The intervals to sample from.</summary>
    public ImmutableArray<Interval> Intervals { get; }

    /// <summary>Whether only whole numbers count, as for indices; such an operand has no derivative.</summary>
    public bool WholeNumbers { get; }

    /// <summary>One interval.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    public static Domain Between(double low, double high) => new([new(low, high)], false);

    /// <summary>Several intervals, with kinks or poles between them.</summary>
    /// <param name="intervals">The intervals.</param>
    public static Domain Of(params ReadOnlySpan<Interval> intervals) => new([.. intervals], false);

    /// <summary>Whole numbers, as for indices.</summary>
    /// <param name="low">The least.</param>
    /// <param name="high">The greatest.</param>
    public static Domain Whole(int low, int high) => new([new(low, high)], true);
}

/// <summary>An operand to test a primitive with.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Domain">Where to sample its entries.</param>
public sealed record Operand(Shape Shape, Domain Domain);

/// <summary>
/// A primitive with operands that it can be tested with. Declared beside the primitive, so that the law kit, the tests
/// of completeness and the documentation know every primitive without a second list.
/// </summary>
/// <param name="Primitive">The primitive, with parameters.</param>
/// <param name="Operands">Its operands.</param>
public sealed record Example(Primitive Primitive, ImmutableArray<Operand> Operands);

/// <summary>A point where a primitive has a kink or a singularity, and the partials that are returned there.</summary>
/// <param name="At">The operands.</param>
/// <param name="Partials">The partial by each operand.</param>
/// <param name="Because">Which rule chose the values.</param>
public sealed record Kink(ImmutableArray<double> At, ImmutableArray<double> Partials, string Because);
