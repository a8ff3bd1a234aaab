using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>A small network that sees one letter and weighs the next: an embedding, a hidden layer, an output layer.</summary>
internal sealed class Net : FormulaStage
{
    public const int Width = 16;
    public const int HiddenUnits = 64;

    private readonly Embedding _embedding = Embedding.Of(Alphabet.Size, Width, "embedding");
    private readonly Layer _hidden = Layer.Of(Width, HiddenUnits, Activation.Relu, bias: false, name: " hidden");
    private readonly Layer _output = Layer.Of(HiddenUnits, Alphabet.Size, Activation.Linear, bias: false, name: " output");

    public override string Name => "net";

    public override string Summary => "a small net from letter to next letter, differentiated automatically";

    protected override Optimiser Optimiser => Optimiser.GradientDescent;

    protected override double Rate => 1;

    public override ImmutableArray<Variable> Parameters => [_embedding.Table, _hidden.Weight, _output.Weight];

    protected override Expr Logits(Expr letters) => _output.Apply(_hidden.Apply(_embedding.Apply(letters)));
}
