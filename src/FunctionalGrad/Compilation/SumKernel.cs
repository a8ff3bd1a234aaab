using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Sums in registers.</summary>
internal abstract class SumKernel<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The kernel over the widest lanes that a plan fills.</summary>
    public static SumKernel<T> For(SumPlan plan)
    {
        var width = ProductKernels<T>.Width(plan.SideBySide);
        return width == Lanes512<T>.Count ? new SumKernel<Lanes512<T>, T>()
            : width == Lanes256<T>.Count ? new SumKernel<Lanes256<T>, T>()
            : width == Lanes128<T>.Count ? new SumKernel<Lanes128<T>, T>()
            : new SumKernel<OneLane<T>, T>();
    }

    public abstract void Run(ref T source, ref T target, SumPlan plan);
}

internal sealed class SumKernel<V, T> : SumKernel<T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public override void Run(ref T source, ref T target, SumPlan plan)
    {
        // Counting through axes ends where it began, so one row of zeros serves every sum.
        var axes = plan.Kept.Length + plan.Summed.Length;
        Span<int> index = axes == 0 ? [] : stackalloc int[axes];
        index.Clear();
        var kept = index[..plan.Kept.Length];
        var summed = index[plan.Kept.Length..];
        nint from = 0, to = 0;
        do
        {
            if (plan.IsAlong)
            {
                Unsafe.Add(ref target, to) = Along(ref Unsafe.Add(ref source, from), plan, summed);
            }
            else
            {
                Across(ref Unsafe.Add(ref source, from), ref Unsafe.Add(ref target, to), plan, summed);
            }
        }
        while (CopyAxis.Next(plan.Kept, kept, ref from, ref to));
    }

    // The last register overlaps the one before: the same sums are written twice.
    private static void Across(ref T source, ref T target, SumPlan plan, Span<int> index)
    {
        nint width = V.Count, count = plan.Lane.Extent, column = 0, from = plan.Lane.From, to = plan.Lane.To;
        for (; column + (4 * width) <= count; column += 4 * width)
        {
            Four(ref Unsafe.Add(ref source, column * from), from * width, ref Unsafe.Add(ref target, column * to), to * width, plan, index);
        }

        for (; column < count; column += width)
        {
            column = Math.Min(column, count - width);
            One(ref Unsafe.Add(ref source, column * from), ref Unsafe.Add(ref target, column * to), plan, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(ref T source, nint apart, ref T target, nint targetApart, SumPlan plan, Span<int> index)
    {
        var (terms, along) = (plan.Inner.Extent, plan.Inner.From);
        nint from = 0, nowhere = 0;
        V sumA = default, sumB = default, sumC = default, sumD = default;
        do
        {
            // Sums of the innermost loop alone: what outlives the call that counts on is kept in memory meanwhile.
            V a = default, b = default, c = default, d = default;
            ref var at = ref Unsafe.Add(ref source, from);
            for (var k = 0; k < terms; k++)
            {
                a += V.Load(ref at, 0);
                b += V.Load(ref at, apart);
                c += V.Load(ref at, 2 * apart);
                d += V.Load(ref at, 3 * apart);
                at = ref Unsafe.Add(ref at, along);
            }

            sumA += a;
            sumB += b;
            sumC += c;
            sumD += d;
        }
        while (CopyAxis.Next(plan.Summed, index, ref from, ref nowhere));

        V.Store(sumA, ref target, 0);
        V.Store(sumB, ref target, targetApart);
        V.Store(sumC, ref target, 2 * targetApart);
        V.Store(sumD, ref target, 3 * targetApart);
    }

    // Four terms at a time, so that additions do not wait for one another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref T source, ref T target, SumPlan plan, Span<int> index)
    {
        var (terms, along) = (plan.Inner.Extent, plan.Inner.From);
        nint from = 0, nowhere = 0;
        V sum = default;
        do
        {
            V a = default, b = default, c = default, d = default;
            ref var at = ref Unsafe.Add(ref source, from);
            var k = terms;
            for (; k >= 4; k -= 4)
            {
                a += V.Load(ref at, 0);
                b += V.Load(ref at, along);
                c += V.Load(ref at, 2 * along);
                d += V.Load(ref at, 3 * along);
                at = ref Unsafe.Add(ref at, 4 * along);
            }

            for (; k > 0; k--)
            {
                a += V.Load(ref at, 0);
                at = ref Unsafe.Add(ref at, along);
            }

            sum += a + b + (c + d);
        }
        while (CopyAxis.Next(plan.Summed, index, ref from, ref nowhere));

        V.Store(sum, ref target, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Along(ref T source, SumPlan plan, Span<int> index)
    {
        nint width = V.Count, terms = plan.Inner.Extent;
        nint from = 0, nowhere = 0;
        V sum = default;
        var sumOfRest = T.Zero;
        do
        {
            V a = default, b = default, c = default, d = default;
            var rest = T.Zero;
            ref var at = ref Unsafe.Add(ref source, from);
            nint k = 0;
            for (; k + (4 * width) <= terms; k += 4 * width)
            {
                a += V.Load(ref at, k);
                b += V.Load(ref at, k + width);
                c += V.Load(ref at, k + (2 * width));
                d += V.Load(ref at, k + (3 * width));
            }

            for (; k + width <= terms; k += width)
            {
                a += V.Load(ref at, k);
            }

            for (; k < terms; k++)
            {
                rest += Unsafe.Add(ref at, k);
            }

            sum += a + b + (c + d);
            sumOfRest += rest;
        }
        while (CopyAxis.Next(plan.Summed, index, ref from, ref nowhere));

        return V.Sum(sum) + sumOfRest;
    }
}
