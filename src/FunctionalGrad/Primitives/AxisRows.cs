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

        var (box, strides) = Walk(shape, axes);
        var rows = new T[values.Length];
        StridedCopy.Gather(values, 0, strides, box, rows);
        return rows;
    }

    /// <summary>The entries in the order of the tensor, from entries that stand row after row.</summary>
    public static T[] Back<T>(T[] rows, Shape shape, ImmutableArray<int> axes)
    {
        if (AreLast(shape, axes))
        {
            return rows;
        }

        var (box, strides) = Walk(shape, axes);
        var values = new T[rows.Length];
        StridedCopy.Scatter<T>(rows, values, 0, strides, box);
        return values;
    }

    /// <summary>How many entries a row has.</summary>
    public static int Width(Shape shape, ImmutableArray<int> axes)
    {
        var width = 1;
        foreach (var axis in axes)
        {
            width *= shape[axis];
        }

        return width;
    }

    private static bool AreLast(Shape shape, ImmutableArray<int> axes) => axes.IsEmpty || axes[0] == shape.Rank - axes.Length;

    /// <summary>A box whose first axes are those that stay, and the strides that lead through the tensor in its order.</summary>
    private static (Shape Box, int[] Strides) Walk(Shape shape, ImmutableArray<int> axes)
    {
        var dense = shape.Strides();
        var extents = new List<int>(shape.Rank);
        var strides = new List<int>(shape.Rank);
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (!axes.Contains(axis))
            {
                extents.Add(shape[axis]);
                strides.Add(dense[axis]);
            }
        }

        foreach (var axis in axes)
        {
            extents.Add(shape[axis]);
            strides.Add(dense[axis]);
        }

        return (Shape.Of([.. extents]), [.. strides]);
    }
}
