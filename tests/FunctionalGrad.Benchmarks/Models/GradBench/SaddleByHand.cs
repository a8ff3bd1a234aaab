namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The saddle of |p|² − |q|²: by p nothing of the search for q moves, so the slope by hand is 2p. Yet every search is made, as the
/// problem says.
/// </summary>
internal sealed class SaddleByHand() : GradBenchComparison("saddle", "ff", "ff")
{
    private static readonly double[] Start = [1, 1];

    protected override Dictionary<string, object> Input() => new() { ["start"] = Start };

    protected override double[] ByLoops()
    {
        var p = DescentByHand.Minimum(Start, p => (-Below(p, Search(p)).Value, [2 * p[0], 2 * p[1]]));
        return [.. p, .. Search(p)];
    }

    private static double[] Search(double[] p) => DescentByHand.Minimum(Start, q => Below(p, q));

    private static (double Value, double[] Slope) Below(double[] p, double[] q) =>
        ((q[0] * q[0]) + (q[1] * q[1]) - (p[0] * p[0]) - (p[1] * p[1]), [2 * q[0], 2 * q[1]]);
}
