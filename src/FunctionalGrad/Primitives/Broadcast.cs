using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Stretching to a shape.</content>
public abstract partial class Expr
{
    /// <summary>The expression repeated to fill a shape, as NumPy's <c>broadcast_to</c>; itself where it has that shape.</summary>
    /// <param name="shape">A shape that this one's broadcasts to.</param>
    /// <exception cref="ShapeException">It does not: an extent would shrink, or change from other than 1.</exception>
    public Expr BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape == Shape ? this : new Broadcast(shape).Apply(this);
    }

    /// <summary>A constant with one number everywhere.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="value">The number.</param>
    public static Expr Full(Shape shape, double value) => Constant(value).BroadcastTo(shape);

    /// <summary>The expression once for each example of a batch.</summary>
    internal Expr Repeat(int size) => BroadcastTo(Shape.Behind(size));

    /// <summary>Whether every entry is known to be one given number, seen from the structure alone.</summary>
    internal bool IsUniform(double value) => Uniform() is { } number && number == value;

    /// <summary>The number that every entry is known to be, seen from the structure alone.</summary>
    internal double? Uniform()
    {
        var node = this;
        while (node is Application { Primitive: Broadcast } broadcast)
        {
            node = broadcast.Input(0);
        }

        return node is Constant { Value: { Size: 1 } value } ? value.Values[0] : null;
    }
}

/// <summary>Repeats entries along axes that are missing or of extent 1. The transpose sums over them.</summary>
internal sealed class Broadcast(Shape target) : Primitive("broadcast", $"to: {target}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared =>
        [new Broadcast([3]), new Broadcast([2, 3]), new Broadcast([2, 1, 3]), new Broadcast([0, 2])];

    public override string Formula => "yᵢⱼ = xⱼ";

    public override Rule Rule { get; } = new Rule.Linear((node, _, cotangent) => SumTo(cotangent, node.Input(0).Shape));

    public override Notation Notation => Notation.Silent;

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
    [
        new(this, [new(Shape.Scalar, Domain.Real)]),
        new(this, [new(target.With(target.Rank - 1, 1), Domain.Real)]),
        new(this, [new(Shape.Of(target.Extents[1..]), Domain.Real)]),
    ];

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        return Shape.Broadcast(operands[0], target, Name) == target
            ? target
            : throw new ShapeException($"broadcast: {operands[0]} does not broadcast to {target}; reduce or reshape it first");
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var source = operands[0];
        var value = new T[shape.Size];
        if (source.Size == 1)
        {
            Array.Fill(value, source.Values[0]);
            return Tensor<T>.Seal(shape, value);
        }

        var strides = new int[shape.Rank];
        var dense = source.Shape.Strides();
        for (var k = 1; k <= source.Shape.Rank; k++)
        {
            strides[^k] = source.Shape[-k] == 1 ? 0 : dense[^k];
        }

        StridedCopy.Gather(source.Values, 0, strides, shape, value);
        return Tensor<T>.Seal(shape, value);
    }

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range;

    internal override Expr? Simplify(Application application) =>
        application.Input(0) is Application { Primitive: Broadcast } inner ? inner.Input(0).BroadcastTo(target) : null;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size)
    {
        // Axes of the target that the example lacks come after the one that leads.
        var x = application.Input(0).Shape;
        var widened = new int[target.Rank];
        widened.AsSpan(0, target.Rank - x.Rank).Fill(1);
        x.Extents.CopyTo(widened.AsSpan(target.Rank - x.Rank));
        return operands[0].Reshape(Shape.Of([size, .. widened])).BroadcastTo(target.Behind(size));
    }

    /// <summary>The transpose: the sum over the axes that were repeated.</summary>
    private static Expr SumTo(Expr cotangent, Shape shape)
    {
        var added = cotangent.Shape.Rank - shape.Rank;
        var axes = new List<int>();
        for (var axis = 0; axis < cotangent.Shape.Rank; axis++)
        {
            if (axis < added || shape[axis - added] != cotangent.Shape[axis])
            {
                axes.Add(axis);
            }
        }

        return axes.Count == 0 ? cotangent.Reshape(shape) : cotangent.Sum([.. axes]).Reshape(shape);
    }
}
