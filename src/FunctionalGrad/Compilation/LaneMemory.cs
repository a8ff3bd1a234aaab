using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>How generated code reaches memory.</summary>
internal static class LaneMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Start<T>(T[][] memory, int slot) => ref MemoryMarshal.GetArrayDataReference(memory[slot]);

    // A call: inlined for each of many targets, it would cost the JIT more locals than it follows.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Clear<T>(ref T start, int count) => MemoryMarshal.CreateSpan(ref start, count).Clear();
}

/// <summary>What lanes do with memory besides loading and storing what lies side by side.</summary>
internal static class LaneMemory<V, T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Entries at a distance from one another.</summary>
    public static V Spread(ref T source, nint stride) => V.Load(ref source, 0, stride);

    /// <summary>Writes entries at a distance from one another.</summary>
    public static void Scatter(V value, ref T target, nint stride) => V.Store(value, ref target, 0, stride);

    /// <summary>The sum of the lanes, by a call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Total(V value) => V.Sum(value);

    /// <summary>The last lanes as they are, zero in the others: for sums over lanes that overlap the ones before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Last(V value, int count) =>
        V.And(RowEnd<V, T>.Lanes(count), value);
}
