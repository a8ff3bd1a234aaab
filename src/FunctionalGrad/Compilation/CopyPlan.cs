namespace FunctionalGrad;

/// <summary>
/// How entries are moved: axes that both sides walk as one are merged; the innermost two, a plane, are moved by a kernel,
/// and the others are counted through. All of it is known before the first call.
/// </summary>
internal sealed record CopyPlan(CopyKind Kind, CopyAxis Rows, CopyAxis Entries, CopyAxis[] Outer)
{
    public static CopyPlan Of(View source, View target)
    {
        var axes = Merged(source, target);
        while (axes.Count < 2)
        {
            axes.Insert(0, new(1, 0, 0));
        }

        var entries = axes[^1];
        axes.RemoveAt(axes.Count - 1);
        var kind = entries.To != 1 ? CopyKind.Strided
            : entries.From == 1 ? CopyKind.Rows
            : entries.From == 0 ? CopyKind.Repeated
            : CopyKind.Strided;
        var turned = entries.To == 1 && kind == CopyKind.Strided ? axes.FindLastIndex(axis => axis.From == 1) : -1;
        if (turned >= 0)
        {
            kind = CopyKind.Transposed;
        }

        var rows = axes[turned < 0 ? axes.Count - 1 : turned];
        axes.RemoveAt(turned < 0 ? axes.Count - 1 : turned);
        return new(kind, rows, entries, [.. axes]);
    }

    /// <summary>The axes in which entries differ, as they lie in the target, the closest entries last.</summary>
    private static List<CopyAxis> Merged(View source, View target)
    {
        var shape = source.Shape;
        var sorted = new List<CopyAxis>();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] != 1)
            {
                sorted.Add(new(shape[axis], source.Strides[axis], target.Strides[axis]));
            }
        }

        sorted.Sort((x, y) => Math.Abs(y.To).CompareTo(Math.Abs(x.To)));
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
internal readonly record struct CopyAxis(int Extent, nint From, nint To);

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
