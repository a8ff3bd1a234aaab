namespace FunctionalGrad.Learning;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., 2017): every position asks a query, compares it with the keys of all
/// positions, and takes the mean of their values by how well they fit. Pure functions of expressions.
/// </summary>
public static class Attention
{
    /// <summary>Attention over all positions: softmax(Q·Kᵀ/√d)·V, where d is the width of queries and keys.</summary>
    /// <param name="queries">Q, of shape [..., m, d].</param>
    /// <param name="keys">K, of shape [..., n, d].</param>
    /// <param name="values">V, of shape [..., n, e].</param>
    /// <returns>An expression of shape [..., m, e].</returns>
    /// <exception cref="ShapeException">The shapes do not fit one another.</exception>
    /// <example><code>
    /// Expr query = Tensor.Of([1, 2], [0.0, 0]);
    /// Expr keys = Tensor.Of([3, 2], [1.0, 2, 3, 4, 5, 6]);
    /// Attention.Of(query, keys, keys).Evaluate();      // [[3, 4]]
    /// </code></example>
    public static Expr Of(Expr queries, Expr keys, Expr values)
    {
        RequireFit(queries, keys, values);
        return Weighted(Scores(queries, keys), values);
    }

    /// <summary>
    /// Attention over this and earlier positions: row i of the result sees the keys and values 0 to i alone. Later ones are
    /// masked, so they contribute exactly 0 to it and to its derivatives.
    /// </summary>
    /// <param name="queries">Q, of shape [..., n, d].</param>
    /// <param name="keys">K, of shape [..., n, d].</param>
    /// <param name="values">V, of shape [..., n, e].</param>
    /// <returns>An expression of shape [..., n, e].</returns>
    /// <exception cref="ShapeException">The shapes do not fit one another, or there are not as many queries as keys.</exception>
    /// <example><code>
    /// Expr zeros = Expr.Zeros([3, 2]);
    /// Expr values = Tensor.Of([3, 2], [1.0, 2, 3, 4, 5, 6]);
    /// Attention.Causal(zeros, zeros, values).Evaluate();      // [[1, 2], [2, 3], [3, 4]]
    /// </code></example>
    public static Expr Causal(Expr queries, Expr keys, Expr values)
    {
        RequireFit(queries, keys, values);
        var positions = queries.Shape[-2];
        if (keys.Shape[-2] != positions)
        {
            throw new ShapeException(
                $"causal attention: queries {queries.Shape} stand at {positions} positions and keys {keys.Shape} at {keys.Shape[-2]}; give a query for every key, or use Attention.Of, which sees all positions");
        }

        Expr seen = Tensor.Generate([positions, positions], i => i % positions <= i / positions ? 1.0 : 0.0);
        return Weighted(Expr.Select(seen, Scores(queries, keys), double.NegativeInfinity), values);
    }

    private static Expr Scores(Expr queries, Expr keys) =>
        queries.MatMul(keys.Transpose()) / Math.Sqrt(queries.Shape[-1]);

    private static Expr Weighted(Expr scores, Expr values) => scores.Softmax(-1).MatMul(values);

    private static void RequireFit(Expr queries, Expr keys, Expr values)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (queries.Shape.Rank < 2 || keys.Shape.Rank < 2 || values.Shape.Rank < 2)
        {
            throw new ShapeException(
                $"attention: queries {queries.Shape}, keys {keys.Shape} and values {values.Shape} each need the axes [..., positions, width]; reshape one vector to [1, width]");
        }

        if (queries.Shape[-1] != keys.Shape[-1])
        {
            throw new ShapeException(
                $"attention: queries {queries.Shape} have width {queries.Shape[-1]} and keys {keys.Shape} width {keys.Shape[-1]}; they are compared by their inner product, so make the widths equal");
        }

        if (keys.Shape[-2] != values.Shape[-2])
        {
            throw new ShapeException(
                $"attention: keys {keys.Shape} stand at {keys.Shape[-2]} positions and values {values.Shape} at {values.Shape[-2]}; give a value for every key");
        }
    }
}
