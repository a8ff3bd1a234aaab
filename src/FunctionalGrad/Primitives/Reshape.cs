using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>The same entries under another shape.</content>
public abstract partial class Expr
{
    /// <summary>The same entries, in row-major order, under another shape; itself where it has that shape.</summary>
    /// <param name="shape">A shape of the same size.</param>
    /// <exception cref="ShapeException">The sizes differ.</exception>
    public Expr Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape == Shape ? this : new Reshape(shape).Apply(this);
    }
}

/// <summary>The same entries under another shape. The transpose is the way back.</summary>
internal sealed class Reshape(Shape target) : Primitive("reshape", $"to: {target}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared => [new Reshape([3, 2]), new Reshape([6]), new Reshape([]), new Reshape([0, 4])];

    public override string Formula => "the same entries in row-major order";

    public override Rule Rule { get; } = new Rule.Linear((node, _, cotangent) => cotangent.Reshape(node.Input(0).Shape));

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
        [new(this, [new([target.Size], Domain.Real)]), new(this, [new([1, target.Size, 1], Domain.Real)])];

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        return operands[0].Size == target.Size
            ? target
            : throw new ShapeException($"reshape: {operands[0]} has {operands[0].Size} elements and {target} has {target.Size}; the sizes must agree");
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => operands[0].Reshape(shape);

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        operands[0].Reshape(target.Behind(size));

    internal override Expr? Simplify(Application application) =>
        application.Input(0).Shape == target ? application.Input(0)
        : application.Input(0) is Application { Primitive: Reshape } inner ? inner.Input(0).Reshape(target)
        : null;
}
