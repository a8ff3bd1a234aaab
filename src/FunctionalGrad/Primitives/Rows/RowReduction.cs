using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>How the entries of a row are combined into a single number, in any order.</summary>
internal interface ICombination
{
    /// <summary>What no entry changes: the value of a row without any.</summary>
    static abstract V Neutral<V>()
        where V : struct, ILanes<V>;

    /// <summary>What was combined so far, and an entry.</summary>
    static abstract V Take<V>(V combined, V x)
        where V : struct, ILanes<V>;

    /// <summary>What was combined from some entries, and from others.</summary>
    static abstract V Join<V>(V left, V right)
        where V : struct, ILanes<V>;

    /// <summary>What the lanes make together.</summary>
    static abstract T Join<V, T>(V lanes)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The greatest entry, NaN where one is NaN.</summary>
internal readonly struct Largest : ICombination
{
    public static V Neutral<V>()
        where V : struct, ILanes<V> => V.Create(double.NegativeInfinity);

    public static V Take<V>(V combined, V x)
        where V : struct, ILanes<V> => V.Max(combined, x);

    public static V Join<V>(V left, V right)
        where V : struct, ILanes<V> => V.Max(left, right);

    public static T Join<V, T>(V lanes)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T> => V.Greatest(lanes);
}

/// <summary>The least entry, NaN where one is NaN.</summary>
internal readonly struct Smallest : ICombination
{
    public static V Neutral<V>()
        where V : struct, ILanes<V> => V.Create(double.PositiveInfinity);

    public static V Take<V>(V combined, V x)
        where V : struct, ILanes<V> => V.Min(combined, x);

    public static V Join<V>(V left, V right)
        where V : struct, ILanes<V> => V.Min(left, right);

    public static T Join<V, T>(V lanes)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T> => V.Least(lanes);
}

/// <summary>Σ xᵢ².</summary>
internal readonly struct Squares : ICombination
{
    public static V Neutral<V>()
        where V : struct, ILanes<V> => default;

    public static V Take<V>(V combined, V x)
        where V : struct, ILanes<V> => combined + (x * x);

    public static V Join<V>(V left, V right)
        where V : struct, ILanes<V> => left + right;

    public static T Join<V, T>(V lanes)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T> => V.Sum(lanes);
}

/// <summary>Rows combined into single numbers.</summary>
internal readonly struct RowReduction<TCombination> : IRowKernel
    where TCombination : struct, ICombination
{
    public static bool Reduces => true;

    public static void Along<V, T>(ref T from, ref T to, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T> => to = Of<V, T>(ref from, length);

    public static void Across<V, T>(ref T from, ref T to, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T> => V.Store(Of<V, T>(ref from, length, step), ref to, 0);

    /// <summary>What the entries of a row make, which is no shorter than the lanes are many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<V, T>(ref T row, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var a = TCombination.Neutral<V>();
        nint i = 0;
        if (length >= 4 * V.Count)
        {
            // Four at once: one alone would have to wait for each result before it takes the next entries.
            V b = a, c = a, d = a;
            for (; i + (4 * V.Count) <= length; i += 4 * V.Count)
            {
                a = TCombination.Take(a, V.Load(ref row, i));
                b = TCombination.Take(b, V.Load(ref row, i + V.Count));
                c = TCombination.Take(c, V.Load(ref row, i + (2 * V.Count)));
                d = TCombination.Take(d, V.Load(ref row, i + (3 * V.Count)));
            }

            a = TCombination.Join(TCombination.Join(a, b), TCombination.Join(c, d));
        }

        for (; i + V.Count <= length; i += V.Count)
        {
            a = TCombination.Take(a, V.Load(ref row, i));
        }

        if (i < length)
        {
            var end = V.Load(ref row, length - V.Count);
            a = TCombination.Take(a, V.Select(RowEnd<V, T>.Lanes(length - i), end, TCombination.Neutral<V>()));
        }

        return TCombination.Join<V, T>(a);
    }

    /// <summary>What the entries of rows side by side make.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, T>(ref T rows, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        V even = TCombination.Neutral<V>(), odd = even;
        nint i = 0;
        for (; i + 2 <= length; i += 2)
        {
            even = TCombination.Take(even, V.Load(ref rows, i * step));
            odd = TCombination.Take(odd, V.Load(ref rows, (i + 1) * step));
        }

        return TCombination.Join(i < length ? TCombination.Take(even, V.Load(ref rows, i * step)) : even, odd);
    }
}
