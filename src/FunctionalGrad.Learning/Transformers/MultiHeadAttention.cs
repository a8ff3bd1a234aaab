using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// Causal self-attention with several heads side by side: <c>concat(headₕ)·Wₒᵀ</c>, where head h is causal attention of the
/// h-th parts of the queries x·W_qᵀ, keys x·W_kᵀ and values x·W_vᵀ. A description that makes expressions; the values of its
/// parameters live in points.
/// </summary>
/// <example><code>
/// var attention = MultiHeadAttention.Of(width: 16, heads: 4);
/// attention;                                                   // 4 heads of 4
/// attention.Apply(Expr.Variable("x", [8, 16])).Shape;          // [8, 16]
/// attention.Apply(Expr.Variable("x", [32, 8, 16])).Shape;      // [32, 8, 16]
/// </code></example>
public sealed class MultiHeadAttention
{
    private MultiHeadAttention(Layer query, Layer key, Layer value, Layer output, int heads)
    {
        (Query, Key, Value, Output, Heads) = (query, key, value, output, heads);
        Parameters = [.. query.Parameters, .. key.Parameters, .. value.Parameters, .. output.Parameters];
    }

    /// <summary>What makes the queries of all heads, a linear layer of shape [width, width] without biases.</summary>
    public Layer Query { get; }

    /// <summary>What makes the keys of all heads.</summary>
    public Layer Key { get; }

    /// <summary>What makes the values of all heads.</summary>
    public Layer Value { get; }

    /// <summary>What mixes the results of the heads.</summary>
    public Layer Output { get; }

    /// <summary>How many heads there are.</summary>
    public int Heads { get; }

    /// <summary>The variables that training moves: those of queries, keys, values and output.</summary>
    public ImmutableArray<Variable> Parameters { get; }

    /// <summary>Attention with new variables.</summary>
    /// <param name="width">The width of what goes in and comes out, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of heads, 1 or more; each is width / heads wide.</param>
    /// <param name="name">What its variables' names end with.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no width or no head.</exception>
    /// <exception cref="ArgumentException">The width is no multiple of the number of heads.</exception>
    public static MultiHeadAttention Of(int width, int heads, string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        return width % heads == 0
            ? new(Linear("q"), Linear("k"), Linear("v"), Linear("o"), heads)
            : throw new ArgumentException(
                $"attention: a width of {width} does not part into {heads} heads of one size; choose a width that is a multiple of {heads}", nameof(heads));

        Layer Linear(string part) => Layer.Of(width, width, Activation.Linear, bias: false, name: part + name);
    }

    /// <summary>What every position makes of itself and the earlier ones.</summary>
    /// <param name="x">An expression of shape [..., positions, width].</param>
    /// <returns>An expression of the same shape.</returns>
    /// <exception cref="ShapeException">The last extent is not the width, or there is no axis of positions.</exception>
    public Expr Apply(Expr x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank < 2)
        {
            throw new ShapeException($"attention: {x.Shape} has no axis of positions; give [..., positions, {Query.Inputs}]");
        }

        var together = Attention.Causal(Parted(Query.Apply(x)), Parted(Key.Apply(x)), Parted(Value.Apply(x)));
        return Output.Apply(SwapHeadsAndPositions(together).Reshape(x.Shape));
    }

    /// <summary>The number and the width of the heads.</summary>
    public override string ToString() => $"{Heads} heads of {Query.Inputs / Heads}";

    // [..., positions, width] as [..., heads, positions, width / heads].
    private Expr Parted(Expr x) =>
        SwapHeadsAndPositions(x.Reshape(Shape.Of([.. x.Shape.Extents[..^1], Heads, x.Shape[-1] / Heads])));

    private static Expr SwapHeadsAndPositions(Expr x)
    {
        var axes = Enumerable.Range(0, x.Shape.Rank).ToArray();
        (axes[^3], axes[^2]) = (axes[^2], axes[^3]);
        return x.Permute(axes);
    }
}
