using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>Moves the entries of a view to where another view has them.</summary>
internal sealed class Copies<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Beyond this many bytes a call that moves memory costs less than a loop over registers.
    private const int ShortRow = 256;

    private readonly CopyPlan _plan;
    private readonly View _source;
    private readonly View _target;
    private readonly int _tile;

    public Copies(CopyStep step)
    {
        (_source, _target) = (step.Source, step.Target);
        _plan = CopyPlan.Of(_source, _target);
        _tile = _plan.Kind == CopyKind.Transposed ? TileFor(Math.Min(_plan.Rows.Extent, _plan.Entries.Extent)) : 0;
    }

    public void Run(T[][] buffers)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[_source.Buffer]), _source.Offset);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[_target.Buffer]), _target.Offset);
        if (_plan.Outer.Length == 0)
        {
            Plane(ref from, ref to);
        }
        else if (_source.Shape.Size > 0)
        {
            Planes(ref from, ref to);
        }
    }

    private void Planes(ref T from, ref T to)
    {
        var outer = _plan.Outer;
        Span<int> index = stackalloc int[outer.Length];
        index.Clear();
        while (true)
        {
            Plane(ref from, ref to);
            var level = outer.Length - 1;
            for (; level >= 0; level--)
            {
                ref readonly var axis = ref outer[level];
                from = ref Unsafe.Add(ref from, axis.From);
                to = ref Unsafe.Add(ref to, axis.To);
                if (++index[level] < axis.Extent)
                {
                    break;
                }

                from = ref Unsafe.Subtract(ref from, axis.From * axis.Extent);
                to = ref Unsafe.Subtract(ref to, axis.To * axis.Extent);
                index[level] = 0;
            }

            if (level < 0)
            {
                return;
            }
        }
    }

    private void Plane(ref T from, ref T to)
    {
        var (rows, entries) = (_plan.Rows, _plan.Entries);
        switch (_plan.Kind)
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
            case CopyKind.Transposed when _tile > 0:
                Transpose(ref from, ref to);
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

    private void Transpose(ref T from, ref T to)
    {
        if (typeof(T) == typeof(double))
        {
            ref var source = ref Unsafe.As<T, double>(ref from);
            ref var target = ref Unsafe.As<T, double>(ref to);
            if (_tile == 8)
            {
                Transpose<double, EightDoubles>(ref source, ref target);
            }
            else
            {
                Transpose<double, FourDoubles>(ref source, ref target);
            }
        }
        else
        {
            ref var source = ref Unsafe.As<T, float>(ref from);
            ref var target = ref Unsafe.As<T, float>(ref to);
            if (_tile == 8)
            {
                Transpose<float, EightSingles>(ref source, ref target);
            }
            else
            {
                Transpose<float, FourSingles>(ref source, ref target);
            }
        }
    }

    // The last square of a row or a column overlaps the one before: the same entries are written twice. Unoptimised code
    // for registers is a hundred times slower, and a short program would spend its whole life in it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose<TNumber, TTile>(ref TNumber from, ref TNumber to)
        where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>
        where TTile : struct, ITransposeTile<TNumber>
    {
        nint across = _plan.Entries.From, along = _plan.Rows.To;
        nint lastEntry = _plan.Entries.Extent - TTile.Size, lastRow = _plan.Rows.Extent - TTile.Size;
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
