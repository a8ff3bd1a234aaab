using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Picking entries by index, and putting them back.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The entries at some indices of an axis, as NumPy's <c>take</c>: yᵢ = x at index iᵢ. The axis is replaced by the axes
    /// of the indices; a scalar index takes it away. An index may stand several times; its derivatives add up.
    /// </summary>
    /// <remarks>Linear in this expression; of the indices it is no differentiable function, and their derivative is 0.</remarks>
    /// <param name="indices">Whole numbers from 0 to the extent of the axis − 1, of any shape.</param>
    /// <param name="axis">The axis to pick along, a negative one counting from the end.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: an index is not whole or out of range. Indices that are a
    /// variable or a constant are checked before any work.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([3, 2], [1.0, 2, 3, 4, 5, 6]);
    /// x.Gather(Tensor.Of(2.0, 0)).Evaluate();          // [[5, 6], [1, 2]]
    /// x.Gather(1, axis: 1).Evaluate();                 // [2, 4, 6]
    /// </code></example>
    public Expr Gather(Expr indices, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new Gather(Shape.Axis(axis, "gather"), shared: 0).Apply(this, indices);
    }

    /// <summary>
    /// Zeros to which every update is added at its index, so that updates at equal indices add up. The transpose of
    /// <see cref="Gather(Expr, int)"/>.
    /// </summary>
    /// <remarks>Linear in the updates; of the indices it is no differentiable function, and their derivative is 0.</remarks>
    /// <param name="updates">What to add: the shape of the value with the axes of the indices in place of the axis.</param>
    /// <param name="indices">Whole numbers from 0 to <paramref name="extent"/> − 1.</param>
    /// <param name="axis">The axis of the value that the indices point into, a negative one counting from the end.</param>
    /// <param name="extent">How many entries the value has along that axis.</param>
    /// <exception cref="ShapeException">The updates do not have the axes of the indices in that place.</exception>
    /// <exception cref="IndexOutsideException">At evaluation: an index is not whole or out of range. Indices that are a
    /// variable or a constant are checked before any work.</exception>
    /// <example><code>
    /// Expr updates = Tensor.Of(1.0, 10, 100);
    /// Expr.ScatterAdd(updates, Tensor.Of(2.0, 0, 2), axis: 0, extent: 4).Evaluate();      // [10, 0, 101, 0]
    /// </code></example>
    public static Expr ScatterAdd(Expr updates, Expr indices, int axis, int extent)
    {
        ArgumentNullException.ThrowIfNull(updates);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentOutOfRangeException.ThrowIfNegative(extent);
        var rank = updates.Shape.Rank - indices.Shape.Rank + 1;
        var counted = axis < 0 ? axis + rank : axis;
        return (uint)counted < (uint)rank
            ? new ScatterAdd(counted, extent, shared: 0).Apply(updates, indices)
            : throw new ShapeException(
                rank <= 0
                    ? $"scatter-add: updates {updates.Shape} have fewer axes than the indices {indices.Shape}; give an update for every index"
                    : $"scatter-add: updates {updates.Shape} at indices {indices.Shape} make a value of {rank} axes, which has no axis {axis}; axes go from {-rank} to {rank - 1}");
    }
}

/// <summary>
/// The entries at some indices of an axis. The transpose adds them up where they came from. The first axes of both operands
/// may be shared: then every position along them has indices of its own, which point into its own entries.
/// </summary>
internal sealed class Gather(int axis, int shared)
    : Primitive("gather", $"axis: {axis}{(shared > 0 ? $", shared axes: {shared}" : "")}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared =>
        [new Gather(0, 0), new Gather(1, 0), new Gather(1, 1), new Gather(2, 1), new Gather(2, 2)];

    public override string Formula => "yᵢ = x at index jᵢ";

    public override Rule Rule { get; } = new Rule.Linear(
        (node, _, cotangent) => new ScatterAdd(axis, node.Input(0).Shape[axis], shared).Apply(cotangent, node.Input(1)),
        operands: [0],
        drops: true);

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples => (axis, shared) switch
    {
        (0, _) => [Sample([4, 3], [2]), Sample([4], []), Sample([3], [2, 2]), Sample([1, 2], [3]), Sample([5, 0], [2]), Sample([2, 3], [0])],
        (1, 0) => [Sample([2, 3], [4]), Sample([2, 3, 2], [1, 2]), Sample([3, 1], []), Sample([0, 2], [2])],
        (1, 1) => [Sample([2, 3], [2]), Sample([2, 3], [2, 4]), Sample([3, 2, 2], [3, 1, 2]), Sample([0, 2], [0, 3])],
        (_, 1) => [Sample([2, 2, 3], [2]), Sample([2, 1, 3, 2], [2, 2]), Sample([1, 2, 2], [1, 0])],
        _ => [Sample([2, 2, 3], [2, 2]), Sample([1, 3, 2, 2], [1, 3, 2])],
    };

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 2);
        var (x, indices) = (operands[0], operands[1]);
        x.Axis(axis, Name);
        SharedAxes.Require(Name, x, indices, shared);
        return Shape.Of([.. x.Extents[..axis], .. indices.Extents[shared..], .. x.Extents[(axis + 1)..]]);
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => Moved(operands, shape);

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        var extent = operands[0].Shape.Extents[axis];
        IndexOutsideException.Check(operands[1].Values, extent, Name, "the indices");

        var row = operands[0].Shape.SizeFrom(axis + 1);
        var x = operands[0].Values;
        var slabs = new SharedAxes(operands[0].Shape, operands[1].Shape, axis, shared);
        for (var slab = 0; !target.IsEmpty; slab++, x = x[(extent * row)..])
        {
            var indices = slabs.Indices(operands[1].Values, slab);
            if (row == 1)
            {
                for (var i = 0; i < indices.Length; i++)
                {
                    target[i] = x[int.CreateTruncating(indices[i])];
                }

                target = target[indices.Length..];
                continue;
            }

            foreach (var index in indices)
            {
                x.Slice(int.CreateTruncating(index) * row, row).CopyTo(target);
                target = target[row..];
            }
        }
    }

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range;

    internal override (int Operand, int Extent)? Indices(Application application) => (1, application.Input(0).Shape[axis]);

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size)
    {
        var (x, indices) = (operands[0], operands[1]);
        if (!batched[1] && shared == 0)
        {
            return new Gather(axis + 1, shared).Apply(x, indices);
        }

        // Entries that all examples share are not repeated: the batch is one more axis of the indices.
        return batched[0]
            ? new Gather(axis + 1, shared + 1).Apply(x, batched[1] ? indices : indices.Repeat(size))
            : SharedAxes.Moved(new Gather(axis, shared).Apply(x, SharedAxes.Moved(indices, 0, shared)), axis, 0);
    }

    private Example Sample(Shape x, Shape indices) =>
        new(this, [new(x, Domain.Real), new(indices, Domain.Whole(0, x[axis] - 1))]);
}

/// <summary>
/// Updates added up at their indices in zeros. The transpose picks them out again. The first axes of both operands may be
/// shared, as for <see cref="Gather"/>.
/// </summary>
internal sealed class ScatterAdd(int axis, int extent, int shared)
    : Primitive("scatter-add", $"axis: {axis}, extent: {extent}{(shared > 0 ? $", shared axes: {shared}" : "")}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared =>
    [
        new ScatterAdd(0, 4, 0), new ScatterAdd(1, 3, 0), new ScatterAdd(0, 1, 0),
        new ScatterAdd(1, 3, 1), new ScatterAdd(2, 2, 1), new ScatterAdd(2, 3, 2),
    ];

    public override string Formula => "yⱼ = Σ xᵢ over i with index j";

    public override Rule Rule { get; } = new Rule.Linear(
        (node, _, cotangent) => new Gather(axis, shared).Apply(cotangent, node.Input(1)), operands: [0], fills: true);

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples => (axis, shared) switch
    {
        (0, _) => [Sample([2, 3], [2]), Sample([], []), Sample([2, 3], [2, 3]), Sample([5], []), Sample([5, 0], [5]), Sample([0, 2], [0]), Sample([1, 1], [1])],
        (1, 0) => [Sample([2, 4], [4]), Sample([2, 4, 2], [4]), Sample([2, 2, 3], [2, 3]), Sample([3], []), Sample([0, 2], [2])],
        (1, 1) => [Sample([2, 4], [2, 4]), Sample([2], [2]), Sample([3, 2, 2], [3, 2]), Sample([0, 2], [0, 2])],
        (_, 1) => [Sample([2, 2, 3], [2, 3]), Sample([2, 1, 2, 2], [2, 2])],
        _ => [Sample([2, 2, 3], [2, 2, 3]), Sample([1, 2, 2], [1, 2])],
    };

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 2);
        var (updates, indices) = (operands[0], operands[1]);
        SharedAxes.Require(Name, updates, indices, shared);
        var end = axis + indices.Rank - shared;
        return end <= updates.Rank && updates.Extents[axis..end].SequenceEqual(indices.Extents[shared..])
            ? Shape.Of([.. updates.Extents[..axis], extent, .. updates.Extents[end..]])
            : throw new ShapeException(
                $"scatter-add: updates {updates} do not have the axes of the indices {indices} from axis {axis} on; give an update for every index, or choose another axis");
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var indices = operands[1].Values;
        IndexOutsideException.Check(indices, extent, Name, "the indices");

        var updates = operands[0].Values;
        var value = new T[shape.Size];
        var row = Shape.Of(shape.Extents[(axis + 1)..]).Size;
        var outer = Shape.Of(shape.Extents[..axis]).Size;
        var slabs = new SharedAxes(shape, operands[1].Shape, axis, shared);
        var source = 0;
        for (var i = 0; i < outer; i++)
        {
            foreach (var index in slabs.Indices(indices, i))
            {
                var start = ((i * extent) + int.CreateTruncating(index)) * row;
                for (var j = 0; j < row; j++)
                {
                    value[start + j] += updates[source + j];
                }

                source += row;
            }
        }

        return Tensor<T>.Seal(shape, value);
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        IndexOutsideException.Check(operands[1].Values, extent, Name, "the indices");

        target.Clear();
        var row = shape.SizeFrom(axis + 1);
        var updates = operands[0].Values;
        var slabs = new SharedAxes(shape, operands[1].Shape, axis, shared);
        for (var slab = 0; !updates.IsEmpty; slab++, target = target[(extent * row)..])
        {
            foreach (var index in slabs.Indices(operands[1].Values, slab))
            {
                RowAddition.Add(updates[..row], target.Slice(int.CreateTruncating(index) * row, row));
                updates = updates[row..];
            }
        }
    }

    internal override (int Operand, int Extent)? Indices(Application application) => (1, extent);

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        !batched[1] && shared == 0
            ? new ScatterAdd(axis + 1, extent, shared).Apply(operands[0], operands[1])
            : new ScatterAdd(axis + 1, extent, shared + 1).Apply(
                batched[0] ? operands[0] : operands[0].Repeat(size), batched[1] ? operands[1] : operands[1].Repeat(size));

    private Example Sample(Shape updates, Shape indices) =>
        new(this, [new(updates, Domain.Real), new(indices, Domain.Whole(0, extent - 1))]);
}
