namespace FunctionalGrad;

/// <summary>
/// The loops of a <see cref="LoopStep"/>, outermost first: extents, and for each the strides of every input and output.
/// Neighbouring axes along which everything can be walked as one are merged.
/// </summary>
internal sealed record LoopNest(int[] Extents, int[][] Strides)
{
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
            if (extents.Count > 0 && strides[^1].Zip(along).All(pair => pair.First == pair.Second * extent))
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
}
