using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Large matrix products, block by block: some panels of the right operand stay in a core's own cache while all rows of the
/// left one go past them. Where enough rows do, the panels are copied first into the order in which they are read. The left
/// operand is read where it lies: each of its entries serves a whole row of a tile. Terms are added to a sum in their order,
/// whatever the blocks, so that neither they nor the number of workers change a bit.
/// </summary>
internal sealed class BlockedProduct<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // A block of the right operand takes less than half of a core's own cache, which the rows go through too.
    private const int BlockBytes = 3 << 17;

    // Terms of a block: rows that lie side by side are read in long stretches, and columns from one page after the other.
    private const int Depth = 512;
    private const int DepthAcross = 256;

    // Copying the right operand pays with as many rows, unless it stays in a core's own cache as it is.
    private const int LeastRowsToPack = 128;
    private const int MostBytesInPlace = 1 << 19;

    // With parts of the same size, workers that take four of them in turn end at about the same time.
    private const int PartsOfWorker = 4;

    // What is worth another worker's while.
    private const long PartWork = 1 << 19;

    private const int CacheLine = 64;

    private readonly ProductLayout _layout;
    private readonly int _width;
    private readonly int _rows;
    private readonly bool _packs;
    private readonly int _depth;
    private readonly int _blockPanels;

    // The first panels of the columns are wide; the others are a register narrower, so that no tile has too few sums.
    private readonly int _registers;
    private readonly int _panels;
    private readonly int _widePanels;

    // By rows: whole tiles, and the last row of tiles.
    private readonly (ProductKernel<T> Whole, ProductKernel<T> Last) _wide;
    private readonly (ProductKernel<T> Whole, ProductKernel<T> Last) _narrow;

    public BlockedProduct(in ProductLayout layout)
    {
        _layout = layout;
        _width = ProductKernels<T>.Width(layout.Columns);
        (_rows, _registers) = ProductKernels<T>.Large;
        var registers = Pieces(layout.Columns, _width);
        _panels = Pieces(registers, _registers);
        _widePanels = registers - (_panels * (_registers - 1));
        var lastRows = layout.Rows - ((Pieces(layout.Rows, _rows) - 1) * _rows);
        _wide = (ProductKernels<T>.Of(_width, _rows, _registers), ProductKernels<T>.Of(_width, lastRows, _registers));
        _narrow = (ProductKernels<T>.Of(_width, _rows, _registers - 1), ProductKernels<T>.Of(_width, lastRows, _registers - 1));
        _packs = layout.RightColumn != 1
            || (layout.Rows >= LeastRowsToPack && (long)layout.Summed * layout.Columns * Unsafe.SizeOf<T>() > MostBytesInPlace);
        _depth = Pieces(layout.Summed, Pieces(layout.Summed, layout.LeftSummed == 1 ? Depth : DepthAcross));
        _blockPanels = Math.Max(1, BlockBytes / (_depth * _registers * _width * Unsafe.SizeOf<T>()));
    }

    public void Run(T[] left, int leftOffset, T[] right, int rightOffset, T[] target, int targetOffset)
    {
        // Columns are shared out before rows, for a part copies all that it needs of the right operand.
        var rowPanels = Pieces(_layout.Rows, _rows);
        var wanted = SharedWork.Workers == 1 ? 1 : Math.Min(PartsOfWorker * SharedWork.Workers, _layout.Work / PartWork);
        var columnParts = (int)Math.Clamp(Pieces(wanted, _layout.Batch), 1, Pieces(_panels, _blockPanels));
        var rowParts = (int)Math.Clamp(Pieces(wanted, _layout.Batch * columnParts), 1, rowPanels);
        SharedWork.ForEach(_layout.Batch * columnParts * rowParts, part =>
        {
            var (rest, row) = Math.DivRem(part, rowParts);
            var (batch, column) = Math.DivRem(rest, columnParts);
            RunPart(
                new(left, leftOffset + (batch * _layout.LeftBatch)), new(right, rightOffset + (batch * _layout.RightBatch)),
                new(target, targetOffset + (batch * _layout.TargetBatch)),
                Range(rowPanels, row, rowParts), Range(_panels, column, columnParts));
        });
    }

    private static (int First, int End) Range(int count, int part, int parts) => ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));

    private static int Pieces(int extent, int size) => ((extent - 1) / size) + 1;

    private static long Pieces(long extent, int size) => ((extent - 1) / size) + 1;

    // Registers that lie in one line of the cache are read in one go.
    private static int Aligned(T[] array)
    {
        var address = Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref MemoryMarshal.GetArrayDataReference(array));
        return (int)(-address & (CacheLine - 1)) / Unsafe.SizeOf<T>();
    }

    private void RunPart(Start left, Start right, Start target, (int First, int End) rows, (int First, int End) panels)
    {
        var count = _packs ? Math.Min(_blockPanels, panels.End - panels.First) : 1;
        var memory = ArrayPool<T>.Shared.Rent((count * _depth * _registers * _width) + (CacheLine / Unsafe.SizeOf<T>()));
        var packed = new Start(memory, Aligned(memory));
        for (var panel = panels.First; panel < panels.End; panel += _blockPanels)
        {
            for (var k = 0; k < _layout.Summed; k += _depth)
            {
                new Block(
                    this, left.After(k * _layout.LeftSummed), right.After(k * _layout.RightSummed), target, packed,
                    Math.Min(_depth, _layout.Summed - k), k > 0, rows, (panel, Math.Min(panel + _blockPanels, panels.End))).Run();
            }
        }

        ArrayPool<T>.Shared.Return(memory);
    }

    private int Column(int panel) => _width * ((panel * (_registers - 1)) + Math.Min(panel, _widePanels));

    /// <summary>Where in an array something begins.</summary>
    private readonly record struct Start(T[] Array, int Offset)
    {
        public Start After(int count) => new(Array, Offset + count);

        public ref T At(nint index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Array), Offset + index);
    }

    /// <summary>Panels of one width side by side, and how all of them are multiplied by the rows of a tile.</summary>
    private readonly record struct Panels((ProductKernel<T> Whole, ProductKernel<T> Last) Kernels, Start Right, int Column, ProductLayout Layout);

    /// <summary>Some terms of a part of the target.</summary>
    private sealed record Block(
        BlockedProduct<T> Product, Start Left, Start Right, Start Target, Start Packed, int Terms, bool More, (int First, int End) Rows, (int First, int End) Range)
    {
        private readonly ProductLayout _layout = Product._layout;

        public void Run()
        {
            // Registers that hold more columns than the target has are a matter of their own.
            var end = Range.End == Product._panels && _layout.Columns % Product._width > 0 ? Range.End - 1 : Range.End;
            var middle = Math.Clamp(Product._widePanels, Range.First, end);
            var (wide, narrow) = (Of(Range.First, middle), Of(middle, end));
            var edge = Of(end, Range.End);
            if (Product._packs)
            {
                Pack(wide);
                Pack(narrow);
            }

            if (end < Range.End)
            {
                edge = edge with { Right = Product._packs ? edge.Right : Packed, Layout = edge.Layout with { RightSummed = edge.Layout.Columns } };
                Pack(edge);
            }

            for (var panel = Rows.First; panel < Rows.End; panel++)
            {
                var row = panel * Product._rows;
                Multiply(wide, row);
                Multiply(narrow, row);
                if (end < Range.End)
                {
                    MultiplyEdge(edge, row);
                }
            }
        }

        private Panels Of(int first, int end)
        {
            var isWide = first < Product._widePanels;
            var columns = Product._width * (isWide ? Product._registers : Product._registers - 1);
            var column = Product.Column(first);
            var layout = new ProductLayout(
                end - first, Product._rows, Terms, columns, 0, _layout.LeftRow, _layout.LeftSummed,
                Product._packs ? Terms * columns : columns, Product._packs ? columns : _layout.RightSummed, 1, columns, _layout.TargetRow);
            var right = Product._packs ? Packed.After((column - Product.Column(Range.First)) * Terms) : Right.After(column);
            return new(isWide ? Product._wide : Product._narrow, right, column, layout);
        }

        private void Pack(Panels panels)
        {
            var (_, to, column, layout) = panels;
            for (var panel = 0; panel < layout.Batch; panel++)
            {
                var columns = Math.Min(layout.Columns, _layout.Columns - column);
                ref var target = ref to.At((nint)panel * Terms * layout.Columns);
                if (columns < layout.Columns)
                {
                    MemoryMarshal.CreateSpan(ref target, Terms * layout.Columns).Clear();
                }

                var plane = CopyPlane.Of(new(Terms, _layout.RightSummed, layout.Columns), new(columns, _layout.RightColumn, 1));
                Planes<T>.Move(plane, ref Right.At((nint)column * _layout.RightColumn), ref target);
                column += layout.Columns;
            }
        }

        private void Multiply(in Panels panels, int row)
        {
            if (panels.Layout.Batch > 0)
            {
                Multiply(panels, row, ref Target.At(((nint)row * _layout.TargetRow) + panels.Column), panels.Layout.TargetRow);
            }
        }

        private void Multiply(in Panels panels, int row, ref T target, int targetRow)
        {
            var rows = Math.Min(Product._rows, _layout.Rows - row);
            var kernel = rows == Product._rows ? panels.Kernels.Whole : panels.Kernels.Last;
            kernel.Run(
                ref Left.At((nint)row * _layout.LeftRow), ref panels.Right.At(0), ref target,
                panels.Layout with { Rows = rows, TargetRow = targetRow }, More);
        }

        private void MultiplyEdge(in Panels panels, int row)
        {
            var (width, column) = (panels.Layout.Columns, panels.Column);
            var columns = _layout.Columns - column;
            var room = default(Room);
            Span<T> sums = room;
            var rows = Math.Min(Product._rows, _layout.Rows - row);
            for (var i = 0; More && i < rows; i++)
            {
                Entries(row + i).CopyTo(sums[(i * width)..]);
            }

            Multiply(panels, row, ref MemoryMarshal.GetReference(sums), width);
            for (var i = 0; i < rows; i++)
            {
                sums.Slice(i * width, columns).CopyTo(Entries(row + i));
            }

            Span<T> Entries(int row) => MemoryMarshal.CreateSpan(ref Target.At(((nint)row * _layout.TargetRow) + column), columns);
        }
    }

    /// <summary>Room for the largest tile of the widest lanes.</summary>
    [InlineArray(8 * 3 * 16)]
    private struct Room
    {
        private T _first;
    }
}
