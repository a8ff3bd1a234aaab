using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// A small GPT: a decoder-only transformer with learned positions, root-mean-square normalisation without gain, ReLU, no
/// biases and no shared weights. <c>x = norm(token + position)</c>, block after block, then <c>x·Wᵀ</c>. A description that
/// makes expressions; the values of its parameters live in points.
/// </summary>
/// <example><code>
/// var gpt = Transformer.Of(vocabulary: 27, context: 16, width: 16, heads: 4);
/// gpt;                                                         // 1 block of 4 heads of 4, 64 hidden units, 4192 parameters
/// gpt.Logits(Expr.Variable("tokens", [8])).Shape;              // [8, 27]
/// gpt.Logits(Expr.Variable("tokens", [32, 8])).Shape;          // [32, 8, 27]
/// gpt.Parameters.Length;                                       // 9
/// </code></example>
public sealed class Transformer
{
    private Transformer(Embedding tokens, Embedding positions, ImmutableArray<TransformerBlock> blocks, Layer output)
    {
        (Tokens, Positions, Blocks, Output) = (tokens, positions, blocks, output);
        Parameters = [tokens.Table, positions.Table, .. blocks.SelectMany(block => block.Parameters), .. output.Parameters];
        ParameterCount = Parameters.Sum(parameter => parameter.Shape.Size);
    }

    /// <summary>A row for each token of the vocabulary.</summary>
    public Embedding Tokens { get; }

    /// <summary>A row for each position of the context.</summary>
    public Embedding Positions { get; }

    /// <summary>The blocks, first to last.</summary>
    public ImmutableArray<TransformerBlock> Blocks { get; }

    /// <summary>The layer that makes logits, [vocabulary, width].</summary>
    public Layer Output { get; }

    /// <summary>The longest text that it reads.</summary>
    public int Context => Positions.Table.Shape[0];

    /// <summary>The variables that training moves: tokens, positions, block by block, output.</summary>
    public ImmutableArray<Variable> Parameters { get; }

    /// <summary>How many numbers the parameters are.</summary>
    public int ParameterCount { get; }

    /// <summary>A transformer with new variables.</summary>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="context">The longest text that it reads.</param>
    /// <param name="width">How many numbers stand for a position, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of heads of each block.</param>
    /// <param name="layers">The number of blocks, 1 or more.</param>
    /// <param name="hidden">The number of hidden units of each block; 4·width where none is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is 0 or negative.</exception>
    /// <exception cref="ArgumentException">The width is no multiple of the number of heads.</exception>
    public static Transformer Of(int vocabulary, int context, int width, int heads, int layers = 1, int? hidden = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        return new(
            Embedding.Of(vocabulary, width, "tokens"),
            Embedding.Of(context, width, "positions"),
            [.. Enumerable.Range(1, layers).Select(layer => TransformerBlock.Of(width, heads, hidden ?? checked(4 * width), layers == 1 ? "" : $" {layer}"))],
            Layer.Of(width, vocabulary, Activation.Linear, bias: false, name: " output"));
    }

    /// <summary>The logits of the token after each position, each made from that position and the earlier ones alone.</summary>
    /// <param name="tokens">Whole numbers from 0 to vocabulary − 1, of shape [..., positions].</param>
    /// <returns>An expression of shape [..., positions, vocabulary].</returns>
    /// <exception cref="ShapeException">The tokens are a scalar, or more than the context holds.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: a token is not whole or out of range.</exception>
    public Expr Logits(Expr tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.IsScalar || tokens.Shape[-1] > Context)
        {
            throw new ShapeException(
                $"transformer: tokens of shape {tokens.Shape} where [..., 1 to {Context}] is wanted; shorten the text, or make the context longer");
        }

        var x = Normalisation.RootMeanSquare(Tokens.Apply(tokens) + Positions.First(tokens.Shape[-1]));
        return Output.Apply(Blocks.Aggregate(x, (y, block) => block.Apply(y)));
    }

    /// <summary>
    /// How surprised it is by each text of a padded batch, in the mean over the text: −ln p of every token after those before
    /// it, as <see cref="Loss.CrossEntropyByText"/>. Texts stand at the front of their rows; no position looks at the padding
    /// behind it, and what is computed there goes nowhere.
    /// </summary>
    /// <param name="texts">The variables or tensors of a batch.</param>
    /// <returns>An expression of shape [...], one number for each text.</returns>
    /// <exception cref="ShapeException">The parts of the batch differ in shape, or have more positions than the context.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: a token or target is not whole or out of range.</exception>
    /// <example><code>
    /// var gpt = Transformer.Of(vocabulary: 27, context: 16, width: 16, heads: 4);
    /// var texts = TextBatch.Variables(count: 32, positions: 8);
    /// gpt.LossByText(texts).Shape;             // [32]
    /// gpt.LossByText(texts).Mean().Shape;      // []
    /// </code></example>
    public Expr LossByText(TextBatch texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Loss.CrossEntropyByText(Logits(texts.Tokens), texts.Targets, texts.Mask);
    }

    /// <summary>The blocks, their sizes and the number of parameters.</summary>
    public override string ToString() =>
        $"{Blocks.Length} {(Blocks.Length == 1 ? "block" : "blocks")} of {Blocks[0].Attention}, {Blocks[0].Hidden.Outputs} hidden units, {ParameterCount} parameters";
}
