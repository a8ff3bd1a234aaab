using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>One step of training on the moons.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Loss">The loss before it.</param>
/// <param name="Accuracy">How many points in a hundred were on the right side before it.</param>
/// <param name="After">The parameters after it.</param>
internal sealed record MoonsStep(int Step, double Loss, double Accuracy, Point<double> After);

/// <summary>
/// micrograd's demo: a net 2 → 16 → 16 → 1 with ReLU, the mean hinge loss and a small penalty on large parameters, trained on
/// all points at once for 100 steps.
/// </summary>
internal sealed class MoonsModel
{
    public const int Steps = 100;
    private const double Penalty = 1e-4;

    private readonly MoonsData _data;
    private readonly Expr _scoresOfData;

    public MoonsModel(MoonsData data)
    {
        _data = data;
        _scoresOfData = Scores(data.Points);
        Loss = Learning.Loss.Hinge(_scoresOfData, data.Labels) + (Penalty * Learning.Loss.SumOfSquares([.. Net.Parameters]));
    }

    public Mlp Net { get; } = Mlp.Of([2, 16, 16, 1], Activation.Relu);

    public Expr Loss { get; }

    public Point<double> Start => Net.Initial(MersenneTwister.FromSeed(1337)).Point;

    /// <summary>The steps, lazily.</summary>
    public IEnumerable<MoonsStep> Training()
    {
        var before = Start;
        foreach (var state in Optimiser.GradientDescent.Train(Loss, Start, Schedules.Linear(1, 0.1, Steps), keepGradient: false).Take(Steps))
        {
            yield return new(state.Step - 1, state.Loss, Accuracy(before), state.Point);
            before = state.Point;
        }
    }

    /// <summary>The scores of any points: positive where the net sees the inner moon.</summary>
    /// <param name="points">The points, [n, 2].</param>
    /// <param name="at">The parameters.</param>
    public Tensor<double> ScoresAt(Tensor<double> points, Point<double> at) => Scores(points).Evaluate(at);

    private double Accuracy(Point<double> at)
    {
        var scores = _scoresOfData.Evaluate(at);
        return Enumerable.Range(0, _data.Count).Count(i => scores[i] > 0 == _data.Labels[i] > 0) * 100.0 / _data.Count;
    }

    private Expr Scores(Tensor<double> points) => Net.Apply(points).Reshape([points.Shape[0]]);
}
