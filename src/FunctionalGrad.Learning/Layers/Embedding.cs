namespace FunctionalGrad.Learning;

/// <summary>
/// An embedding: a table with a row of numbers for each of so many things, such as letters. A description that makes
/// expressions; the rows live in points.
/// </summary>
/// <example><code>
/// var letters = Embedding.Of(3, 2);
/// var at = Point.Of((letters.Table, Tensor.Of([3, 2], [1.0, 2, 3, 4, 5, 6])));
/// letters.Apply(Tensor.Of(2.0, 0)).Evaluate(at);      // [[5, 6], [1, 2]]
/// letters.First(1).Evaluate(at);                      // [[1, 2]]
/// </code></example>
public sealed class Embedding
{
    private Embedding(Variable table) => Table = table;

    /// <summary>The rows, of shape [count, width].</summary>
    public Variable Table { get; }

    /// <summary>An embedding with a new variable.</summary>
    /// <param name="count">How many things there are, 1 or more.</param>
    /// <param name="width">How many numbers stand for each, 1 or more.</param>
    /// <param name="name">The name of its variable.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no thing or no number.</exception>
    public static Embedding Of(int count, int width, string name = "E")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return new(Expr.Variable(name, [count, width]));
    }

    /// <summary>The rows of some things; a thing may stand several times.</summary>
    /// <param name="indices">Whole numbers from 0 to count − 1, of shape [...].</param>
    /// <returns>An expression of shape [..., width].</returns>
    /// <exception cref="IndexOutsideException">At evaluation: an index is not whole or out of range.</exception>
    public Expr Apply(Expr indices) => Table.Gather(indices, 0);

    /// <summary>The rows of things 0, 1, …, such as those of the positions of a text.</summary>
    /// <param name="count">How many, up to as many as there are.</param>
    /// <returns>An expression of shape [count, width].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Expr First(int count) => count == Table.Shape[0] ? Table : Table.Slice(..count);
}
