namespace FunctionalGrad;

/// <summary>
/// The formulas of the tensors of a structure that knows no formulas: <c>of[model.Weight]</c> is the expression that stands
/// for that very tensor. It is given to the loss beside the structure.
/// </summary>
/// <example><code>
/// var at = new[] { Tensor.Of(1.0, 2.0), Tensor.Of(3.0) };
/// Differentiate.ValueAndGradient((Tensor&lt;double>[] p, FormulaOf of) => (of[p[0]] * of[p[1]]).Sum(), at).Gradient[1];      // [3]
/// </code></example>
public sealed class FormulaOf
{
    private readonly Dictionary<object, Expr> _formulas;

    internal FormulaOf(Dictionary<object, Expr> formulas) => _formulas = formulas;

    /// <summary>The expression that stands for a tensor of the structure.</summary>
    /// <param name="leaf">A tensor as the structure given to the loss holds it: the same object.</param>
    /// <exception cref="ParametersException">The tensor is none of the structure's own.</exception>
    public Expr this[Tensor<double> leaf] => Find(leaf);

    /// <inheritdoc cref="this[Tensor{double}]"/>
    public Expr this[Tensor<float> leaf] => Find(leaf);

    private Expr Find(object leaf)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        return _formulas.TryGetValue(leaf, out var formula) ? formula
            : throw new ParametersException(
                "parameters: this tensor is none of those that the structure given to the loss holds, but another, perhaps computed from one; "
                + "take the formula of a member first, of[model.Weight], and compute with that");
    }
}
