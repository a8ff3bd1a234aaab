namespace FunctionalGrad;

/// <summary>
/// How entries are summed. Lanes run along an axis that stands side by side: across sums where it is kept, along them where
/// it is summed over. Axes that are walked as one are merged.
/// </summary>
/// <param name="IsAlong">Whether lanes run along the terms of one sum.</param>
/// <param name="Lane">The kept axis that lanes run across; one entry where they run along.</param>
/// <param name="Inner">The innermost axis that is summed over.</param>
/// <param name="Kept">The other kept axes.</param>
/// <param name="Summed">The other axes that are summed over.</param>
internal sealed record SumPlan(bool IsAlong, CopyAxis Lane, CopyAxis Inner, CopyAxis[] Kept, CopyAxis[] Summed)
{
    public static SumPlan Of(SumStep step)
    {
        var source = step.Source;
        var (kept, summed) = (new List<CopyAxis>(), new List<CopyAxis>());
        var place = 0;
        for (var axis = 0; axis < source.Shape.Rank; axis++)
        {
            if (step.SummedAxes.AsSpan().Contains(axis))
            {
                summed.Add(new(source.Shape[axis], source.Strides[axis], 0));
            }
            else
            {
                kept.Add(new(source.Shape[axis], source.Strides[axis], step.Target.Strides[place++]));
            }
        }

        kept = CopyPlan.Merged(kept);
        summed = CopyPlan.Merged(summed);
        var inner = summed[^1];
        summed.RemoveAt(summed.Count - 1);
        if (inner.From == 1 && inner.Extent > 1)
        {
            return new(true, new(1, 1, 1), inner, [.. kept], [.. summed]);
        }

        var lane = kept.FindIndex(axis => axis is { From: 1, To: 1 });
        lane = lane < 0 ? kept.Count - 1 : lane;
        var across = kept[lane];
        kept.RemoveAt(lane);
        return new(false, across, inner, [.. kept], [.. summed]);
    }

    /// <summary>How many entries of the axis that lanes follow stand side by side.</summary>
    public int SideBySide => IsAlong ? Inner.Extent : Lane is { From: 1, To: 1 } ? Lane.Extent : 1;
}
