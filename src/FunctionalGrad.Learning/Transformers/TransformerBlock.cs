using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// A block of a transformer, attention and then a perceptron, each beside a path that leaves x as it is:
/// <c>y = x + attention(norm(x))</c>, <c>z = y + W₂·relu(W₁·norm(y))</c>, with root-mean-square normalisation and no biases.
/// </summary>
/// <example><code>
/// var block = TransformerBlock.Of(width: 16, heads: 4, hidden: 64);
/// block.Apply(Expr.Variable("x", [8, 16])).Shape;                        // [8, 16]
/// block.Parameters.Sum(parameter => parameter.Shape.Size);              // 3072
/// </code></example>
public sealed class TransformerBlock
{
    private TransformerBlock(MultiHeadAttention attention, Layer hidden, Layer output)
    {
        (Attention, Hidden, Output) = (attention, hidden, output);
        Parameters = [.. attention.Parameters, .. hidden.Parameters, .. output.Parameters];
    }

    /// <summary>What looks at other positions.</summary>
    public MultiHeadAttention Attention { get; }

    /// <summary>The hidden layer W₁ of the perceptron, [hidden, width].</summary>
    public Layer Hidden { get; }

    /// <summary>The output layer W₂ of the perceptron, [width, hidden].</summary>
    public Layer Output { get; }

    /// <summary>The variables that training moves: those of the attention, then of the perceptron.</summary>
    public ImmutableArray<Variable> Parameters { get; }

    /// <summary>A block with new variables.</summary>
    /// <param name="width">The width of what goes in and comes out, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of heads of the attention.</param>
    /// <param name="hidden">The number of hidden units of the perceptron.</param>
    /// <param name="name">What its variables' names end with.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is 0 or negative.</exception>
    /// <exception cref="ArgumentException">The width is no multiple of the number of heads.</exception>
    public static TransformerBlock Of(int width, int heads, int hidden, string name = "") => new(
        MultiHeadAttention.Of(width, heads, name),
        Layer.Of(width, hidden, Activation.Relu, bias: false, name: "1" + name),
        Layer.Of(hidden, width, Activation.Linear, bias: false, name: "2" + name));

    /// <summary>The output for an input.</summary>
    /// <param name="x">An expression of shape [..., positions, width].</param>
    /// <returns>An expression of the same shape.</returns>
    /// <exception cref="ShapeException">The last extent is not the width, or there is no axis of positions.</exception>
    public Expr Apply(Expr x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var attended = x + Attention.Apply(Normalisation.RootMeanSquare(x));
        return attended + Output.Apply(Hidden.Apply(Normalisation.RootMeanSquare(attended)));
    }
}
