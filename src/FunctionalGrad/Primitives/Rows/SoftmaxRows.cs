using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Softmax and its relatives over lanes; <see cref="SoftmaxRow"/> says what they mean.</summary>
internal static class SoftmaxLanes<V, T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>exp(x − greatest), taken as 1 where both are the same, be they infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Share(V x, V greatest) => V.Select(V.Equal(x, greatest), V.Broadcast(T.One), LaneExponential.Of(x - greatest));

    /// <summary>x − greatest, taken as 0 where both are the same, be they infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Below(V x, V greatest) => V.Select(V.Equal(x, greatest), V.Broadcast(T.Zero), x - greatest);

    /// <summary>
    /// log Σ exp x as the greatest entry and what the others add to it. The first of the greatest is no term of the sum: it
    /// would drown small ones.
    /// </summary>
    public static (T Greatest, T Others) LogSumExp(ref T row, nint length)
    {
        var greatest = RowReduction<Largest>.Of<V, T>(ref row, length);
        var repeated = V.Broadcast(greatest);
        V sum = V.Broadcast(T.Zero), ties = sum;
        nint i = 0;
        for (; i + V.Count <= length; i += V.Count)
        {
            Add(V.Load(ref row, i), repeated, ref sum, ref ties);
        }

        if (i < length)
        {
            V zero = V.Broadcast(T.Zero), endSum = zero, endTies = zero;
            Add(V.Load(ref row, length - V.Count), repeated, ref endSum, ref endTies);
            var end = RowEnd<V, T>.Lanes(length - i);
            sum += V.Select(end, endSum, zero);
            ties += V.Select(end, endTies, zero);
        }

        return (greatest, LogarithmOfOnePlus.Value(V.Sum(sum) + (V.Sum(ties) - T.One)));
    }

    /// <summary>The same for rows side by side.</summary>
    public static (V Greatest, V Others) LogSumExp(ref T rows, nint length, nint step)
    {
        var greatest = RowReduction<Largest>.Of<V, T>(ref rows, length, step);
        V sum = V.Broadcast(T.Zero), ties = sum;
        for (nint i = 0; i < length; i++)
        {
            Add(V.Load(ref rows, i * step), greatest, ref sum, ref ties);
        }

        return (greatest, LaneLogarithm.OfOnePlus(sum + (ties - V.Broadcast(T.One))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V x, V greatest, ref V sum, ref V ties)
    {
        var tie = V.Equal(x, greatest);
        sum += V.Select(tie, V.Broadcast(T.Zero), LaneExponential.Of(x - greatest));
        ties += V.And(tie, V.Broadcast(T.One));
    }
}

/// <summary>exp xᵢ / Σ exp xⱼ.</summary>
internal readonly struct SoftmaxRows : IRowKernel
{
    public static bool Reduces => false;

    public static void Along<V, T>(ref T from, ref T to, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var greatest = V.Broadcast(RowReduction<Largest>.Of<V, T>(ref from, length));
        var sum = V.Broadcast(T.Zero);
        var end = length - V.Count;
        nint i = 0;
        for (; i <= end; i += V.Count)
        {
            var share = SoftmaxLanes<V, T>.Share(V.Load(ref from, i), greatest);
            V.Store(share, ref to, i);
            sum += share;
        }

        if (i < length)
        {
            var share = SoftmaxLanes<V, T>.Share(V.Load(ref from, end), greatest);
            V.Store(share, ref to, end);
            sum += V.Select(RowEnd<V, T>.Lanes(length - i), share, V.Broadcast(T.Zero));
        }

        // The last ones first, since the loop writes over some of them.
        var total = V.Broadcast(V.Sum(sum));
        var last = V.Load(ref to, end) / total;
        for (i = 0; i < end; i += V.Count)
        {
            V.Store(V.Load(ref to, i) / total, ref to, i);
        }

        V.Store(last, ref to, end);
    }

    public static void Across<V, T>(ref T from, ref T to, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var greatest = RowReduction<Largest>.Of<V, T>(ref from, length, step);
        var sum = V.Broadcast(T.Zero);
        for (nint i = 0; i < length * step; i += step)
        {
            var share = SoftmaxLanes<V, T>.Share(V.Load(ref from, i), greatest);
            V.Store(share, ref to, i);
            sum += share;
        }

        for (nint i = 0; i < length * step; i += step)
        {
            V.Store(V.Load(ref to, i) / sum, ref to, i);
        }
    }
}

/// <summary>xᵢ − log Σ exp xⱼ.</summary>
internal readonly struct LogSoftmaxRows : IRowKernel
{
    public static bool Reduces => false;

    public static void Along<V, T>(ref T from, ref T to, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (first, rest) = SoftmaxLanes<V, T>.LogSumExp(ref from, length);
        V greatest = V.Broadcast(first), others = V.Broadcast(rest);
        for (nint i = 0; i < length; i += V.Count)
        {
            var at = nint.Min(i, length - V.Count);
            V.Store(SoftmaxLanes<V, T>.Below(V.Load(ref from, at), greatest) - others, ref to, at);
        }
    }

    public static void Across<V, T>(ref T from, ref T to, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (greatest, others) = SoftmaxLanes<V, T>.LogSumExp(ref from, length, step);
        for (nint i = 0; i < length * step; i += step)
        {
            V.Store(SoftmaxLanes<V, T>.Below(V.Load(ref from, i), greatest) - others, ref to, i);
        }
    }
}

/// <summary>log Σ exp xᵢ.</summary>
internal readonly struct LogSumExpRows : IRowKernel
{
    public static bool Reduces => true;

    public static void Along<V, T>(ref T from, ref T to, nint length)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (greatest, others) = SoftmaxLanes<V, T>.LogSumExp(ref from, length);
        to = greatest + others;
    }

    public static void Across<V, T>(ref T from, ref T to, nint length, nint step)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (greatest, others) = SoftmaxLanes<V, T>.LogSumExp(ref from, length, step);
        V.Store(greatest + others, ref to, 0);
    }
}
