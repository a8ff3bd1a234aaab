using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Matrix products whose summed axis stands side by side in both operands, of which one has few vectors.</summary>
internal abstract class DotProducts<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The dot products over the widest lanes that the summed axis fills.</summary>
    public static DotProducts<T> For(in ProductLayout layout)
    {
        var width = ProductKernels<T>.Width(layout.Summed);
        return width == Lanes512<T>.Count ? new DotProducts<Lanes512<T>, T>()
            : width == Lanes256<T>.Count ? new DotProducts<Lanes256<T>, T>()
            : width == Lanes128<T>.Count ? new DotProducts<Lanes128<T>, T>()
            : new DotProducts<OneLane<T>, T>();
    }

    /// <summary>A batch of products: target[b, i, j] = Σₖ left[b, i, k] · right[b, k, j].</summary>
    public abstract void Run(ref T left, ref T right, ref T target, in ProductLayout layout);
}

internal sealed class DotProducts<V, T> : DotProducts<T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public override void Run(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        for (var b = 0; b < layout.Batch; b++)
        {
            if (layout.Columns == 1)
            {
                OneByMany(ref right, ref left, layout.LeftRow, layout.Rows, ref target, layout.TargetRow, layout.Summed);
            }
            else
            {
                for (nint row = 0; row < layout.Rows; row++)
                {
                    ref var one = ref Unsafe.Add(ref left, row * layout.LeftRow);
                    OneByMany(ref one, ref right, layout.RightColumn, layout.Columns, ref Unsafe.Add(ref target, row * layout.TargetRow), 1, layout.Summed);
                }
            }

            left = ref Unsafe.Add(ref left, layout.LeftBatch);
            right = ref Unsafe.Add(ref right, layout.RightBatch);
            target = ref Unsafe.Add(ref target, layout.TargetBatch);
        }
    }

    // Four at a time, so that sums do not wait for one another; the last four may overlap those before.
    private static void OneByMany(ref T one, ref T many, nint apart, int count, ref T target, nint targetApart, int summed)
    {
        if (count < 4)
        {
            for (nint i = 0; i < count; i++)
            {
                Four(ref one, ref Unsafe.Add(ref many, i * apart), 0, summed, ref Unsafe.Add(ref target, i * targetApart), 0);
            }

            return;
        }

        nint last = count - 4;
        for (nint i = 0; ; i = Math.Min(i + 4, last))
        {
            Four(ref one, ref Unsafe.Add(ref many, i * apart), apart, summed, ref Unsafe.Add(ref target, i * targetApart), targetApart);
            if (i == last)
            {
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(ref T one, ref T many, nint apart, nint summed, ref T target, nint targetApart)
    {
        nint width = V.Count, k = 0;
        ref var second = ref Unsafe.Add(ref many, apart);
        ref var third = ref Unsafe.Add(ref many, 2 * apart);
        ref var fourth = ref Unsafe.Add(ref many, 3 * apart);
        V a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (; k + (2 * width) <= summed; k += 2 * width)
        {
            var (x, y) = (V.Load(ref one, k), V.Load(ref one, k + width));
            a0 = V.MultiplyAdd(x, V.Load(ref many, k), a0);
            a1 = V.MultiplyAdd(y, V.Load(ref many, k + width), a1);
            b0 = V.MultiplyAdd(x, V.Load(ref second, k), b0);
            b1 = V.MultiplyAdd(y, V.Load(ref second, k + width), b1);
            c0 = V.MultiplyAdd(x, V.Load(ref third, k), c0);
            c1 = V.MultiplyAdd(y, V.Load(ref third, k + width), c1);
            d0 = V.MultiplyAdd(x, V.Load(ref fourth, k), d0);
            d1 = V.MultiplyAdd(y, V.Load(ref fourth, k + width), d1);
        }

        if (k + width <= summed)
        {
            var x = V.Load(ref one, k);
            a0 = V.MultiplyAdd(x, V.Load(ref many, k), a0);
            b0 = V.MultiplyAdd(x, V.Load(ref second, k), b0);
            c0 = V.MultiplyAdd(x, V.Load(ref third, k), c0);
            d0 = V.MultiplyAdd(x, V.Load(ref fourth, k), d0);
            k += width;
        }

        var (a, b, c, d) = (V.Sum(a0 + a1), V.Sum(b0 + b1), V.Sum(c0 + c1), V.Sum(d0 + d1));
        for (; k < summed; k++)
        {
            var x = Unsafe.Add(ref one, k);
            a = T.FusedMultiplyAdd(x, Unsafe.Add(ref many, k), a);
            b = T.FusedMultiplyAdd(x, Unsafe.Add(ref second, k), b);
            c = T.FusedMultiplyAdd(x, Unsafe.Add(ref third, k), c);
            d = T.FusedMultiplyAdd(x, Unsafe.Add(ref fourth, k), d);
        }

        target = a;
        Unsafe.Add(ref target, targetApart) = b;
        Unsafe.Add(ref target, 2 * targetApart) = c;
        Unsafe.Add(ref target, 3 * targetApart) = d;
    }
}
