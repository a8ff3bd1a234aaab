using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>Moves entries along two axes.</summary>
internal static class Planes<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Beyond this many bytes a call that moves memory costs less than a loop over registers.
    private const int ShortRow = 256;

    public static void Move(in CopyPlane plane, ref T from, ref T to)
    {
        var (kind, rows, entries) = plane;
        switch (kind)
        {
            case CopyKind.Rows:
                for (nint row = 0; row < rows.Extent; row++)
                {
                    Move(ref Unsafe.Add(ref from, row * rows.From), ref Unsafe.Add(ref to, row * rows.To), entries.Extent);
                }

                break;
            case CopyKind.Repeated:
                for (nint row = 0; row < rows.Extent; row++)
                {
                    MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, row * rows.To), entries.Extent).Fill(Unsafe.Add(ref from, row * rows.From));
                }

                break;
            case CopyKind.Transposed when TileFor(Math.Min(rows.Extent, entries.Extent)) is > 0 and var tile:
                Transpose(tile, rows, entries, ref from, ref to);
                break;
            case CopyKind.Transposed when rows.Extent > entries.Extent:
                Strided(ref from, ref to, entries, rows);
                break;
            default:
                Strided(ref from, ref to, rows, entries);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ref T from, ref T to, int count)
    {
        var width = Vector256<T>.Count;
        if (!Vector256.IsHardwareAccelerated || count < width || count * Unsafe.SizeOf<T>() > ShortRow)
        {
            MemoryMarshal.CreateSpan(ref from, count).CopyTo(MemoryMarshal.CreateSpan(ref to, count));
            return;
        }

        nint last = count - width;
        for (nint i = 0; i < last; i += width)
        {
            Vector256.LoadUnsafe(ref Unsafe.Add(ref from, i)).StoreUnsafe(ref Unsafe.Add(ref to, i));
        }

        Vector256.LoadUnsafe(ref Unsafe.Add(ref from, last)).StoreUnsafe(ref Unsafe.Add(ref to, last));
    }

    private static void Strided(ref T from, ref T to, in CopyAxis rows, in CopyAxis entries)
    {
        var (count, source, target) = (entries.Extent, entries.From, entries.To);
        for (nint row = 0; row < rows.Extent; row++)
        {
            ref var read = ref Unsafe.Add(ref from, row * rows.From);
            ref var written = ref Unsafe.Add(ref to, row * rows.To);
            for (var i = 0; i < count; i++)
            {
                written = read;
                read = ref Unsafe.Add(ref read, source);
                written = ref Unsafe.Add(ref written, target);
            }
        }
    }

    /// <summary>The side of the largest square of numbers that is turned over in registers and fits; 0 where there is none.</summary>
    private static int TileFor(int extent) =>
        typeof(T) == typeof(double)
            ? extent >= 8 && Avx512F.IsSupported ? 8 : extent >= 4 && Avx.IsSupported ? 4 : 0
            : extent >= 8 && Avx.IsSupported ? 8 : extent >= 4 && Sse2.IsSupported ? 4 : 0;

    private static void Transpose(int tile, in CopyAxis rows, in CopyAxis entries, ref T from, ref T to)
    {
        if (typeof(T) == typeof(double))
        {
            ref var source = ref Unsafe.As<T, double>(ref from);
            ref var target = ref Unsafe.As<T, double>(ref to);
            if (tile == 8)
            {
                Transpose<double, EightDoubles>(rows, entries, ref source, ref target);
            }
            else
            {
                Transpose<double, FourDoubles>(rows, entries, ref source, ref target);
            }
        }
        else
        {
            ref var source = ref Unsafe.As<T, float>(ref from);
            ref var target = ref Unsafe.As<T, float>(ref to);
            if (tile == 8)
            {
                Transpose<float, EightSingles>(rows, entries, ref source, ref target);
            }
            else
            {
                Transpose<float, FourSingles>(rows, entries, ref source, ref target);
            }
        }
    }

    // The last square of a row or a column overlaps the one before: the same entries are written twice. Unoptimised code
    // for registers is a hundred times slower, and a short program would spend its whole life in it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<TNumber, TTile>(in CopyAxis rows, in CopyAxis entries, ref TNumber from, ref TNumber to)
        where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>
        where TTile : struct, ITransposeTile<TNumber>
    {
        nint across = entries.From, along = rows.To;
        nint lastEntry = entries.Extent - TTile.Size, lastRow = rows.Extent - TTile.Size;
        for (nint entry = 0; ; entry = Math.Min(entry + TTile.Size, lastEntry))
        {
            ref var source = ref Unsafe.Add(ref from, entry * across);
            ref var target = ref Unsafe.Add(ref to, entry);
            for (nint row = 0; row < lastRow; row += TTile.Size)
            {
                TTile.Transpose(ref Unsafe.Add(ref source, row), across, ref Unsafe.Add(ref target, row * along), along);
            }

            TTile.Transpose(ref Unsafe.Add(ref source, lastRow), across, ref Unsafe.Add(ref target, lastRow * along), along);
            if (entry == lastEntry)
            {
                return;
            }
        }
    }
}
