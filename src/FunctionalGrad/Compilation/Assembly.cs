using System.Numerics;
using System.Numerics.Tensors;

namespace FunctionalGrad;

/// <summary>Runs an <see cref="AssembleStep"/>: zeros, and then each part added to its region.</summary>
internal sealed class Assembly<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly AssembleStep _step;
    private readonly Part[] _parts;

    public Assembly(AssembleStep step)
    {
        _step = step;
        _parts = [.. step.Parts.Select((part, i) => Part.Of(part, step.Regions[i]))];
    }

    public void Run(T[][] memory)
    {
        var target = _step.Target;
        var to = memory[target.Buffer].AsSpan(target.Offset, target.Shape.Size);
        to.Clear();
        foreach (var part in _parts)
        {
            part.AddTo(memory[part.From.Buffer], part.From.Offset, to, part.To.Offset - target.Offset);
        }
    }

    /// <summary>One part: the extents of its axes from the outermost, neighbours merged that are walked as one, and the strides on both sides.</summary>
    private sealed record Part(View From, View To, int[] Extents, int[] FromStrides, int[] ToStrides)
    {
        public static Part Of(View from, View to)
        {
            var (extents, fromStrides, toStrides) = (new List<int>(), new List<int>(), new List<int>());
            for (var axis = 0; axis < from.Shape.Rank; axis++)
            {
                var extent = from.Shape[axis];
                if (extent == 1)
                {
                    continue;
                }

                if (extents.Count > 0 && fromStrides[^1] == from.Strides[axis] * extent && toStrides[^1] == to.Strides[axis] * extent)
                {
                    extents[^1] *= extent;
                    (fromStrides[^1], toStrides[^1]) = (from.Strides[axis], to.Strides[axis]);
                    continue;
                }

                extents.Add(extent);
                fromStrides.Add(from.Strides[axis]);
                toStrides.Add(to.Strides[axis]);
            }

            return new(from, to, [.. extents], [.. fromStrides], [.. toStrides]);
        }

        public void AddTo(T[] source, int from, Span<T> target, int to)
        {
            if (Extents.Length == 0)
            {
                target[to] += source[from];
                return;
            }

            if (From.Shape.Size == 0)
            {
                return;
            }

            Span<int> index = stackalloc int[Extents.Length - 1];
            index.Clear();
            do
            {
                Row(source, from, target, to);
            }
            while (Next(index, ref from, ref to));
        }

        private void Row(T[] source, int from, Span<T> target, int to)
        {
            var (extent, fromStride, toStride) = (Extents[^1], FromStrides[^1], ToStrides[^1]);
            if (fromStride == 1 && toStride == 1)
            {
                var row = target.Slice(to, extent);
                TensorPrimitives.Add(row, source.AsSpan(from, extent), row);
                return;
            }

            for (var i = 0; i < extent; i++)
            {
                target[to + (i * toStride)] += source[from + (i * fromStride)];
            }
        }

        private bool Next(Span<int> index, ref int from, ref int to)
        {
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                from += FromStrides[axis];
                to += ToStrides[axis];
                if (++index[axis] < Extents[axis])
                {
                    return true;
                }

                from -= FromStrides[axis] * Extents[axis];
                to -= ToStrides[axis] * Extents[axis];
                index[axis] = 0;
            }

            return false;
        }
    }
}
