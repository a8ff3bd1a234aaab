using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Parts.</content>
public abstract partial class Expr
{
    /// <summary>The part at one position of the first axis: a row of a matrix, a number of a vector.</summary>
    /// <param name="index">The position, a negative one counting from the end.</param>
    /// <exception cref="ShapeException">This is a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// x.At(-1).Evaluate();         // [4, 5, 6]
    /// x.At(0).At(1).Evaluate();    // 2
    /// </code></example>
    public Expr At(int index)
    {
        Shape.Axis(0, "taking a part");
        var extent = Shape[0];
        var counted = index < 0 ? index + extent : index;
        return (uint)counted < (uint)extent
            ? Slice(counted..(counted + 1)).Reshape(Shape.Of(Shape.Extents[1..]))
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"at: index {index} is outside axis 0 of {Shape}, which goes from {-extent} to {extent - 1}");
    }

    /// <summary>The box between ranges, one for each axis from the first; axes without a range are taken whole.</summary>
    /// <param name="ranges">Ranges such as <c>1..3</c>, <c>^2..</c> or <c>..</c>.</param>
    /// <exception cref="ShapeException">There are more ranges than axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A range leaves its axis.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// x.Slice(.., 1..3).Evaluate();     // [[2, 3], [5, 6]]
    /// x.Slice(^1..).Evaluate();         // [[4, 5, 6]]
    /// </code></example>
    public Expr Slice(params ReadOnlySpan<Range> ranges)
    {
        if (ranges.Length > Shape.Rank)
        {
            throw new ShapeException($"slice: {ranges.Length} ranges given for {Shape}, which has {Shape.Rank} axes; give at most one for each");
        }

        var starts = new int[Shape.Rank];
        var counts = Shape.Extents.ToArray();
        for (var axis = 0; axis < ranges.Length; axis++)
        {
            var extent = counts[axis];
            var start = ranges[axis].Start.GetOffset(extent);
            var end = ranges[axis].End.GetOffset(extent);
            if (start < 0 || end < start || end > extent)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(ranges), $"slice: range {ranges[axis]} leaves axis {axis} of {Shape}, which has {extent} entries");
            }

            (starts[axis], counts[axis]) = (start, end - start);
        }

        return Slice(starts, counts);
    }

    /// <summary>
    /// Entries at even distances along each axis: <paramref name="counts"/>[k] of them along axis k, from
    /// <paramref name="starts"/>[k] on, every <paramref name="steps"/>[k]-th. Itself where that is everything.
    /// </summary>
    /// <param name="starts">The first position along each axis.</param>
    /// <param name="counts">How many positions to take along each axis.</param>
    /// <param name="steps">How far apart they are, 1 or more; none given means 1 along every axis.</param>
    /// <exception cref="ShapeException">There is not one number for each axis, a step is not positive, or a position is
    /// outside its axis.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2, 3, 4, 5);
    /// x.Slice([0], [3], [2]).Evaluate();      // [1, 3, 5]
    /// </code></example>
    public Expr Slice(ReadOnlySpan<int> starts, ReadOnlySpan<int> counts, ReadOnlySpan<int> steps = default)
    {
        var rank = Shape.Rank;
        if (starts.Length != rank || counts.Length != rank || (steps.Length != rank && !steps.IsEmpty))
        {
            throw new ShapeException(
                $"slice: {starts.Length} starts, {counts.Length} counts and {steps.Length} steps given for {Shape}; give {rank} of each, one for each axis (steps may be left out)");
        }

        return FunctionalGrad.Slice.Of(this, [.. starts], [.. counts], steps.IsEmpty ? Repeated(1, rank) : [.. steps]);
    }

    private static ImmutableArray<int> Repeated(int value, int count) => [.. Enumerable.Repeat(value, count)];
}

/// <summary>Entries at even distances along each axis. The transpose puts them back among zeros.</summary>
internal sealed class Slice : Primitive, IDeclaration
{
    private readonly ImmutableArray<int> _starts;
    private readonly ImmutableArray<int> _counts;
    private readonly ImmutableArray<int> _steps;

    /// <summary>The first position along each axis.</summary>
    public ImmutableArray<int> Starts => _starts;

    /// <summary>How far apart the positions are along each axis.</summary>
    public ImmutableArray<int> Steps => _steps;

    private Slice(ImmutableArray<int> starts, ImmutableArray<int> counts, ImmutableArray<int> steps)
        : base("slice", Text(starts, counts, steps)) => (_starts, _counts, _steps) = (starts, counts, steps);

    public static ImmutableArray<Primitive> Declared =>
    [
        new Slice([1], [2], [1]), new Slice([0], [2], [3]), new Slice([1], [0], [1]), new Slice([1, 0], [1, 2], [1, 2]),
        new Slice([0, 1, 1], [2, 2, 1], [1, 2, 1]), new Slice([], [], []),
    ];

    public override string Formula => "yᵢ = x at start + i·step";

    public override Rule Rule => new Rule.Linear(
        (node, _, cotangent) =>
        {
            var shape = node.Input(0).Shape;
            var after = new int[_starts.Length];
            var interior = new int[_starts.Length];
            for (var axis = 0; axis < after.Length; axis++)
            {
                interior[axis] = _steps[axis] - 1;
                after[axis] = (int)(shape[axis] - End(axis));
            }

            return cotangent.Pad(_starts.AsSpan(), after, interior);
        },
        drops: true,
        chooses: true);

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples => [Sample(0), Sample(1), Sample(2)];

    public static Expr Of(Expr x, ImmutableArray<int> starts, ImmutableArray<int> counts, ImmutableArray<int> steps)
    {
        var slice = new Slice(starts, counts, steps);
        return slice.TakesAll(x.Shape) ? x : slice.Apply(x);
    }

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        var shape = operands[0];
        if (shape.Rank != _starts.Length)
        {
            throw new ShapeException($"slice: {shape} has {shape.Rank} axes and the slice ({Parameters}) {_starts.Length}; give one start and count for each axis");
        }

        for (var axis = 0; axis < _starts.Length; axis++)
        {
            if (_steps[axis] < 1)
            {
                throw new ShapeException($"slice: the step {_steps[axis]} along axis {axis} is not positive; steps are 1 or more");
            }

            if (_starts[axis] < 0 || _counts[axis] < 0 || End(axis) > shape[axis])
            {
                throw new ShapeException(
                    $"slice: {_counts[axis]} entries from {_starts[axis]} on with step {_steps[axis]} leave axis {axis} of {shape}, which has {shape[axis]} entries");
            }
        }

        return Shape.Of(_counts.AsSpan());
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var dense = operands[0].Shape.Strides();
        var strides = new int[dense.Length];
        var offset = 0;
        for (var axis = 0; axis < strides.Length; axis++)
        {
            offset += _starts[axis] * dense[axis];
            strides[axis] = _steps[axis] * dense[axis];
        }

        var value = new T[shape.Size];
        StridedCopy.Gather(operands[0].Values, offset, strides, shape, value);
        return Tensor<T>.Seal(shape, value);
    }

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range;

    internal override Expr? Simplify(Application application) =>
        TakesAll(application.Input(0).Shape) ? application.Input(0) : null;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Of(operands[0], _starts.Insert(0, 0), _counts.Insert(0, size), _steps.Insert(0, 1));

    /// <summary>One past the last position that is taken along an axis.</summary>
    private long End(int axis) =>
        _counts[axis] == 0 ? _starts[axis] : _starts[axis] + ((_counts[axis] - 1L) * _steps[axis]) + 1;

    // Where as many entries are taken as there are, they are all of them, unless the slice is one that InferShape rejects.
    private bool TakesAll(Shape shape)
    {
        var all = shape.Extents.SequenceEqual(_counts.AsSpan());
        for (var axis = 0; axis < _steps.Length; axis++)
        {
            all &= _steps[axis] >= 1 && _starts[axis] == 0 && End(axis) == _counts[axis];
        }

        return all;
    }

    private static string Text(ImmutableArray<int> starts, ImmutableArray<int> counts, ImmutableArray<int> steps) =>
        $"starts: [{string.Join(", ", starts)}], counts: [{string.Join(", ", counts)}]"
        + (steps.All(step => step == 1) ? "" : $", steps: [{string.Join(", ", steps)}]");

    private Example Sample(int beyond)
    {
        var extents = new int[_starts.Length];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = (int)End(axis) + beyond;
        }

        return new(this, [new(Shape.Of(extents), Domain.Real)]);
    }
}
