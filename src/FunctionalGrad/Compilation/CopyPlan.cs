namespace FunctionalGrad;

/// <summary>
/// How entries are moved: axes that both sides walk as one are merged; a plane of two is moved by a kernel, and the others
/// are counted through. All of it is known before the first call.
/// </summary>
internal sealed record CopyPlan(CopyPlane Plane, CopyAxis[] Outer)
{
    public static CopyPlan Of(View source, View target)
    {
        var axes = Merged(Enumerable.Range(0, source.Shape.Rank)
            .Select(axis => new CopyAxis(source.Shape[axis], source.Strides[axis], target.Strides[axis])));
        if (axes.Count == 1)
        {
            axes.Insert(0, new(1, 0, 0));
        }

        var entries = axes[^1];
        axes.RemoveAt(axes.Count - 1);

        // An axis along which the source lies side by side makes a transpose of what would be moved entry by entry.
        var turned = entries.To == 1 && entries.From is not 0 and not 1 ? axes.FindLastIndex(axis => axis.From == 1) : -1;
        var rows = turned < 0 ? axes.Count - 1 : turned;
        var plane = CopyPlane.Of(axes[rows], entries);
        axes.RemoveAt(rows);
        return new(plane, [.. axes]);
    }

    /// <summary>The axes in which entries differ, as they lie in the target, the closest entries last; one of one entry where there are none.</summary>
    public static List<CopyAxis> Merged(IEnumerable<CopyAxis> axes)
    {
        CopyAxis[] sorted = [.. axes.Where(axis => axis.Extent != 1).OrderByDescending(axis => (Math.Abs(axis.To), Math.Abs(axis.From)))];
        var merged = new List<CopyAxis>();
        foreach (var axis in sorted)
        {
            if (merged.Count > 0 && merged[^1].From == axis.From * axis.Extent && merged[^1].To == axis.To * axis.Extent)
            {
                merged[^1] = axis with { Extent = merged[^1].Extent * axis.Extent };
            }
            else
            {
                merged.Add(axis);
            }
        }

        if (merged.Count == 0)
        {
            merged.Add(new(1, 1, 1));
        }

        return merged;
    }
}

/// <summary>An axis of a copy: its extent, and how far apart neighbours lie in the source and in the target.</summary>
internal readonly record struct CopyAxis(int Extent, nint From, nint To)
{
    /// <summary>Counts one further through axes, the last one fastest; false when there are no more.</summary>
    /// <param name="axes">The axes.</param>
    /// <param name="index">Where along each the count stands.</param>
    /// <param name="from">Where that is in the source.</param>
    /// <param name="to">Where that is in the target.</param>
    public static bool Next(CopyAxis[] axes, Span<int> index, ref nint from, ref nint to)
    {
        for (var level = axes.Length - 1; level >= 0; level--)
        {
            ref readonly var axis = ref axes[level];
            from += axis.From;
            to += axis.To;
            if (++index[level] < axis.Extent)
            {
                return true;
            }

            from -= axis.From * axis.Extent;
            to -= axis.To * axis.Extent;
            index[level] = 0;
        }

        return false;
    }
}

/// <summary>The two axes of a copy that a kernel moves.</summary>
internal readonly record struct CopyPlane(CopyKind Kind, CopyAxis Rows, CopyAxis Entries)
{
    public static CopyPlane Of(CopyAxis rows, CopyAxis entries)
    {
        var kind = entries.To != 1 ? CopyKind.Strided
            : entries.From == 1 ? CopyKind.Rows
            : entries.From == 0 ? CopyKind.Repeated
            : rows.From == 1 ? CopyKind.Transposed
            : CopyKind.Strided;
        return new(kind, rows, entries);
    }
}

/// <summary>How a plane of a copy is moved.</summary>
internal enum CopyKind
{
    /// <summary>Entries stand side by side on both sides.</summary>
    Rows,

    /// <summary>One entry of the source fills a row of the target.</summary>
    Repeated,

    /// <summary>Rows of the source are columns of the target.</summary>
    Transposed,

    /// <summary>Entry by entry.</summary>
    Strided,
}
