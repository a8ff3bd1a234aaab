namespace FunctionalGrad;

/// <summary>An interval of numbers, ends included.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    // 1/y² and its like must stay finite in single precision too.
    private const double AwayFromZero = 1e-15;

    /// <summary>All numbers.</summary>
    internal static Interval Everything { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The numbers from 0 up.</summary>
    internal static Interval NotNegative { get; } = new(0, double.PositiveInfinity);

    /// <summary>Whether dividing by any number of the interval gives a finite number, in every precision.</summary>
    internal bool IsAwayFromZero => Low >= AwayFromZero || High <= -AwayFromZero;

    /// <summary>The sums of a number of each.</summary>
    public static Interval operator +(Interval x, Interval y) => Of(x.Low + y.Low, x.High + y.High);

    /// <summary>The differences of a number of each.</summary>
    public static Interval operator -(Interval x, Interval y) => Of(x.Low - y.High, x.High - y.Low);

    /// <summary>The opposites.</summary>
    public static Interval operator -(Interval x) => new(-x.High, -x.Low);

    /// <summary>The products of a number of each.</summary>
    public static Interval operator *(Interval x, Interval y)
    {
        var (a, b, c, d) = (x.Low * y.Low, x.Low * y.High, x.High * y.Low, x.High * y.High);
        return Of(Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d)));
    }

    /// <summary>The quotients of a number of each; everything where a divisor may be 0.</summary>
    public static Interval operator /(Interval x, Interval y) =>
        y.IsAwayFromZero ? x * new Interval(1 / y.High, 1 / y.Low) : Everything;

    /// <summary>The squares of its numbers.</summary>
    internal Interval Squared()
    {
        var (low, high) = (Low * Low, High * High);
        return Low <= 0 && High >= 0 ? Of(0, Math.Max(low, high)) : Of(Math.Min(low, high), Math.Max(low, high));
    }

    /// <summary>The least interval that holds both.</summary>
    internal Interval Hull(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>What a function that never falls makes of it.</summary>
    internal Interval Rising(Func<double, double> function) => Of(function(Low), function(High));

    // 0·∞ and ∞ − ∞ say nothing.
    private static Interval Of(double low, double high) => new(
        double.IsNaN(low) ? double.NegativeInfinity : low,
        double.IsNaN(high) ? double.PositiveInfinity : high);
}
