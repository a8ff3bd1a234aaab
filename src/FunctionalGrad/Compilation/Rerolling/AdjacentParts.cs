namespace FunctionalGrad;

/// <summary>Parts side by side that lie side by side in one tensor are one part of it.</summary>
internal static class AdjacentParts
{
    /// <summary>Parts one after the other along their first axis.</summary>
    public static Expr Join(ReadOnlySpan<Expr> parts)
    {
        var joined = new List<Expr>();
        for (var i = 0; i < parts.Length;)
        {
            var (source, start, size) = Where(parts[i]);
            var (count, extent, end) = (1, parts[i].Shape[0], start + size);
            while (i + count < parts.Length && Where(parts[i + count]) is var (next, from, length) && ReferenceEquals(next, source) && from == end)
            {
                (extent, end, count) = (extent + parts[i + count].Shape[0], end + length, count + 1);
            }

            joined.Add(count == 1
                ? parts[i]
                : source.Reshape([source.Shape.Size]).Slice(start..end).Reshape([extent, .. parts[i].Shape.Extents[1..]]));
            i += count;
        }

        return joined.Count == 1 ? joined[0] : Expr.Concatenate([.. joined]);
    }

    // What an expression shows a stretch of, in row-major order.
    private static (Expr Source, int Start, int Size) Where(Expr part)
    {
        var (source, start) = (part, 0);
        while (source is Application { Primitive: Reshape or Slice } view)
        {
            if (view.Primitive is Slice slice)
            {
                if (!IsStretch(slice, view))
                {
                    break;
                }

                var strides = view.Input(0).Shape.Strides();
                for (var axis = 0; axis < strides.Length; axis++)
                {
                    start += slice.Starts[axis] * strides[axis];
                }
            }

            source = view.Input(0);
        }

        return (source, start, part.Shape.Size);
    }

    // Whole along the last axes, and one entry along all but one of the others.
    private static bool IsStretch(Slice slice, Application view)
    {
        var axis = view.Shape.Rank - 1;
        while (axis >= 0 && view.Shape[axis] == view.Input(0).Shape[axis])
        {
            axis--;
        }

        for (var outer = axis - 1; outer >= 0; outer--)
        {
            if (view.Shape[outer] != 1)
            {
                return false;
            }
        }

        return axis < 0 || slice.Steps[axis] == 1 || view.Shape[axis] == 1;
    }
}
