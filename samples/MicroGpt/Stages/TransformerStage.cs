using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>The sizes of a transformer.</summary>
/// <param name="Layers">How many blocks stand one after another.</param>
/// <param name="Heads">How many heads look back in each block.</param>
/// <param name="Width">How many numbers stand for a letter, a multiple of the number of heads.</param>
/// <param name="Context">How many letters are looked back at.</param>
internal sealed record Sizes(int Layers, int Heads, int Width, int Context)
{
    public const int MostLayers = 100;
    public const int MostHeads = 1000;
    public const int MostWidth = 1000;
    public const int MostContext = 250;

    public static Sizes OneHead { get; } = new(Layers: 1, Heads: 1, Width: 16, Context: 16);

    public static Sizes FourHeads { get; } = OneHead with { Heads = 4 };
}

/// <summary>A stage that is a transformer: every letter looks back at the earlier ones.</summary>
internal abstract class TransformerStage(Sizes sizes) : FormulaStage
{
    public Sizes Sizes => sizes;

    public override int Longest => sizes.Context;

    protected Transformer Model { get; } = Transformer.Of(Alphabet.Size, sizes.Context, sizes.Width, sizes.Heads, sizes.Layers);

    protected override int Context => sizes.Context;

    /// <summary>The same stage in other sizes.</summary>
    public abstract TransformerStage With(Sizes sizes);

    protected override Expr Logits(Expr letters) => Model.Logits(letters);
}
