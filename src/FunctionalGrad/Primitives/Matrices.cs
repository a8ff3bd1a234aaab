using System.Numerics;

namespace FunctionalGrad;

/// <summary>Entries that are walked together: how many there are, and how far apart they stand.</summary>
internal readonly record struct Walk(int Count, int Stride);

/// <summary>A tensor seen as a batch of matrices, each of whose three directions is walked by one stride.</summary>
internal readonly ref struct Matrices<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private Matrices(ReadOnlySpan<T> values, Walk batch, Walk rows, Walk columns)
    {
        Values = values;
        Batch = batch;
        Rows = rows;
        Columns = columns;
    }

    public ReadOnlySpan<T> Values { get; }

    public Walk Batch { get; }

    public Walk Rows { get; }

    public Walk Columns { get; }

    /// <summary>Sees a tensor as matrices; copies it only where the order of its axes allows no such view.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="labels">A label for each of its axes.</param>
    /// <param name="batch">The labels that number the matrices.</param>
    /// <param name="rows">The labels that number rows.</param>
    /// <param name="columns">The labels that number columns.</param>
    /// <param name="contiguous">Whether the entries of a row must be neighbours.</param>
    public static Matrices<T> Arrange(Tensor<T> tensor, string labels, string batch, string rows, string columns, bool contiguous)
    {
        var shape = tensor.Shape;
        if (Together(shape, labels, batch) is { } batchWalk
            && Together(shape, labels, rows) is { } rowWalk
            && Together(shape, labels, columns) is { } columnWalk
            && (!contiguous || columnWalk.Stride == 1 || columnWalk.Count <= 1))
        {
            return new(tensor.Values, batchWalk, rowWalk, columnWalk);
        }

        var order = batch + rows + columns;
        var dense = shape.Strides();
        var extents = new int[order.Length];
        var strides = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var axis = labels.IndexOf(order[i]);
            (extents[i], strides[i]) = (shape[axis], dense[axis]);
        }

        var copy = new T[shape.Size];
        StridedCopy.Gather(tensor.Values, 0, strides, Shape.Of(extents), copy);
        var width = Product(extents.AsSpan(batch.Length + rows.Length));
        var height = Product(extents.AsSpan(batch.Length, rows.Length));
        return new(copy, new(Product(extents.AsSpan(0, batch.Length)), height * width), new(height, width), new(width, 1));
    }

    /// <summary>The one walk along several axes, where there is one: each must continue where the next ends.</summary>
    private static Walk? Together(Shape shape, string labels, string group)
    {
        var count = 1;
        var stride = 0;
        for (var i = group.Length - 1; i >= 0; i--)
        {
            var axis = labels.IndexOf(group[i]);
            if (shape[axis] == 1)
            {
                continue;
            }

            var dense = Product(shape.Extents[(axis + 1)..]);
            if (stride != 0 && dense != stride * count)
            {
                return null;
            }

            stride = stride == 0 ? dense : stride;
            count *= shape[axis];
        }

        return new(count, stride);
    }

    private static int Product(ReadOnlySpan<int> extents)
    {
        var product = 1;
        foreach (var extent in extents)
        {
            product *= extent;
        }

        return product;
    }
}
