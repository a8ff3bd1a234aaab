using FunctionalGrad.Learning;

namespace FunctionalGrad.Benchmarks;

/// <summary>The loss of a document with so many letters to guess, as a formula.</summary>
internal sealed class GptLoss
{
    private readonly int _length;
    private readonly Variable _letters;
    private readonly Variable _targets;

    public GptLoss(int length)
    {
        _length = length;
        (_letters, _targets) = (Expr.Variable("letters", [length]), Expr.Variable("targets", [length]));
        Step = TrainingStep.Of(
            Loss.CrossEntropy(GptSetup.Model.Logits(_letters), _targets), GptSetup.Model.Parameters.AsSpan(), GptSetup.Adam);
    }

    public TrainingStep Step { get; }

    public Point<double> DataOf(int[] document) => Point.Of(
        (_letters, Tensor.Generate([_length], i => (double)document[i])),
        (_targets, Tensor.Generate([_length], i => (double)document[i + 1])));
}
