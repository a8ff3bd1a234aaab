using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>Letters look back at earlier ones, by one head.</summary>
internal sealed class OneHead(Sizes sizes) : TransformerStage(sizes)
{
    public override string Name => "attention";

    public override string Summary => "a transformer of one head, by gradient descent";

    protected override Optimiser Optimiser => Optimiser.GradientDescent;

    protected override double Rate => 0.1;

    public override ImmutableArray<Variable> Parameters => Model.Parameters;

    public override TransformerStage With(Sizes sizes) => new OneHead(sizes);
}
