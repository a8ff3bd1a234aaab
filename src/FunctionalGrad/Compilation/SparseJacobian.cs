using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// An expression and its sparse Jacobian, prepared: the pattern, the colouring and the program are found once, and then
/// evaluated at many points. Immutable; any number of threads may call it at once.
/// </summary>
/// <remarks>Rows and columns count as <see cref="SparseDerivative"/> says.</remarks>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var x = Expr.Variable("x", [3]);
/// var prepared = (x.Slice(1..) * x.Slice(..^1)).CompileSparseJacobian&lt;double&gt;(x);
/// var (value, jacobian) = prepared.Invoke(Tensor.Of(2.0, 3, 5));
/// value;                      // [6, 15]
/// jacobian.ToDense();         // [[3, 2, 0], [0, 5, 3]]
/// prepared.Passes;            // 2
/// </code></example>
public sealed class SparseJacobian<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly SparseDerivative _derivative;
    private readonly CompiledFunction<T> _function;

    internal SparseJacobian(Expr expression, SparseDerivative derivative)
    {
        _derivative = derivative;
        ImmutableArray<Expr> both = [expression, .. derivative.Parts];
        _function = new(both.AsSpan(), CodeGeneration.Automatic);
    }

    /// <summary>Which entries may differ from zero.</summary>
    public SparsityPattern Pattern => _derivative.Pattern;

    /// <summary>How many pushforwards or pullbacks one evaluation takes.</summary>
    public int Passes => _derivative.Passes;

    /// <summary>Forward where columns share passes, reverse where rows do.</summary>
    public DifferentiationMode Mode => _derivative.Mode;

    /// <summary>The variables, in the order of their columns.</summary>
    public ImmutableArray<Variable> Variables => _derivative.Variables;

    /// <summary>The value and the Jacobian at a point.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    public (Tensor<T> Value, SparseMatrix<T> Jacobian) Invoke(Point<T> at)
    {
        var values = _function.Invoke(at);
        return (values[0], SparseMatrix<T>.Seal(Pattern, _derivative.Pick(values.AsSpan()[1..])));
    }

    /// <summary>The value and the Jacobian where the variables of the columns are all that there are.</summary>
    /// <param name="arguments">A value for each of <see cref="Variables"/>, in their order.</param>
    /// <exception cref="ShapeException">They are too many or too few, or a value has another shape than its variable.</exception>
    /// <exception cref="UnboundVariableException">The expression has other variables.</exception>
    public (Tensor<T> Value, SparseMatrix<T> Jacobian) Invoke(params ReadOnlySpan<Tensor<T>> arguments) =>
        Invoke(ArgumentPoint.Of(Variables, arguments));

    /// <summary>The program as text.</summary>
    public override string ToString() => _function.ToString();
}
