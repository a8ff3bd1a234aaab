using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// One step of a reverse pass: the adjoint of one node is defined, once and for all, as the sum of what its uses contribute.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
/// <example><code>
/// var x = Expr.Variable("x");
/// var step = (x * x).TraceGradient(Point.Of((x, 3.0)))[1];
/// step;                        // adjoint(x) = x + x = 6
/// step.Uses.Length;            // 2
/// step.Uses[0];                // x = 3
/// step.Before;                 // { x · x ↦ 1 }
/// </code></example>
public sealed class TraceStep<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    internal TraceStep(
        Expr node, Tensor<T> value, ImmutableArray<TracedUse<T>> uses, Expr adjoint, Tensor<T> adjointValue, AdjointMap<T> before, AdjointMap<T> after) =>
        (Node, Value, Uses, Adjoint, AdjointValue, Before, After) = (node, value, uses, adjoint, adjointValue, before, after);

    /// <summary>The node whose adjoint is defined.</summary>
    public Expr Node { get; }

    /// <summary>The value of the node at the point.</summary>
    public Tensor<T> Value { get; }

    /// <summary>
    /// The uses that contribute, in the order in which they are summed. None for the root, whose adjoint is 1; uses without
    /// a derivative, as by a comparison, contribute nothing and are left out.
    /// </summary>
    public ImmutableArray<TracedUse<T>> Uses { get; }

    /// <summary>adjoint(v) = Σ contributions, as an expression.</summary>
    public Expr Adjoint { get; }

    /// <summary>The adjoint at the point.</summary>
    public Tensor<T> AdjointValue { get; }

    /// <summary>The adjoints before this step.</summary>
    public AdjointMap<T> Before { get; }

    /// <summary>The same adjoints and this one.</summary>
    public AdjointMap<T> After { get; }

    /// <summary>The node, its adjoint and the adjoint's value.</summary>
    public override string ToString() => $"adjoint({Node}) = {Adjoint} = {AdjointValue}";
}
