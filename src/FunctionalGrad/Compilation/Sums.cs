using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>Sums over axes, along lanes where entries stand side by side.</summary>
internal static class Sums<V, T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public static void Run(T[][] buffers, SumStep step)
    {
        var source = step.Source;
        var target = buffers[step.Target.Buffer].AsSpan(step.Target.Offset, step.Target.Shape.Size);
        target.Clear();
        if (source.Shape.Size == 0)
        {
            return;
        }

        // Axes as they lie in memory, the closest entries innermost.
        var rank = source.Shape.Rank;
        Span<int> axes = stackalloc int[rank];
        Span<int> into = stackalloc int[rank];
        Span<int> index = stackalloc int[rank];
        index.Clear();
        var kept = 0;
        for (var axis = 0; axis < rank; axis++)
        {
            axes[axis] = axis;
            into[axis] = step.SummedAxes.AsSpan().Contains(axis) ? 0 : step.Target.Strides[kept++];
        }

        Order(axes, source);
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[source.Buffer]), source.Offset);
        ref var to = ref MemoryMarshal.GetReference(target);
        var inner = axes[^1];
        var (count, stride, targetStride) = (source.Shape[inner], source.Strides[inner], into[inner]);
        while (true)
        {
            if (targetStride == 0)
            {
                to += stride == 1 ? Together(ref from, count) : OneByOne(ref from, count, stride);
            }
            else if (stride == 1 && targetStride == 1)
            {
                Add(ref from, ref to, count);
            }
            else
            {
                for (nint i = 0; i < count; i++)
                {
                    Unsafe.Add(ref to, i * targetStride) += Unsafe.Add(ref from, i * stride);
                }
            }

            var level = rank - 2;
            for (; level >= 0; level--)
            {
                var axis = axes[level];
                from = ref Unsafe.Add(ref from, source.Strides[axis]);
                to = ref Unsafe.Add(ref to, into[axis]);
                if (++index[level] < source.Shape[axis])
                {
                    break;
                }

                from = ref Unsafe.Subtract(ref from, source.Strides[axis] * source.Shape[axis]);
                to = ref Unsafe.Subtract(ref to, into[axis] * source.Shape[axis]);
                index[level] = 0;
            }

            if (level < 0)
            {
                return;
            }
        }
    }

    private static void Order(Span<int> axes, View source)
    {
        for (var i = 1; i < axes.Length; i++)
        {
            for (var j = i; j > 0 && source.Strides[axes[j]] > source.Strides[axes[j - 1]]; j--)
            {
                (axes[j], axes[j - 1]) = (axes[j - 1], axes[j]);
            }
        }
    }

    private static T Together(ref T from, int count)
    {
        nint width = V.Count, i = 0;
        var sum = T.Zero;
        if (count >= width)
        {
            V a = default, b = default;
            for (; i + (2 * width) <= count; i += 2 * width)
            {
                a += V.Load(ref from, i);
                b += V.Load(ref from, i + width);
            }

            for (; i + width <= count; i += width)
            {
                a += V.Load(ref from, i);
            }

            sum = V.Sum(a + b);
        }

        for (; i < count; i++)
        {
            sum += Unsafe.Add(ref from, i);
        }

        return sum;
    }

    private static T OneByOne(ref T from, int count, nint stride)
    {
        var sum = T.Zero;
        for (nint i = 0; i < count; i++)
        {
            sum += Unsafe.Add(ref from, i * stride);
        }

        return sum;
    }

    private static void Add(ref T from, ref T to, int count)
    {
        nint width = V.Count, i = 0;
        for (; i + width <= count; i += width)
        {
            V.Store(V.Load(ref to, i) + V.Load(ref from, i), ref to, i);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
        }
    }
}
