namespace FunctionalGrad;

/// <summary>
/// The loops of a <see cref="LoopStep"/>, outermost first: extents, and for each the strides of every input and output.
/// Neighbouring axes along which everything can be walked as one are merged.
/// </summary>
internal sealed record LoopNest(int[] Extents, int[][] Strides)
{
    /// <summary>The extent of the innermost loop, along which the lanes run.</summary>
    public int Inner => Extents[^1];

    public static LoopNest Of(LoopStep step)
    {
        View[] views = [.. step.Inputs, .. step.Outputs.Select(output => output.Target)];
        var extents = new List<int>();
        var strides = new List<int[]>();
        foreach (var axis in step.AxisOrder)
        {
            var extent = step.Space[axis];
            if (extent == 1)
            {
                continue;
            }

            var along = Array.ConvertAll(views, view => view.Strides[axis]);
            if (extents.Count > 0 && Continues(strides[^1], along, extent))
            {
                extents[^1] *= extent;
                strides[^1] = along;
            }
            else
            {
                extents.Add(extent);
                strides.Add(along);
            }
        }

        if (extents.Count == 0)
        {
            extents.Add(1);
            strides.Add(new int[views.Length]);
        }

        return new([.. extents], [.. strides]);
    }

    private static bool Continues(int[] outer, int[] inner, int extent)
    {
        for (var i = 0; i < outer.Length; i++)
        {
            if (outer[i] != inner[i] * extent)
            {
                return false;
            }
        }

        return true;
    }
}
