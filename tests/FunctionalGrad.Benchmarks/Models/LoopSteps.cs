using System.Collections.Immutable;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// Eight numbers through steps yₖ₊₁ = yₖ + h·(sin yₖ − a·yₖ): the sum of where they end, by the start and a. Written out, as
/// a loop in the graph that keeps all states for its gradient, and as one that keeps every √n-th. "costs" shows what compiling
/// takes and the memory; "quick" the times.
/// </summary>
internal sealed class LoopSteps : GradientComparison
{
    private const int Width = 8;
    private const double H = 1e-3;
    private const double A = 0.5;
    private readonly int _steps;
    private readonly string _form;
    private readonly double[][] _path;
    private readonly Variable _start = Expr.Variable("y", [Width]);
    private readonly Variable _a = Expr.Variable("a");

    public LoopSteps(int steps, string form)
    {
        (_steps, _form) = (steps, form);
        _path = [.. Enumerable.Range(0, steps + 1).Select(_ => new double[Width])];
    }

    public static ImmutableArray<int> Lengths { get; } = [100, 1_000, 10_000];

    public static ImmutableArray<string> Forms { get; } = ["written out", "fold", "fold with checkpoints"];

    public override bool HasTuned => false;

    protected override Variable[] Variables => [_start, _a];

    protected override Expr Formula()
    {
        if (_form != "written out")
        {
            return Expr.Repeat(_start, _steps, Step, _form == "fold" ? null : (int)Math.Sqrt(_steps)).Sum();
        }

        Expr y = _start;
        for (var k = 0; k < _steps; k++)
        {
            y = Step(y);
        }

        return y.Sum();
    }

    protected override Point<double> MakePoint() => Point.Of((_start, Tensor.Generate([Width], i => 0.1 * i)), (_a, (Tensor<double>)A));

    protected override double[][] ByLoops()
    {
        for (var i = 0; i < Width; i++)
        {
            _path[0][i] = 0.1 * i;
        }

        for (var k = 0; k < _steps; k++)
        {
            for (var i = 0; i < Width; i++)
            {
                _path[k + 1][i] = _path[k][i] + (H * (Math.Sin(_path[k][i]) - (A * _path[k][i])));
            }
        }

        var (byStart, byA) = (new double[Width], 0.0);
        Array.Fill(byStart, 1);
        for (var k = _steps - 1; k >= 0; k--)
        {
            for (var i = 0; i < Width; i++)
            {
                byA -= byStart[i] * H * _path[k][i];
                byStart[i] *= 1 + (H * (Math.Cos(_path[k][i]) - A));
            }
        }

        return [[_path[_steps].Sum()], byStart, [byA]];
    }

    private Expr Step(Expr y) => y + (H * (Expr.Sin(y) - (_a * y)));
}
