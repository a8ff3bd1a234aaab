namespace FunctionalGrad;

/// <summary>A function of a structure of expressions, called once with fresh variables in place of its leaves.</summary>
internal sealed class TracedStructure<TFormula>
{
    private readonly Leaves<TFormula, TFormula, ExpressionLeaves> _leaves;
    private readonly object[] _arguments;

    public TracedStructure(Func<TFormula, Expr> function, TFormula at)
    {
        _leaves = new(at);
        _arguments = _leaves.Read(at);
        Value = function(_leaves.Formula)
            ?? throw new ArgumentException("the function to differentiate returned null; return an expression", nameof(function));
    }

    public Expr Value { get; }

    public ReadOnlySpan<Variable> Variables => _leaves.Keys.Variables;

    /// <summary>Expressions of the variables with the leaves of the argument in their place.</summary>
    public Expr[] At(ReadOnlySpan<Expr> results)
    {
        var replacements = new Dictionary<Expr, Expr>(_arguments.Length);
        for (var i = 0; i < _arguments.Length; i++)
        {
            replacements[_leaves.Keys.Variables[i]] = (Expr)_arguments[i];
        }

        return Rewriting.Rewrite(results, node => replacements.GetValueOrDefault(node, node));
    }

    public TFormula Structure(Expr[] leaves) => _leaves.Formulas(leaves);

    /// <summary>A tangent, of the same form and shapes, by the variables.</summary>
    public GradientMap<Expr> Direction(TFormula tangent) => new(_leaves.Keys, Array.ConvertAll(_leaves.Read(tangent), leaf => (Expr)leaf));
}

/// <summary>Tracing of functions of structures that know no formulas.</summary>
internal static class TracedStructure
{
    public static (Leaves<TNumbers, TNumbers, TensorLeaves> Leaves, Expr Value) OfTensors<TNumbers>(
        Func<TNumbers, FormulaOf, Expr> function, TNumbers like)
    {
        ArgumentNullException.ThrowIfNull(function);
        var leaves = new Leaves<TNumbers, TNumbers, TensorLeaves>(like);

        // Tensors that stand nowhere else, so that each can be told from the others though two may be equal or even the same.
        var stands = new Dictionary<object, Expr>(ReferenceEqualityComparer.Instance);
        var placeholders = leaves.Read(like);
        for (var i = 0; i < placeholders.Length; i++)
        {
            placeholders[i] = placeholders[i] is Tensor<float> narrow ? Tensor.Full(narrow.Shape, float.NaN)
                : Tensor.Full(((Tensor<double>)placeholders[i]).Shape, double.NaN);
            stands.Add(placeholders[i], leaves.Keys.Variables[i]);
        }

        return (leaves, function(Walk<TNumbers, TNumbers, TensorLeaves>.ToNumbers(like, new(placeholders)), new(stands)));
    }
}
