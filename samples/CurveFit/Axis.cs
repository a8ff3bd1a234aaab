namespace FunctionalGrad.Samples.CurveFit;

/// <summary>An axis of a plot: from a number to another, over a length, with round numbers to mark.</summary>
/// <param name="Least">The number at its beginning.</param>
/// <param name="Greatest">The number at its end.</param>
/// <param name="Length">How long it is drawn.</param>
internal sealed record Axis(double Least, double Greatest, double Length)
{
    private const int MostTicks = 8;

    /// <summary>Numbers to mark: multiples of 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            var rough = (Greatest - Least) / MostTicks;
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
            for (var multiple = Math.Ceiling(Least / step); multiple * step <= Greatest; multiple++)
            {
                // A power of ten below 1 has no exact double: its multiples are rounded to what was meant.
                yield return Math.Round(multiple * step / power) * power is var tick && tick == 0 ? 0 : tick;
            }
        }
    }

    /// <summary>An axis over some numbers, with a little room on both sides.</summary>
    public static Axis Over(ReadOnlySpan<double> numbers, double length)
    {
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var number in numbers)
        {
            (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
        }

        var room = greatest > least ? 0.05 * (greatest - least) : Math.Max(Math.Abs(least), 1) / 2;
        return new(least - room, greatest + room, length);
    }

    /// <summary>How far from the beginning a number stands.</summary>
    public double Place(double number) => (number - Least) / (Greatest - Least) * Length;
}
