using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// A value whose derivative is what a user says: an application has the arguments as its inputs, and last the value as a graph
/// of them. To evaluation it is that graph, and compiled programs fuse it like any other; to derivatives it is one node.
/// </summary>
internal sealed class DerivativeOverride : Primitive
{
    private readonly bool _isElementwise;

    private DerivativeOverride(Rule rule, bool isElementwise)
        : base("with derivative") => (Rule, _isElementwise) = (rule, isElementwise);

    public override string Formula => "the last operand, differentiated as the rule says";

    public override Rule Rule { get; }

    public override ImmutableArray<Example> Examples => [];

    // The partials of an elementwise rule say themselves where they are infinite; what a pullback holds is not known.
    public override bool MayBeInfinite => !_isElementwise;

    /// <summary>One whose Jacobian is diagonal, from its diagonal, a function of the argument and the value.</summary>
    public static DerivativeOverride Elementwise(Func<Expr, Expr, Expr> derivative) => new(
        new Rule.Elementwise((node, operand) => operand > 0 ? null
            : derivative(node.Input(0), node) is var partial && partial.Shape.Rank <= node.Shape.Rank ? partial.BroadcastTo(node.Shape)
            : throw new ShapeException(
                $"with derivative: the derivative given has shape {partial.Shape} and the value {node.Shape}; a derivative entry by entry has the value's shape")),
        isElementwise: true);

    /// <summary>One from its pullback, its pushforward, or both; the one that is missing is the transpose of the other.</summary>
    public static DerivativeOverride Of(LinearRule rule) => new(
        new Rule.General(
            (node, operand, cotangent) => operand == node.Inputs.Length - 1 ? null : rule.Pull(node, operand, cotangent),
            (node, tangents) => rule.Push(node, tangents[..^1])),
        isElementwise: false);

    /// <summary>Expressions that are evaluated and never differentiated again: the values, without the rules.</summary>
    public static Expr[] Dropped(TopologicalOrder order, ReadOnlySpan<Expr> expressions)
    {
        foreach (var node in order.Nodes)
        {
            if (node is Application { Primitive: DerivativeOverride })
            {
                return Rewriting.Rewrite(
                    expressions, each => each is Application { Primitive: DerivativeOverride } application ? application.Inputs[^1] : each);
            }
        }

        return expressions.ToArray();
    }

    public override Shape InferShape(ReadOnlySpan<Shape> operands) => operands[^1];

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => operands[^1];

    public override bool Equals(Primitive? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[^1].Range;

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target) =>
        operands[^1].Values.CopyTo(target);

    // An elementwise rule holds for a batch as for an example; others are applied to one example after the other.
    internal override Expr? Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        _isElementwise ? Apply(FunctionalGrad.ElementwisePrimitive.Broadcast(operands, Name)) : null;
}
