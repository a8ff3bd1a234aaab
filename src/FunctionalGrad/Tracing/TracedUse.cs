using System.Numerics;

namespace FunctionalGrad;

/// <summary>One use of a node, and what it contributes to the node's adjoint.</summary>
/// <typeparam name="T">The precision.</typeparam>
public sealed class TracedUse<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    internal TracedUse(Application user, int operand, Expr contribution, Tensor<T> value) =>
        (User, Operand, Contribution, Value) = (user, operand, contribution, value);

    /// <summary>The node that uses it.</summary>
    public Application User { get; }

    /// <summary>As which operand, from 0: <c>x · x</c> uses x as both.</summary>
    public int Operand { get; }

    /// <summary>contribution(u → v, adjoint(u)), as an expression.</summary>
    public Expr Contribution { get; }

    /// <summary>The contribution at the point.</summary>
    public Tensor<T> Value { get; }

    /// <summary>The contribution and its value.</summary>
    public override string ToString() => $"{Contribution} = {Value}";
}
