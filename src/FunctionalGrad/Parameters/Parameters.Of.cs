using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// The tensors of a user's own structure as variables of a graph: what connects records with <see cref="Point{T}"/>,
/// <see cref="GradientMap{TValue}"/>, optimisers and checkpoints. The variables are named by the paths of the members, as
/// <c>Layers[0].Weight</c>.
/// </summary>
/// <remarks>Immutable and safe from any thread. Whatever is not a tensor, a number or an expression in
/// <typeparamref name="TFormula"/> as <see cref="Expr"/> is carried along unchanged.</remarks>
/// <typeparam name="TFormula">The structure with expressions, such as <c>Model&lt;Expr></c>.</typeparam>
/// <typeparam name="TNumbers">The structure with numbers, such as <c>Model&lt;Tensor&lt;double>></c>.</typeparam>
/// <example><code>
/// // A record that is generic in what stands for a tensor; a tuple of tensors does as well.
/// var start = (Weight: (Tensor&lt;double>)2.0, Bias: (Tensor&lt;double>)1.0);
/// var parameters = Parameters.Of&lt;(Expr Weight, Expr Bias), (Tensor&lt;double>, Tensor&lt;double>)>(start);
/// Expr loss = (parameters.Formula.Weight * 3 + parameters.Formula.Bias).Square();
/// loss.Evaluate(parameters.ToPoint&lt;double>(start));                                            // 49
/// parameters.FromGradient(loss.Gradient().Evaluate(parameters.ToPoint&lt;double>(start)));        // (42, 14)
/// </code></example>
public sealed class Parameters<TFormula, TNumbers>
{
    private readonly Leaves<TFormula, TNumbers, ExpressionLeaves> _leaves;

    internal Parameters(TNumbers like) => _leaves = new(like);

    /// <summary>A variable for each tensor, in order.</summary>
    public ImmutableArray<Variable> Variables => [.. _leaves.Keys.List];

    /// <summary>The structure with a variable in place of each tensor: what a loss is written over.</summary>
    public TFormula Formula => _leaves.Formula;

    /// <summary>The point that gives the variables the numbers of a structure.</summary>
    /// <typeparam name="T">The precision of the point; numbers in another are rounded to it.</typeparam>
    /// <param name="numbers">A structure of the same form, with tensors of the same shapes.</param>
    /// <exception cref="ParametersException">Its form is another.</exception>
    public Point<T> ToPoint<T>(TNumbers numbers)
        where T : struct, IBinaryFloatingPointIeee754<T> => _leaves.ToPoint<T>(_leaves.Read(numbers));

    /// <summary>The structure whose numbers a point gives.</summary>
    /// <typeparam name="T">The precision of the point.</typeparam>
    /// <param name="point">A point that assigns all of the variables, and maybe others.</param>
    /// <exception cref="KeyNotFoundException">The point lacks a variable.</exception>
    public TNumbers FromPoint<T>(Point<T> point)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(point);
        return _leaves.Numbers(Array.ConvertAll(_leaves.Keys.Variables.ToArray(), variable => point[variable]));
    }

    /// <summary>The gradient as a structure; a variable that is not in the map has gradient zero.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="gradient">A gradient by the variables.</param>
    public TNumbers FromGradient<T>(GradientMap<Tensor<T>> gradient)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return _leaves.Numbers(Array.ConvertAll(
            _leaves.Keys.Variables.ToArray(),
            variable => gradient.TryGetValue(variable, out var value) ? value : Tensor<T>.Zeros(variable.Shape)));
    }

    /// <summary>The symbolic gradient as a structure; a variable that is not in the map has gradient zero.</summary>
    /// <param name="gradient">A gradient by the variables.</param>
    public TFormula FromGradient(GradientMap<Expr> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return _leaves.Formulas(Array.ConvertAll(
            _leaves.Keys.Variables.ToArray(),
            Expr (variable) => gradient.TryGetValue(variable, out var value) ? value : Expr.Zeros(variable.Shape)));
    }
}
