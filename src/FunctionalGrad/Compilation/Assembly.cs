using System.Numerics;
using System.Numerics.Tensors;

namespace FunctionalGrad;

/// <summary>Runs an <see cref="AssembleStep"/>: zeros, and then each part added to its region.</summary>
internal sealed class Assembly<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // So many entries of the target take all parts before the next ones do, so that they stay close at hand.
    private const int Block = 2048;

    // From how many entries side by side on a row is added at once.
    private const int Wide = 8;

    private readonly AssembleStep _step;
    private readonly Part[] _parts;
    private readonly int _rows;
    private readonly int _row;

    public Assembly(AssembleStep step)
    {
        _step = step;
        var shape = step.Target.Shape;
        var along = shape.Rank > 1 && step.Parts.All(part => part.Shape[0] == shape[0]);
        _rows = along ? shape.Extents[0] : 1;
        _row = along ? shape.SizeFrom(1) : shape.Size;
        _parts = [.. step.Parts.Select((part, i) => Part.Of(part, step.Regions[i], along, _row))];
    }

    public void Run(T[][] memory)
    {
        var target = _step.Target;
        var to = memory[target.Buffer].AsSpan(target.Offset, target.Shape.Size);
        var count = Math.Max(1, Block / Math.Max(_row, 1));
        for (var first = 0; first < _rows; first += count)
        {
            var rows = Math.Min(count, _rows - first);
            to.Slice(first * _row, rows * _row).Clear();
            foreach (var part in _parts)
            {
                part.AddTo(memory[part.From.Buffer], to, part.To.Offset - target.Offset, first, rows);
            }
        }
    }

    /// <summary>
    /// One part: the rows that it shares with the target, and within a row the axes along which entries differ, neighbours
    /// merged that are walked as one.
    /// </summary>
    private sealed record Part(View From, View To, CopyAxis Rows, CopyAxis[] Outer, CopyAxis Inner, bool IsWhole)
    {
        public static Part Of(View from, View to, bool along, int row)
        {
            var first = along ? 1 : 0;
            var axes = CopyPlan.Merged(Enumerable.Range(first, from.Shape.Rank - first)
                .Select(axis => new CopyAxis(from.Shape[axis], from.Strides[axis], to.Strides[axis])));
            var rows = along ? new CopyAxis(from.Shape[0], from.Strides[0], row) : new(1, 0, 0);
            var whole = axes.Count == 1 && axes[0] == new CopyAxis(row, 1, 1) && (!along || rows.From == row);
            return new(from, to, rows, [.. axes[..^1]], axes[^1], whole);
        }

        /// <summary>Adds some rows of the part.</summary>
        public void AddTo(T[] source, Span<T> target, nint offset, int first, int count)
        {
            if (From.Shape.Size == 0)
            {
                return;
            }

            var (from, to) = (From.Offset + (first * Rows.From), offset + (first * Rows.To));
            if (IsWhole)
            {
                Add(source, from, target, to, new(count * Inner.Extent, 1, 1));
                return;
            }

            // Short rows are added column by column.
            var across = Inner.Extent < count && !(Inner is { From: 1, To: 1 } && Inner.Extent >= Wide);
            var (outer, inner) = across ? (Inner, Rows with { Extent = count }) : (Rows with { Extent = count }, Inner);
            Span<int> index = stackalloc int[Outer.Length];
            index.Clear();
            do
            {
                for (var i = 0; i < outer.Extent; i++)
                {
                    Add(source, from + (i * outer.From), target, to + (i * outer.To), inner);
                }
            }
            while (CopyAxis.Next(Outer, index, ref from, ref to));
        }

        private static void Add(T[] source, nint from, Span<T> target, nint to, CopyAxis axis)
        {
            if (axis is { From: 1, To: 1 })
            {
                var row = target.Slice((int)to, axis.Extent);
                TensorPrimitives.Add(row, source.AsSpan((int)from, axis.Extent), row);
                return;
            }

            for (var i = 0; i < axis.Extent; i++)
            {
                target[(int)(to + (i * axis.To))] += source[(int)(from + (i * axis.From))];
            }
        }
    }
}
