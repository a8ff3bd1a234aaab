namespace FunctionalGrad.Benchmarks;

/// <summary>The falling particle, its force and how everything moves with w worked out by hand.</summary>
internal sealed class ParticleByHand() : GradBenchComparison("particle", "ff", "ff")
{
    protected override Dictionary<string, object> Input() => new() { ["w"] = 0.0 };

    protected override double[] ByLoops() => [DescentByHand.Minimum([0.0], w =>
    {
        var (value, slope) = Fall(w[0]);
        return (value, [slope]);
    })[0]];

    private static (double Value, double Slope) Fall(double w)
    {
        const double step = 0.1;
        var (x, y, u, v) = (0.0, 8.0, 0.75, 0.0);
        var (dx, dy, du, dv) = (0.0, 0.0, 0.0, 0.0);
        while (true)
        {
            var (ax, ay, dax, day) = (0.0, 0.0, 0.0, 0.0);
            for (var charge = 0; charge < 2; charge++)
            {
                var (a, b) = (x - 10, charge == 0 ? y - (10 - w) : y);
                var (da, db) = (dx, charge == 0 ? dy + 1 : dy);
                var square = (a * a) + (b * b);
                var cube = 1 / (square * Math.Sqrt(square));
                var dCube = -3 * cube / square * ((a * da) + (b * db));
                ax += a * cube;
                ay += b * cube;
                dax += (da * cube) + (a * dCube);
                day += (db * cube) + (b * dCube);
            }

            (x, y, dx, dy) = (x + (step * u), y + (step * v), dx + (step * du), dy + (step * dv));
            if (y <= 0)
            {
                var end = x - (y / v * u);
                var dEnd = dx - (dy / v * u) + (y / (v * v) * dv * u) - (y / v * du);
                return (end * end, 2 * end * dEnd);
            }

            (u, v, du, dv) = (u + (step * ax), v + (step * ay), du + (step * dax), dv + (step * day));
        }
    }
}
