using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
            while (i + (4 * V.Count) <= length
                && V.Sum((V.Equal(V.Load(ref from, i), wanted) + V.Equal(V.Load(ref from, i + V.Count), wanted))
                    + (V.Equal(V.Load(ref from, i + (2 * V.Count)), wanted) + V.Equal(V.Load(ref from, i + (3 * V.Count)), wanted))) == T.Zero)
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
        var best = V.Load(ref from, 0);
        var place = V.Broadcast(T.Zero);
        for (nint i = 1; i < length; i++)
        {
            var x = V.Load(ref from, i * step);
            var better = V.Greater(x, best) + (V.NotEqual(x, x) * V.Equal(best, best));
            best = V.Select(better, x, best);
            place = V.Select(better, V.Broadcast(T.CreateTruncating(i)), place);
        }

        V.Store(place, ref to, 0);
    }
}
