using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Large matrix products. Slabs of both operands are copied into panels as the innermost loop reads them, whatever their
/// strides; then blocks of the target are summed up, each by one worker, slab after slab. The blocks do not depend on the
/// number of workers, nor does the order of any sum.
/// </summary>
internal sealed class PackedProduct<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Terms of a slab: a panel of the right operand stays in the innermost cache.
    private const int Depth = 256;

    // Panels that a worker packs or multiplies at once: a block of both operands stays in a core's own cache.
    private const int RowPanels = 12;
    private const int ColumnPanels = 8;

    // What is packed at once, in panels: some megabytes.
    private const int MostRowPanels = 20 * RowPanels;
    private const int MostColumnPanels = 10 * ColumnPanels;

    private const int CacheLine = 64;

    private readonly ProductLayout _layout;
    private readonly int _rows;
    private readonly int _registers;
    private readonly int _width;

    // By rows left over and registers left over: whole tiles, and those of the last row and column of tiles.
    private readonly ProductKernel<T> _kernel;
    private readonly ProductKernel<T> _lastRows;
    private readonly ProductKernel<T> _lastColumns;
    private readonly ProductKernel<T> _corner;

    public PackedProduct(in ProductLayout layout)
    {
        _layout = layout;
        _width = ProductKernels<T>.Width(layout.Columns);
        (_rows, _registers) = ProductKernels<T>.Large;
        var lastRows = Remainder(layout.Rows, _rows);
        var lastRegisters = (Remainder(layout.Columns, Columns) + _width - 1) / _width;
        _kernel = ProductKernels<T>.Of(_width, _rows, _registers);
        _lastRows = ProductKernels<T>.Of(_width, lastRows, _registers);
        _lastColumns = ProductKernels<T>.Of(_width, _rows, lastRegisters);
        _corner = ProductKernels<T>.Of(_width, lastRows, lastRegisters);
    }

    private int Columns => _registers * _width;

    public void Run(T[] left, int leftOffset, T[] right, int rightOffset, T[] target, int targetOffset)
    {
        var rowPanels = Math.Min(Panels(_layout.Rows, _rows), MostRowPanels);
        var columnPanels = Math.Min(Panels(_layout.Columns, Columns), MostColumnPanels);
        var slabs = Panels(_layout.Summed, Depth);
        var depth = Panels(_layout.Summed, slabs);
        var pad = CacheLine / Unsafe.SizeOf<T>();
        var packedLeft = ArrayPool<T>.Shared.Rent((rowPanels * _rows * depth) + pad);
        var packedRight = ArrayPool<T>.Shared.Rent((columnPanels * Columns * depth) + pad);
        for (var b = 0; b < _layout.Batch; b++)
        {
            for (var column = 0; column < _layout.Columns; column += columnPanels * Columns)
            {
                for (var row = 0; row < _layout.Rows; row += rowPanels * _rows)
                {
                    for (var k = 0; k < _layout.Summed; k += depth)
                    {
                        var slab = new Slab(
                            this, Math.Min(depth, _layout.Summed - k), k > 0,
                            new(left, leftOffset + (b * _layout.LeftBatch) + (row * _layout.LeftRow) + (k * _layout.LeftSummed)),
                            new(right, rightOffset + (b * _layout.RightBatch) + (k * _layout.RightSummed) + (column * _layout.RightColumn)),
                            new(target, targetOffset + (b * _layout.TargetBatch) + (row * _layout.TargetRow) + column),
                            new(packedLeft, Aligned(packedLeft)), new(packedRight, Aligned(packedRight)),
                            Math.Min(rowPanels * _rows, _layout.Rows - row), Math.Min(columnPanels * Columns, _layout.Columns - column));
                        slab.Run();
                    }
                }
            }
        }

        ArrayPool<T>.Shared.Return(packedLeft);
        ArrayPool<T>.Shared.Return(packedRight);
    }

    private static int Panels(int extent, int size) => (extent + size - 1) / size;

    private static int Remainder(int extent, int size) => extent % size == 0 ? size : extent % size;

    // Registers that lie in one line of the cache are read in one go.
    private static int Aligned(T[] array)
    {
        var address = Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref MemoryMarshal.GetArrayDataReference(array));
        return (int)(-address & (CacheLine - 1)) / Unsafe.SizeOf<T>();
    }

    /// <summary>Where in an array something begins.</summary>
    private readonly record struct Start(T[] Array, int Offset)
    {
        public ref T At(nint index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Array), Offset + index);
    }

    /// <summary>Some terms of a part of the target.</summary>
    private sealed record Slab(
        PackedProduct<T> Product, int Depth, bool More, Start Left, Start Right, Start Target, Start PackedLeft, Start PackedRight, int Rows, int Columns)
    {
        private readonly ProductLayout _layout = Product._layout;

        private int RowBlocks => Panels(Rows, RowPanels * Product._rows);

        private int ColumnBlocks => Panels(Columns, ColumnPanels * Product.Columns);

        public void Run()
        {
            SharedWork.ForEach(RowBlocks + ColumnBlocks, Pack);
            SharedWork.ForEach(RowBlocks * ColumnBlocks, Multiply);
        }

        private void Pack(int block)
        {
            if (block < RowBlocks)
            {
                Pack(Left, PackedLeft, block * RowPanels, RowPanels, Product._rows, Product._rows, Rows, _layout.LeftRow, _layout.LeftSummed, 1);
            }
            else
            {
                Pack(
                    Right, PackedRight, (block - RowBlocks) * ColumnPanels, ColumnPanels, Product.Columns, Product.Columns, Columns,
                    _layout.RightColumn, _layout.RightSummed, Product._width);
            }
        }

        private void Pack(Start from, Start to, int first, int count, int size, nint step, int extent, nint across, nint along, int unit)
        {
            for (var panel = first; panel < first + count && panel * size < extent; panel++)
            {
                var entries = Math.Min(size, extent - (panel * size));
                var padded = Panels(entries, unit) * unit;
                ref var target = ref to.At(panel * step * Depth);
                if (padded > entries)
                {
                    MemoryMarshal.CreateSpan(ref target, padded * Depth).Clear();
                }

                var plane = CopyPlane.Of(new(Depth, along, padded), new(entries, across, 1));
                Planes<T>.Move(plane, ref from.At(panel * step * across), ref target);
            }
        }

        private void Multiply(int block)
        {
            var (firstRow, firstColumn) = (block % RowBlocks * RowPanels, block / RowBlocks * ColumnPanels);
            for (var j = firstColumn; j < firstColumn + ColumnPanels && j * Product.Columns < Columns; j++)
            {
                var columns = Math.Min(Product.Columns, Columns - (j * Product.Columns));
                for (var i = firstRow; i < firstRow + RowPanels && i * Product._rows < Rows; i++)
                {
                    Tile(i, j, Math.Min(Product._rows, Rows - (i * Product._rows)), columns);
                }
            }
        }

        private void Tile(nint i, nint j, int rows, int columns)
        {
            var padded = Panels(columns, Product._width) * Product._width;
            var layout = new ProductLayout(1, rows, Depth, padded, 0, 1, rows, 0, padded, 1, 0, _layout.TargetRow);
            var kernel = rows == Product._rows
                ? columns == Product.Columns ? Product._kernel : Product._lastColumns
                : columns == Product.Columns ? Product._lastRows : Product._corner;
            ref var left = ref PackedLeft.At(i * Product._rows * Depth);
            ref var right = ref PackedRight.At(j * Product.Columns * Depth);
            ref var target = ref Target.At((i * Product._rows * _layout.TargetRow) + (j * Product.Columns));
            if (padded == columns)
            {
                kernel.Run(ref left, ref right, ref target, layout, More);
                return;
            }

            Edge(kernel, ref left, ref right, ref target, layout, columns);
        }

        // The last registers hold more columns than the target has.
        private void Edge(ProductKernel<T> kernel, ref T left, ref T right, ref T target, in ProductLayout layout, int columns)
        {
            var room = default(Room);
            Span<T> sums = room;
            kernel.Run(ref left, ref right, ref MemoryMarshal.GetReference(sums), layout with { TargetRow = layout.Columns }, more: false);
            for (var row = 0; row < layout.Rows; row++)
            {
                ref var written = ref Unsafe.Add(ref target, (nint)row * layout.TargetRow);
                for (var column = 0; column < columns; column++)
                {
                    var sum = sums[(row * layout.Columns) + column];
                    Unsafe.Add(ref written, column) = More ? Unsafe.Add(ref written, column) + sum : sum;
                }
            }
        }
    }

    /// <summary>Room for the largest tile of the widest lanes.</summary>
    [InlineArray(8 * 3 * 16)]
    private struct Room
    {
        private T _first;
    }
}
