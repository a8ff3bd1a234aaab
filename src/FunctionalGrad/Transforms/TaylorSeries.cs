namespace FunctionalGrad;

/// <summary>How the coefficients of a node follow from others.</summary>
internal enum SeriesKind
{
    /// <summary>It has none but the value: it does not move, or only in jumps.</summary>
    Still,

    /// <summary>The variable itself: 1 is its first coefficient, and there is no other.</summary>
    Argument,

    /// <summary>A stand-in for the slope x′ of another node x: coefficient m is (m + 1)·xₘ₊₁.</summary>
    SlopeOf,

    /// <summary>Linear, so each coefficient is the operation on those of the operands.</summary>
    Linear,

    /// <summary>A product: each coefficient is the convolution of those of the factors.</summary>
    Product,

    /// <summary>Anything else: the integral of its slope, zₖ = (z′)ₖ₋₁ / k, and the slope is an expression again.</summary>
    Integral,
}

/// <summary>
/// The Taylor series of one node, as far as it is known. It lives within one call of <see cref="TaylorMode"/> and is filled
/// there, in order; each coefficient is written once.
/// </summary>
internal sealed class TaylorSeries(Expr node, TaylorSeries[] inputs, SeriesKind kind)
{
    /// <summary>The node.</summary>
    public Expr Node { get; } = node;

    /// <summary>The series of its inputs.</summary>
    public TaylorSeries[] Inputs { get; } = inputs;

    /// <summary>How the coefficients follow.</summary>
    public SeriesKind Kind { get; set; } = kind;

    /// <summary>Whether the kind is final: of an elementwise node it shows only once its partials are series too.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Whether coefficients beyond the value may be other than zero.</summary>
    public bool Moves => Kind != SeriesKind.Still;

    /// <summary>Whether a stand-in occurs in the node, so that its value is not the node itself.</summary>
    public bool HasStandIn { get; init; }

    /// <summary>The coefficients known so far, from the value on; null is zero.</summary>
    public List<Flow?> Coefficients { get; } = [];

    /// <summary>Of a product: the other factor.</summary>
    public TaylorSeries? Factor { get; set; }

    /// <summary>Of an integral: the series of its slope; null before it is known, and where it is zero.</summary>
    public TaylorSeries? Slope { get; set; }

    /// <summary>Of a stand-in: the node whose slope it stands for.</summary>
    public TaylorSeries? Of { get; init; }

    /// <summary>What stands for the slope of this node in other slopes, once something has asked for it.</summary>
    public Variable? StandIn { get; set; }

    /// <summary>The node at the point of expansion.</summary>
    public Expr Value => Coefficients[0]!.Value.Value;

    /// <summary>Coefficient m of the slope; this series must be known to order m + 1.</summary>
    public Flow? SlopeCoefficient(int m) =>
        m > 0 && Slope is { } slope ? slope.Coefficients[m]
        : Coefficients[m + 1] is not { } coefficient ? null
        : m == 0 ? coefficient
        : coefficient with { Value = (m + 1) * coefficient.Value };
}
