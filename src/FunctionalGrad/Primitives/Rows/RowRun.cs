using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>
/// Runs a kernel over the rows of a tensor, over lanes as wide as the machine has and as the rows are long or many.
/// </summary>
internal static class RowRun
{
    /// <summary>The kernel for every row along some axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axes">The axes, in ascending order; none means that every entry is a row.</param>
    /// <param name="target">Room for what becomes of the rows: a tensor of the same shape, or without the axes.</param>
    public static void Over<TKernel, T>(Dense<T> x, ImmutableArray<int> axes, Span<T> target)
        where TKernel : struct, IRowKernel
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var shape = x.Shape;
        if (shape.Size == 0)
        {
            return;
        }

        var length = AxisRows.Width(shape, axes);
        if (length == 1)
        {
            Run<TKernel, T>(x.Values, target, 1, 1, shape.Size);
        }
        else if (axes[^1] - axes[0] == axes.Length - 1)
        {
            Run<TKernel, T>(x.Values, target, shape.SizeBefore(axes[0]), length, shape.SizeFrom(axes[^1] + 1));
        }
        else
        {
            Apart<TKernel, T>(x, axes, target, length);
        }
    }

    /// <summary>Axes that do not follow one another: the rows are put together first.</summary>
    private static void Apart<TKernel, T>(Dense<T> x, ImmutableArray<int> axes, Span<T> target, int length)
        where TKernel : struct, IRowKernel
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var size = x.Shape.Size;
        var side = ArrayPool<T>.Shared.Rent(TKernel.Reduces ? size : 2 * size);
        var rows = side.AsSpan(0, size);
        AxisRows.Gather(x.Values, x.Shape, axes, rows);
        if (TKernel.Reduces)
        {
            Run<TKernel, T>(rows, target, size / length, length, 1);
        }
        else
        {
            var made = side.AsSpan(size, size);
            Run<TKernel, T>(rows, made, size / length, length, 1);
            AxisRows.Scatter(made, x.Shape, axes, target);
        }

        ArrayPool<T>.Shared.Return(side);
    }

    private static void Run<TKernel, T>(ReadOnlySpan<T> source, Span<T> target, int outer, int length, int inner)
        where TKernel : struct, IRowKernel
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        // Lanes along a row of many entries; across rows that are many or whose entries stand apart.
        var along = inner == 1 && (length >= Lanes<T>(int.MaxValue) || Lanes<T>(length) >= Lanes<T>(outer));
        switch (Lanes<T>(inner > 1 ? inner : along ? length : outer) * Marshal.SizeOf<T>() * 8)
        {
            case 512:
                Run<TKernel, Lanes512<T>, T>(source, target, outer, length, inner, along);
                break;
            case 256:
                Run<TKernel, Lanes256<T>, T>(source, target, outer, length, inner, along);
                break;
            case 128:
                Run<TKernel, Lanes128<T>, T>(source, target, outer, length, inner, along);
                break;
            default:
                Run<TKernel, OneLane<T>, T>(source, target, outer, length, inner, along);
                break;
        }
    }

    /// <summary>How many lanes the widest register has that so many numbers fill.</summary>
    private static int Lanes<T>(int numbers)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Vector512.IsHardwareAccelerated && numbers >= Vector512<T>.Count ? Vector512<T>.Count
        : Vector256.IsHardwareAccelerated && numbers >= Vector256<T>.Count ? Vector256<T>.Count
        : Vector128.IsHardwareAccelerated && numbers >= Vector128<T>.Count ? Vector128<T>.Count
        : 1;

    private static void Run<TKernel, V, T>(ReadOnlySpan<T> source, Span<T> target, nint outer, nint length, nint inner, bool along)
        where TKernel : struct, IRowKernel
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target[..(source.Length / (TKernel.Reduces ? (int)length : 1))]);
        var made = TKernel.Reduces ? 1 : length;
        if (along)
        {
            for (nint row = 0; row < outer; row++)
            {
                TKernel.Along<V, T>(ref At(ref from, row * length), ref At(ref to, row * made), length);
            }
        }
        else if (inner == 1)
        {
            ShortRows<TKernel, V, T>(ref from, ref to, outer, length);
        }
        else
        {
            for (nint slab = 0; slab < outer; slab++)
            {
                // The last register begins early enough to be full; what it does again comes out the same.
                for (nint column = 0; column < inner; column += V.Count)
                {
                    var first = nint.Min(column, inner - V.Count);
                    TKernel.Across<V, T>(
                        ref At(ref from, (slab * length * inner) + first), ref At(ref to, (slab * made * inner) + first), length, inner);
                }
            }
        }
    }

    /// <summary>Rows shorter than the lanes are many are laid side by side, so that every lane has work.</summary>
    private static void ShortRows<TKernel, V, T>(ref T from, ref T to, nint rows, nint length)
        where TKernel : struct, IRowKernel
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var room = default(Side<T>);
        ref var side = ref Unsafe.As<Side<T>, T>(ref room);
        for (nint row = 0; row < rows; row += V.Count)
        {
            var first = nint.Min(row, rows - V.Count);
            for (nint i = 0; i < length; i++)
            {
                V.Store(V.Load(ref from, (first * length) + i, length), ref side, i * V.Count);
            }

            if (TKernel.Reduces)
            {
                TKernel.Across<V, T>(ref side, ref At(ref to, first), length, V.Count);
                continue;
            }

            TKernel.Across<V, T>(ref side, ref side, length, V.Count);
            for (nint i = 0; i < length; i++)
            {
                V.Store(V.Load(ref side, i * V.Count), ref to, (first * length) + i, length);
            }
        }
    }

    private static ref T At<T>(ref T first, nint index) => ref Unsafe.Add(ref first, index);

    /// <summary>Room for fewer registers than the widest has lanes.</summary>
    [InlineArray(16 * 16)]
    private struct Side<T>
    {
        private T _first;
    }
}
