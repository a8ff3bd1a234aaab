using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>The whole of microgpt: the transformer of four heads, with Adam in place of plain gradient descent.</summary>
internal sealed class Gpt(Sizes sizes) : TransformerStage(sizes)
{
    public override string Name => "microgpt";

    public override string Summary => "a transformer of four heads, by Adam";

    protected override Optimiser Optimiser { get; } = Optimiser.Adam(beta1: 0.85, beta2: 0.99, epsilon: 1e-8);

    protected override double Rate => 0.01;

    public override ImmutableArray<Variable> Parameters => FourHeads.OutputEarly(Model);

    public override TransformerStage With(Sizes sizes) => new Gpt(sizes);
}
