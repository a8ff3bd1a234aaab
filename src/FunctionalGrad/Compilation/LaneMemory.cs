using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>How generated code reaches memory.</summary>
internal static class LaneMemory<V, T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Start(T[][] buffers, int buffer, int offset) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[buffer]), offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T source, nint index) => V.Load(ref source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Repeat(ref T source, nint index) => V.Broadcast(Unsafe.Add(ref source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Number(double value) => V.Create(value);

    public static V Spread(ref T source, nint index, nint stride)
    {
        var room = default(Side);
        Span<T> side = room;
        side = side[..V.Count];
        for (var i = 0; i < side.Length; i++)
        {
            side[i] = Unsafe.Add(ref source, index + (i * stride));
        }

        return V.Load(ref MemoryMarshal.GetReference(side), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, ref T target, nint index) => V.Store(value, ref target, index);

    public static void Scatter(V value, ref T target, nint index, nint stride)
    {
        var room = default(Side);
        Span<T> side = room;
        side = side[..V.Count];
        V.Store(value, ref MemoryMarshal.GetReference(side), 0);
        for (var i = 0; i < side.Length; i++)
        {
            Unsafe.Add(ref target, index + (i * stride)) = side[i];
        }
    }

    /// <summary>Room for the widest lanes there are.</summary>
    [InlineArray(16)]
    private struct Side
    {
        private T _first;
    }
}
