namespace FunctionalGrad;

/// <summary>
/// Where a value lies: entry (i₀, i₁, …) stands at <c>Offset + Σ iₐ·Strides[a]</c> of a buffer. Broadcasting, permuting,
/// slicing and most reshaping only change the strides, so they cost nothing at run time.
/// </summary>
internal sealed record View(int Buffer, int Offset, int[] Strides, Shape Shape)
{
    public static View RowMajor(int buffer, Shape shape) => new(buffer, 0, [.. shape.Strides()], shape);

    /// <summary>The strides at which entries stand side by side, the axes from the outermost to the innermost as ordered.</summary>
    public static int[] DenseStrides(Shape shape, ReadOnlySpan<int> axisOrder)
    {
        var strides = new int[shape.Rank];
        var stride = 1;
        for (var i = axisOrder.Length - 1; i >= 0; i--)
        {
            strides[axisOrder[i]] = stride;
            stride *= shape[axisOrder[i]];
        }

        return strides;
    }

    /// <summary>Whether the entries stand side by side in row-major order from the start of the buffer.</summary>
    public bool IsRowMajor
    {
        get
        {
            if (Offset != 0)
            {
                return false;
            }

            var stride = 1;
            for (var axis = Shape.Rank - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != stride)
                {
                    return false;
                }

                stride *= Shape[axis];
            }

            return true;
        }
    }

    /// <summary>How many different entries there are: those along axes of stride 0 are the same.</summary>
    public int Reached
    {
        get
        {
            var count = 1;
            for (var axis = 0; axis < Shape.Rank; axis++)
            {
                count *= Strides[axis] == 0 ? 1 : Shape[axis];
            }

            return count;
        }
    }

    public View BroadcastTo(Shape shape)
    {
        var strides = new int[shape.Rank];
        for (var k = 1; k <= Shape.Rank; k++)
        {
            strides[^k] = Shape[-k] == 1 ? 0 : Strides[^k];
        }

        return this with { Strides = strides, Shape = shape };
    }

    public View Permute(ReadOnlySpan<int> axes, Shape shape)
    {
        var strides = new int[axes.Length];
        for (var i = 0; i < strides.Length; i++)
        {
            strides[i] = Strides[axes[i]];
        }

        return this with { Strides = strides, Shape = shape };
    }

    public View Slice(ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape shape)
    {
        var strides = new int[starts.Length];
        var offset = Offset;
        for (var i = 0; i < strides.Length; i++)
        {
            offset += starts[i] * Strides[i];
            strides[i] = steps[i] * Strides[i];
        }

        return this with { Offset = offset, Strides = strides, Shape = shape };
    }

    /// <summary>The same entries under another shape, where strides can say so; null where the entries must be moved.</summary>
    public View? TryReshape(Shape shape)
    {
        var strides = new int[shape.Rank];
        if (shape.Size == 0)
        {
            return this with { Strides = strides, Shape = shape };
        }

        // Runs of axes that hold the same number of entries on both sides are matched from the right.
        var from = Shape.Rank - 1;
        var to = shape.Rank - 1;
        while (from >= 0 || to >= 0)
        {
            var (sizeFrom, sizeTo) = (1L, 1L);
            var (endFrom, endTo) = (from, to);
            do
            {
                if (sizeFrom <= sizeTo && from >= 0)
                {
                    sizeFrom *= Shape[from--];
                }
                else if (to >= 0)
                {
                    sizeTo *= shape[to--];
                }
                else
                {
                    sizeFrom *= Shape[from--];
                }
            }
            while (sizeFrom != sizeTo);

            // Ones beside the run belong to it.
            while (from >= 0 && Shape[from] == 1)
            {
                from--;
            }

            while (to >= 0 && shape[to] == 1)
            {
                to--;
            }

            if (MergedStride(from + 1, endFrom) is not { } stride)
            {
                return null;
            }

            for (var axis = endTo; axis > to; axis--)
            {
                strides[axis] = shape[axis] == 1 ? 0 : stride;
                stride *= shape[axis];
            }
        }

        return this with { Strides = strides, Shape = shape };
    }

    public bool SameAs(View other) =>
        Buffer == other.Buffer && Offset == other.Offset && Shape == other.Shape && Strides.AsSpan().SequenceEqual(other.Strides);

    /// <summary>The stride at which a run of axes can be walked as one; null where there is none.</summary>
    private int? MergedStride(int first, int last)
    {
        int? inner = null;
        var expected = 0;
        for (var axis = last; axis >= first; axis--)
        {
            if (Shape[axis] == 1)
            {
                continue;
            }

            if (inner is null)
            {
                inner = Strides[axis];
            }
            else if (Strides[axis] != expected)
            {
                return null;
            }

            expected = Strides[axis] * Shape[axis];
        }

        return inner ?? 0;
    }
}
