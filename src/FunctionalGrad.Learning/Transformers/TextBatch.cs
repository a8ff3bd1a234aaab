using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>
/// Texts of several lengths side by side, for a model that guesses every token after those before it: three variables of
/// shape [count, positions], padded at the end where a text is shorter and masked there.
/// </summary>
/// <example><code>
/// var batch = TextBatch.Variables(count: 2, positions: 4);
/// var at = batch.PointOf&lt;double>([[26, 0, 3, 0, 26], [26, 8, 26]]);
/// at[batch.Tokens];       // [[26, 0, 3, 0], [26, 8, 0, 0]]
/// at[batch.Targets];      // [[0, 3, 0, 26], [8, 26, 0, 0]]
/// at[batch.Mask];         // [[1, 1, 1, 1], [1, 1, 0, 0]]
/// </code></example>
public sealed class TextBatch
{
    private const int FewestPositions = 4;

    private TextBatch(Shape shape) =>
        (Tokens, Targets, Mask) = (Expr.Variable("tokens", shape), Expr.Variable("targets", shape), Expr.Variable("mask", shape));

    /// <summary>The token at every position; 0 where there is none.</summary>
    public Variable Tokens { get; }

    /// <summary>The token after every position; 0 where there is none.</summary>
    public Variable Targets { get; }

    /// <summary>1 at the positions of a text, 0 at those behind its end.</summary>
    public Variable Mask { get; }

    /// <summary>A batch with new variables.</summary>
    /// <param name="count">How many texts, 1 or more.</param>
    /// <param name="positions">How many positions each is padded to, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no text or no position.</exception>
    public static TextBatch Variables(int count, int positions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(positions);
        return new([count, positions]);
    }

    /// <summary>
    /// What to pad to, so that texts of many lengths need few graphs: a multiple of 4 up to 32, then one of four lengths from
    /// each power of two to the next, so never a quarter more than needed; and never more than the context.
    /// </summary>
    /// <param name="longest">How many positions the longest text has, 1 or more.</param>
    /// <param name="context">How many positions there may be, as many as that or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no position, or more than the context has.</exception>
    /// <example><code>
    /// TextBatch.PaddedPositions(longest: 5, context: 16);         // 8
    /// TextBatch.PaddedPositions(longest: 100, context: 256);      // 112
    /// TextBatch.PaddedPositions(longest: 9, context: 10);         // 10
    /// </code></example>
    public static int PaddedPositions(int longest, int context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longest, context);

        // Four lengths from each power of two to the next.
        var step = Math.Max(FewestPositions, (int)BitOperations.RoundUpToPowerOf2((uint)longest) / 8);
        return (int)Math.Min(((longest - 1L) / step * step) + step, context);
    }

    /// <summary>Texts as the values of the variables.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="texts">As many as the batch has, each of 2 tokens or more. Of a text that is too long the beginning counts.</param>
    /// <exception cref="ArgumentException">There are more or fewer texts, or one with nothing to guess.</exception>
    public Point<T> PointOf<T>(params ReadOnlySpan<ImmutableArray<int>> texts)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (count, positions) = (Tokens.Shape[0], Tokens.Shape[1]);
        if (texts.Length != count)
        {
            throw new ArgumentException($"a batch of {count} texts was given {texts.Length}; make the variables for as many as there are", nameof(texts));
        }

        var (tokens, targets, mask) = (new T[count * positions], new T[count * positions], new T[count * positions]);
        for (var i = 0; i < count; i++)
        {
            var text = texts[i];
            if (text.IsDefault || text.Length < 2)
            {
                throw new ArgumentException($"text {i} of a batch has nothing to guess; give it 2 tokens or more", nameof(texts));
            }

            for (var j = 0; j < positions && j + 1 < text.Length; j++)
            {
                var at = (i * positions) + j;
                (tokens[at], targets[at], mask[at]) = (T.CreateChecked(text[j]), T.CreateChecked(text[j + 1]), T.One);
            }
        }

        return Point<T>.Of((Tokens, Of(tokens)), (Targets, Of(targets)), (Mask, Of(mask)));

        Tensor<T> Of(T[] values) => Tensor.Of(Tokens.Shape, values);
    }
}
