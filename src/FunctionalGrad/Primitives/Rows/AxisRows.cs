using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A tensor seen as rows, each holding the entries along some axes at one position of the others: what a reduction works
/// through one after the other. Copies only where those axes are not the last ones already.
/// </summary>
internal static class AxisRows
{
    /// <summary>The entries, row after row.</summary>
    public static ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> values, Shape shape, ImmutableArray<int> axes)
    {
        if (AreLast(shape, axes))
        {
            return values;
        }

        var rows = new T[values.Length];
        Gather(values, shape, axes, rows);
        return rows;
    }

    /// <summary>Copies the entries, row after row.</summary>
    public static void Gather<T>(ReadOnlySpan<T> values, Shape shape, ImmutableArray<int> axes, Span<T> rows)
    {
        Span<int> box = stackalloc int[shape.Rank];
        Span<int> strides = stackalloc int[shape.Rank];
        Walk(shape, axes, box, strides);
        StridedCopy.Gather(values, 0, strides, box, rows);
    }

    /// <summary>The entries in the order of the tensor, from entries that stand row after row.</summary>
    public static T[] Back<T>(T[] rows, Shape shape, ImmutableArray<int> axes)
    {
        if (AreLast(shape, axes))
        {
            return rows;
        }

        var values = new T[rows.Length];
        Scatter(rows, shape, axes, values.AsSpan());
        return values;
    }

    /// <summary>Copies entries that stand row after row into the order of the tensor.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> rows, Shape shape, ImmutableArray<int> axes, Span<T> values)
    {
        Span<int> box = stackalloc int[shape.Rank];
        Span<int> strides = stackalloc int[shape.Rank];
        Walk(shape, axes, box, strides);
        StridedCopy.Scatter(rows, values, 0, strides, box);
    }

    /// <summary>How many entries a row has.</summary>
    public static int Width(Shape shape, ImmutableArray<int> axes)
    {
        var width = 1;
        foreach (var axis in axes)
        {
            width *= shape.Extents[axis];
        }

        return width;
    }

    private static bool AreLast(Shape shape, ImmutableArray<int> axes) => axes.IsEmpty || axes[0] == shape.Rank - axes.Length;

    /// <summary>A box whose first axes are those that stay, and the strides that lead through the tensor in its order.</summary>
    private static void Walk(Shape shape, ImmutableArray<int> axes, Span<int> box, Span<int> strides)
    {
        var (staying, leaving, stride) = (shape.Rank - axes.Length, shape.Rank, 1);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            var place = axes.AsSpan().Contains(axis) ? --leaving : --staying;
            (box[place], strides[place]) = (shape.Extents[axis], stride);
            stride *= shape.Extents[axis];
        }
    }
}
