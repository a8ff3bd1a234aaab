using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>Adds one row of numbers to another: in the widest lanes first, and what is left over in narrower ones.</summary>
internal static class RowAddition
{
    /// <summary>target[i] += row[i].</summary>
    public static void Add<T>(ReadOnlySpan<T> row, Span<T> target)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(target[..row.Length]);
        nint i = 0;
        i = Vector512.IsHardwareAccelerated ? Add<Lanes512<T>, T>(ref from, ref to, i, row.Length) : i;
        i = Vector256.IsHardwareAccelerated ? Add<Lanes256<T>, T>(ref from, ref to, i, row.Length) : i;
        i = Vector128.IsHardwareAccelerated ? Add<Lanes128<T>, T>(ref from, ref to, i, row.Length) : i;
        Add<OneLane<T>, T>(ref from, ref to, i, row.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Add<V, T>(ref T from, ref T to, nint start, nint count)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var i = start;
        for (; i + V.Count <= count; i += V.Count)
        {
            V.Store(V.Load(ref to, i) + V.Load(ref from, i), ref to, i);
        }

        return i;
    }
}
