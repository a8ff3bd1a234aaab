using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A scalar expression, its gradient and its sparse Hessian, prepared: the pattern, the colouring and the program are found
/// once, and then evaluated at many points. Immutable; any number of threads may call it at once.
/// </summary>
/// <remarks>
/// Rows and columns count as <see cref="SparseDerivative"/> says. The Hessian is taken to be symmetric, as it is for every
/// rule that is the derivative of its primitive: an entry may be read at its mirror image.
/// </remarks>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var x = Expr.Variable("x", [4]);
/// var arrow = (x.At(0) * x).Sum().CompileSparseHessian&lt;double&gt;(x);
/// arrow.Invoke(Tensor.Of(1.0, 2, 3, 4)).Hessian.ToDense();      // [[2, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
/// arrow.Passes;                                                 // 2
/// </code></example>
public sealed class SparseHessian<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly SparseDerivative _derivative;
    private readonly VariableKeys _keys;
    private readonly CompiledFunction<T> _function;

    internal SparseHessian(Expr expression, GradientMap<Expr> gradient, SparseDerivative derivative)
    {
        (_derivative, _keys) = (derivative, gradient.Keys);
        ImmutableArray<Expr> all = [expression, .. gradient.Values, .. derivative.Parts];
        _function = new(all.AsSpan(), CodeGeneration.Automatic);
    }

    /// <summary>Which entries may differ from zero.</summary>
    public SparsityPattern Pattern => _derivative.Pattern;

    /// <summary>How many Hessian-vector products one evaluation takes.</summary>
    public int Passes => _derivative.Passes;

    /// <summary>The variables, in the order of their columns.</summary>
    public ImmutableArray<Variable> Variables => _derivative.Variables;

    /// <summary>The value, the gradient and the Hessian at a point.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    public (T Value, GradientMap<Tensor<T>> Gradient, SparseMatrix<T> Hessian) Invoke(Point<T> at)
    {
        var values = _function.Invoke(at).AsSpan();
        var parts = values[(1 + _keys.Count)..];
        return (
            values[0].ToScalar(),
            new(_keys, values[1..(1 + _keys.Count)].ToArray()),
            SparseMatrix<T>.Seal(Pattern, _derivative.Pick(parts)));
    }

    /// <summary>The value, the gradient and the Hessian where the variables of the columns are all that there are.</summary>
    /// <param name="arguments">A value for each of <see cref="Variables"/>, in their order.</param>
    /// <exception cref="ShapeException">They are too many or too few, or a value has another shape than its variable.</exception>
    /// <exception cref="UnboundVariableException">The expression has other variables.</exception>
    public (T Value, GradientMap<Tensor<T>> Gradient, SparseMatrix<T> Hessian) Invoke(params ReadOnlySpan<Tensor<T>> arguments) =>
        Invoke(ArgumentPoint.Of(Variables, arguments));

    /// <summary>The program as text.</summary>
    public override string ToString() => _function.ToString();
}
