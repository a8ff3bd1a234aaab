using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Benchmarks;

/// <summary>A step of training of microgpt on one name, Adam included, from a state some steps into training.</summary>
/// <typeparam name="T">The precision.</typeparam>
internal sealed class GptStep<T> : StepComparison<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Before = 20;

    // Seven letters and the boundary: with eight positions, the length of most names.
    private static readonly int[] Document = GptSetup.Documents.First(document => GptSetup.LengthOf(document) == 8);

    private readonly GptLoss _loss = new(8);
    private readonly GptByLoops<T> _byLoops = new();
    private readonly GptByVectors<T> _byVectors = new();
    private readonly GptState<T> _from = Trained();
    private readonly GptState<T> _to;

    public GptStep() => _to = _from.Copy();

    protected override TrainingStep MakeStep() => _loss.Step;

    protected override Point<double> MakePoint(TrainingStep step)
    {
        var point = _loss.DataOf(Document).With(step.Rate, GptSetup.RateAt(Before)).With(step.Count, Before + 1.0);
        for (var k = 0; k < _from.Parameters.Length; k++)
        {
            var parameter = GptSetup.Model.Parameters[k];
            var moments = step.MomentsBefore(parameter);
            point = point.With(parameter, Of(_from.Parameters[k])).With(moments[0], Of(_from.Means[k])).With(moments[1], Of(_from.Squares[k]));

            Tensor<double> Of(T[] values) => Tensor.Of<T>(parameter.Shape, values).To<double>();
        }

        return point;
    }

    protected override T[][] ByLoops() => By(_byLoops);

    protected override T[][] ByVectors() => By(_byVectors);

    private T[][] By(IGptByHand<T> way)
    {
        var loss = way.Step(_from, _to, Document, GptSetup.RateAt(Before), Before + 1);
        return [[loss], .. _to.Parameters, .. _to.Means, .. _to.Squares];
    }

    private static GptState<T> Trained()
    {
        var (way, state) = (new GptByLoops<T>(), GptState<T>.Start());
        for (var step = 0; step < Before; step++)
        {
            way.Step(state, state, GptSetup.Documents[step], GptSetup.RateAt(step), step + 1);
        }

        return state;
    }
}
