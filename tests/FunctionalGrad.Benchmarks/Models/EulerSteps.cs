namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Logistic growth y' = r·y·(1 − y) followed by small steps of Euler's, yₖ₊₁ = yₖ + h·r·yₖ·(1 − yₖ): where it ends, by the
/// rate r and the start y₀. A graph of scalars as large as wanted, five nodes a step, and deep.
/// </summary>
/// <param name="nodes">How many operations.</param>
internal sealed class EulerSteps(int nodes) : GradientComparison
{
    private const int NodesPerStep = 5;
    private const double Rate = 1.5;
    private const double Start = 0.1;
    private readonly double[] _path = new double[(nodes / NodesPerStep) + 1];
    private readonly double _h = 2.0 * NodesPerStep / nodes;
    private readonly Variable _rate = Expr.Variable("r");
    private readonly Variable _start = Expr.Variable("y");

    public override bool HasTuned => false;

    protected override Variable[] Variables => [_rate, _start];

    protected override Expr Formula()
    {
        Expr y = _start;
        for (var k = 1; k < _path.Length; k++)
        {
            y += _rate * y * (1 - y) * _h;
        }

        return y;
    }

    protected override Point<double> MakePoint() => Point.Of((_rate, Rate), (_start, Start));

    protected override double[][] ByLoops()
    {
        var y = Start;
        _path[0] = y;
        for (var k = 1; k < _path.Length; k++)
        {
            y += Rate * y * (1 - y) * _h;
            _path[k] = y;
        }

        var (byRate, byY) = (0.0, 1.0);
        for (var k = _path.Length - 2; k >= 0; k--)
        {
            byRate += byY * _path[k] * (1 - _path[k]) * _h;
            byY += byY * Rate * (1 - (2 * _path[k])) * _h;
        }

        return [[y], [byRate], [byY]];
    }
}
