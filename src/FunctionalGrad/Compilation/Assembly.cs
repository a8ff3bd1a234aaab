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

    /// <summary>One part, and the axes along which its entries differ, neighbours merged that are walked as one.</summary>
    private sealed record Part(View From, View To, CopyAxis[] Outer, CopyAxis Inner)
    {
        public static Part Of(View from, View to)
        {
            var axes = CopyPlan.Merged(Enumerable.Range(0, from.Shape.Rank)
                .Select(axis => new CopyAxis(from.Shape[axis], from.Strides[axis], to.Strides[axis])));
            return new(from, to, [.. axes[..^1]], axes[^1]);
        }

        public void AddTo(T[] source, nint from, Span<T> target, nint to)
        {
            if (From.Shape.Size == 0)
            {
                return;
            }

            Span<int> index = stackalloc int[Outer.Length];
            index.Clear();
            do
            {
                Row(source, (int)from, target, (int)to);
            }
            while (CopyAxis.Next(Outer, index, ref from, ref to));
        }

        private void Row(T[] source, int from, Span<T> target, int to)
        {
            if (Inner is { From: 1, To: 1 })
            {
                var row = target.Slice(to, Inner.Extent);
                TensorPrimitives.Add(row, source.AsSpan(from, Inner.Extent), row);
                return;
            }

            for (var i = 0; i < Inner.Extent; i++)
            {
                target[(int)(to + (i * Inner.To))] += source[(int)(from + (i * Inner.From))];
            }
        }
    }
}
