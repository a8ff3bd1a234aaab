using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Matrix products by tiles of one size.</summary>
internal abstract class ProductKernel<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A batch of products: target[b, i, j] = Σₖ left[b, i, k] · right[b, k, j], or that much more.</summary>
    /// <param name="left">The first entry of the left operand.</param>
    /// <param name="right">The first entry of the right operand, whose columns stand side by side.</param>
    /// <param name="target">The first entry of the target, whose columns stand side by side.</param>
    /// <param name="layout">At least as many rows as a tile has, and at least as many columns as a register holds.</param>
    /// <param name="more">Whether to add to what the target holds; then the tiles must divide it, for the last ones overlap.</param>
    public abstract void Run(ref T left, ref T right, ref T target, in ProductLayout layout, bool more);
}

/// <summary>
/// Products by tiles of some rows by some registers, summed up in registers. Sums that do not wait for one another keep the
/// arithmetic units busy: eight or more of them on current machines. What a smaller tile does not need is left out by the compiler.
/// </summary>
/// <typeparam name="V">The lanes.</typeparam>
/// <typeparam name="T">The precision.</typeparam>
/// <typeparam name="TRows">How many rows a tile has, at most eight.</typeparam>
/// <typeparam name="TRegisters">How many registers a row of a tile has, at most three.</typeparam>
internal sealed class ProductKernel<V, T, TRows, TRegisters> : ProductKernel<T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
    where TRows : struct, IExtent
    where TRegisters : struct, IExtent
{
    // Unoptimised code for registers is a hundred times slower, and a short program would spend its whole life in it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ref T left, ref T right, ref T target, in ProductLayout layout, bool more)
    {
        nint leftRow = layout.LeftRow, leftSummed = layout.LeftSummed, rightSummed = layout.RightSummed, targetRow = layout.TargetRow;
        nint row2 = 2 * leftRow, row3 = 3 * leftRow, row4 = 4 * leftRow, row5 = 5 * leftRow, row6 = 6 * leftRow, row7 = 7 * leftRow;

        // The last tile of a row or a column overlaps the one before, and so do the last two registers of a tile: the same
        // sums are written twice.
        nint columns = Math.Min(TRegisters.Value * V.Count, layout.Columns);
        nint last = columns - V.Count, second = TRegisters.Value > 2 ? V.Count : last;
        nint lastColumn = layout.Columns - columns, lastRow = layout.Rows - TRows.Value;
        nint column = 0, row = 0;
        for (var tiles = layout.Batch; tiles > 0;)
        {
            ref var y = ref Unsafe.Add(ref left, row * leftRow);
            ref var x = ref Unsafe.Add(ref right, column);
            ref var z = ref Unsafe.Add(ref target, (row * targetRow) + column);
            V s00 = default, s01 = default, s02 = default;
            V s10 = default, s11 = default, s12 = default;
            V s20 = default, s21 = default, s22 = default;
            V s30 = default, s31 = default, s32 = default;
            V s40 = default, s41 = default, s42 = default;
            V s50 = default, s51 = default, s52 = default;
            V s60 = default, s61 = default, s62 = default;
            V s70 = default, s71 = default, s72 = default;
            if (more)
            {
                Load(ref z, second, last, out s00, out s01, out s02);

                if (TRows.Value > 1)
                {
                    Load(ref Unsafe.Add(ref z, targetRow), second, last, out s10, out s11, out s12);
                }

                if (TRows.Value > 2)
                {
                    Load(ref Unsafe.Add(ref z, 2 * targetRow), second, last, out s20, out s21, out s22);
                }

                if (TRows.Value > 3)
                {
                    Load(ref Unsafe.Add(ref z, 3 * targetRow), second, last, out s30, out s31, out s32);
                }

                if (TRows.Value > 4)
                {
                    Load(ref Unsafe.Add(ref z, 4 * targetRow), second, last, out s40, out s41, out s42);
                }

                if (TRows.Value > 5)
                {
                    Load(ref Unsafe.Add(ref z, 5 * targetRow), second, last, out s50, out s51, out s52);
                }

                if (TRows.Value > 6)
                {
                    Load(ref Unsafe.Add(ref z, 6 * targetRow), second, last, out s60, out s61, out s62);
                }

                if (TRows.Value > 7)
                {
                    Load(ref Unsafe.Add(ref z, 7 * targetRow), second, last, out s70, out s71, out s72);
                }
            }

            for (var k = layout.Summed; k > 0; k--)
            {
                Load(ref x, second, last, out var x0, out var x1, out var x2);
                Add(V.Broadcast(y), x0, x1, x2, ref s00, ref s01, ref s02);

                if (TRows.Value > 1)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, leftRow)), x0, x1, x2, ref s10, ref s11, ref s12);
                }

                if (TRows.Value > 2)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, row2)), x0, x1, x2, ref s20, ref s21, ref s22);
                }

                if (TRows.Value > 3)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, row3)), x0, x1, x2, ref s30, ref s31, ref s32);
                }

                if (TRows.Value > 4)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, row4)), x0, x1, x2, ref s40, ref s41, ref s42);
                }

                if (TRows.Value > 5)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, row5)), x0, x1, x2, ref s50, ref s51, ref s52);
                }

                if (TRows.Value > 6)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, row6)), x0, x1, x2, ref s60, ref s61, ref s62);
                }

                if (TRows.Value > 7)
                {
                    Add(V.Broadcast(Unsafe.Add(ref y, row7)), x0, x1, x2, ref s70, ref s71, ref s72);
                }

                x = ref Unsafe.Add(ref x, rightSummed);
                y = ref Unsafe.Add(ref y, leftSummed);
            }

            Store(s00, s01, s02, ref z, second, last);

            if (TRows.Value > 1)
            {
                Store(s10, s11, s12, ref Unsafe.Add(ref z, targetRow), second, last);
            }

            if (TRows.Value > 2)
            {
                Store(s20, s21, s22, ref Unsafe.Add(ref z, 2 * targetRow), second, last);
            }

            if (TRows.Value > 3)
            {
                Store(s30, s31, s32, ref Unsafe.Add(ref z, 3 * targetRow), second, last);
            }

            if (TRows.Value > 4)
            {
                Store(s40, s41, s42, ref Unsafe.Add(ref z, 4 * targetRow), second, last);
            }

            if (TRows.Value > 5)
            {
                Store(s50, s51, s52, ref Unsafe.Add(ref z, 5 * targetRow), second, last);
            }

            if (TRows.Value > 6)
            {
                Store(s60, s61, s62, ref Unsafe.Add(ref z, 6 * targetRow), second, last);
            }

            if (TRows.Value > 7)
            {
                Store(s70, s71, s72, ref Unsafe.Add(ref z, 7 * targetRow), second, last);
            }

            if (row < lastRow)
            {
                row = Math.Min(row + TRows.Value, lastRow);
                continue;
            }

            row = 0;
            if (column < lastColumn)
            {
                column = Math.Min(column + columns, lastColumn);
                continue;
            }

            column = 0;
            left = ref Unsafe.Add(ref left, layout.LeftBatch);
            right = ref Unsafe.Add(ref right, layout.RightBatch);
            target = ref Unsafe.Add(ref target, layout.TargetBatch);
            tiles--;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref T source, nint second, nint last, out V s0, out V s1, out V s2)
    {
        s0 = V.Load(ref source, 0);
        s1 = TRegisters.Value > 1 ? V.Load(ref source, second) : default;
        s2 = TRegisters.Value > 2 ? V.Load(ref source, last) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V y, V x0, V x1, V x2, ref V s0, ref V s1, ref V s2)
    {
        s0 = V.MultiplyAdd(y, x0, s0);
        if (TRegisters.Value > 1)
        {
            s1 = V.MultiplyAdd(y, x1, s1);
        }

        if (TRegisters.Value > 2)
        {
            s2 = V.MultiplyAdd(y, x2, s2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V s0, V s1, V s2, ref T target, nint second, nint last)
    {
        V.Store(s0, ref target, 0);
        if (TRegisters.Value > 1)
        {
            V.Store(s1, ref target, second);
        }

        if (TRegisters.Value > 2)
        {
            V.Store(s2, ref target, last);
        }
    }
}
