using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// What becomes of a row: a row of the same length, or a single number. Written once over lanes, which hold entries of one
/// row, or entries of as many rows at the same place.
/// </summary>
internal interface IRowKernel
{
    /// <summary>Whether a row becomes a single number.</summary>
    static abstract bool Reduces { get; }

    /// <summary>One row, no shorter than the lanes are many, whose entries stand side by side.</summary>
    /// <param name="from">The first entry.</param>
    /// <param name="to">Where the first number goes; no entry stands there.</param>
    /// <param name="length">How many entries there are.</param>
    static abstract void Along<V, T>(ref T from, ref T to, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>;

    /// <summary>As many rows as there are lanes, side by side.</summary>
    /// <param name="from">The first entries of the rows.</param>
    /// <param name="to">Where their first numbers go; this may be where the entries stand.</param>
    /// <param name="length">How many entries each row has, 1 or more.</param>
    /// <param name="step">How far an entry of a row stands from the one before it, in what is read and in what is written.</param>
    static abstract void Across<V, T>(ref T from, ref T to, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The end of a row that its whole registers leave over: it is read with a register that begins before it.</summary>
internal static class RowEnd<V, T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private static readonly T[] ZerosThenOnes = [.. Enumerable.Repeat(T.Zero, 16), .. Enumerable.Repeat(T.One, 16)];

    /// <summary>The mask that holds in the last lanes alone.</summary>
    /// <param name="count">How many lanes those are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Lanes(nint count) => V.NotEqual(V.Load(ref ZerosThenOnes[0], 16 - V.Count + count), V.Broadcast(T.Zero));
}
