namespace FunctionalGrad;

/// <content>Parts of a tensor.</content>
public sealed partial class Tensor<T>
{
    /// <summary>The part at one position of the first axis: a row of a matrix, a number of a vector.</summary>
    /// <param name="index">The position, negative ones counting from the end.</param>
    /// <exception cref="ShapeException">The tensor is a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public Tensor<T> At(int index)
    {
        Shape.Axis(0, "taking a part");
        var part = Shape.Of(Shape.Extents[1..]);
        return new(part, Values.Slice(Index(index, 0) * part.Size, part.Size).ToArray());
    }

    /// <summary>The box between ranges, one for each axis from the first; axes without a range are taken whole.</summary>
    /// <param name="ranges">Ranges such as <c>1..3</c>, <c>^2..</c> or <c>..</c>.</param>
    /// <exception cref="ShapeException">There are more ranges than axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A range leaves its axis.</exception>
    public Tensor<T> Slice(params ReadOnlySpan<Range> ranges)
    {
        if (ranges.Length > Shape.Rank)
        {
            throw new ShapeException($"slicing a tensor of shape {Shape} with {ranges.Length} ranges: give at most {Shape.Rank}");
        }

        var starts = new int[Shape.Rank];
        var extents = Shape.Extents.ToArray();
        for (var axis = 0; axis < ranges.Length; axis++)
        {
            var start = ranges[axis].Start.GetOffset(extents[axis]);
            var end = ranges[axis].End.GetOffset(extents[axis]);
            if (start < 0 || end < start || end > extents[axis])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(ranges), $"range {ranges[axis]} leaves axis {axis} of shape {Shape}, which has {extents[axis]} elements");
            }

            (starts[axis], extents[axis]) = (start, end - start);
        }

        var shape = Shape.Of(extents);
        var strides = Shape.Strides();
        var offset = 0;
        for (var axis = 0; axis < starts.Length; axis++)
        {
            offset += starts[axis] * strides[axis];
        }

        var values = new T[shape.Size];
        StridedCopy.Gather(Array, offset, strides.AsSpan(), shape, values);
        return new(shape, values);
    }
}
