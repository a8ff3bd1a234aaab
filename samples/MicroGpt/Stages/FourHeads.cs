using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>Letters look back at earlier ones by several heads, each with an eye for something else.</summary>
internal sealed class FourHeads(Sizes sizes) : TransformerStage(sizes)
{
    public override string Name => "heads";

    public override string Summary => "a transformer of four heads, by gradient descent";

    protected override Optimiser Optimiser => Optimiser.GradientDescent;

    protected override double Rate => 0.1;

    public override ImmutableArray<Variable> Parameters => OutputEarly(Model);

    public override TransformerStage With(Sizes sizes) => new FourHeads(sizes);

    /// <summary>The parameters in another order of drawing: the output layer before the blocks.</summary>
    internal static ImmutableArray<Variable> OutputEarly(Transformer model) =>
        [model.Tokens.Table, model.Positions.Table, model.Output.Weight, .. model.Blocks.SelectMany(block => block.Parameters)];
}
