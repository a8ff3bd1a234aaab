using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>Sharing of equal parts.</summary>
public static class CommonSubexpressions
{
    /// <summary>
    /// The same expression with equal parts made one node, so that each is computed once: parts are equal as
    /// <see cref="Structure.Equal"/> says. Values and derivatives are unchanged to the last bit; the same object comes back
    /// where nothing was equal. Takes time in proportion to the graph.
    /// </summary>
    /// <param name="expression">The expression.</param>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var y = (x + 1) * (x + 1);
    /// TopologicalOrder.Of(y).Count;                                 // 6
    /// TopologicalOrder.Of(y.ShareCommonSubexpressions()).Count;     // 4
    /// </code></example>
    public static Expr ShareCommonSubexpressions(this Expr expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Structure.Merge([expression])[0];
    }

    /// <summary>Several expressions, with what is equal within and between them made one node.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <returns>The expressions in the same order.</returns>
    public static ImmutableArray<Expr> ShareCommonSubexpressions(this ReadOnlySpan<Expr> expressions) =>
        ImmutableCollectionsMarshal.AsImmutableArray(Structure.Merge(expressions));

    /// <summary>A symbolic gradient, with what is equal within and between its entries made one node.</summary>
    /// <param name="gradient">The gradient.</param>
    public static GradientMap<Expr> ShareCommonSubexpressions(this GradientMap<Expr> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return new(gradient.Keys, Structure.Merge(gradient.Values));
    }
}
