using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>A user's primitive whose kernel writes in place.</summary>
internal sealed class KernelPrimitive<TFunction>(
    string name,
    Func<ImmutableArray<Shape>, Shape> shapeRule,
    TFunction function,
    Rule rule,
    ImmutableArray<ImmutableArray<Operand>> examples,
    BatchingRule? batch) : Primitive(name)
    where TFunction : struct, ITensorFunction
{
    public override string Formula => $"{Name}(…)";

    public override Rule Rule => rule;

    public override ImmutableArray<Example> Examples =>
        examples.IsDefault ? [] : [.. examples.Select(operands => new Example(this, operands))];

    public override Shape InferShape(ReadOnlySpan<Shape> operands) => DefinedPrimitive.Inferred(Name, shapeRule, operands);

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => Moved(operands, shape);

    public override bool Equals(Primitive? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override Expr? Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        batch?.Invoke(application, operands, batched, size);

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target) =>
        function.Evaluate(new Operands<T>(operands), target);
}
