using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Where the greatest entry of a row stands: the first of those, or the first NaN.</summary>
internal readonly struct ArgMaxRows : IRowKernel
{
    public static bool Reduces => true;

    public static void Along<V, T>(ref T from, ref T to, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var greatest = RowReduction<Largest>.Of<V, T>(ref from, length);
        nint i = 0;
        if (!T.IsNaN(greatest))
        {
            // Whole stretches without it are passed over; zeros of either sign tie, as they do one by one.
            var wanted = V.Broadcast(greatest);
            while (i + (4 * V.Count) <= length && !Stands<V, T>(ref Unsafe.Add(ref from, i), wanted))
            {
                i += 4 * V.Count;
            }
        }

        while (!(Unsafe.Add(ref from, i) == greatest || T.IsNaN(Unsafe.Add(ref from, i))))
        {
            i++;
        }

        to = T.CreateTruncating(i);
    }

    public static void Across<V, T>(ref T from, ref T to, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        // From the end, so that the first of several is the one that stays.
        var greatest = RowReduction<Largest>.Of<V, T>(ref from, length, step);
        var place = V.Broadcast(T.Zero);
        for (var i = length - 1; i >= 0; i--)
        {
            var x = V.Load(ref from, i * step);
            place = V.Select(V.Or(V.Equal(x, greatest), V.NotEqual(x, x)), V.Broadcast(T.CreateTruncating(i)), place);
        }

        V.Store(place, ref to, 0);
    }

    /// <summary>Whether a number is among those of four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Stands<V, T>(ref T from, V wanted)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var found = V.Or(
            V.Or(V.Equal(V.Load(ref from, 0), wanted), V.Equal(V.Load(ref from, V.Count), wanted)),
            V.Or(V.Equal(V.Load(ref from, 2 * V.Count), wanted), V.Equal(V.Load(ref from, 3 * V.Count), wanted)));
        return V.Sum(V.And(found, V.Broadcast(T.One))) != T.Zero;
    }
}
