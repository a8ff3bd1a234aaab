using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>The walk that reductions over axes share: every entry is combined into the one it reduces to, in row-major order.</summary>
internal static class Reduction
{
    /// <summary>target[reduced index] = combine(target[reduced index], x) for every entry x of the source.</summary>
    public static void Accumulate<T, TKernel>(Tensor<T> source, ImmutableArray<int> axes, Span<T> target, TKernel combine)
        where T : struct, IBinaryFloatingPointIeee754<T>
        where TKernel : struct, IBinaryKernel
    {
        var box = source.Shape;
        var strides = Strides(box, axes);
        var values = source.Values;
        var row = 0;
        foreach (var start in new StridedRows(0, strides, box.Extents, new int[box.Rank]))
        {
            var (count, stride) = StridedRows.Last(strides, box.Extents);
            if (stride == 0)
            {
                var accumulated = target[start];
                for (var i = 0; i < count; i++)
                {
                    accumulated = combine.Apply(accumulated, values[row + i]);
                }

                target[start] = accumulated;
            }
            else
            {
                for (var i = 0; i < count; i++)
                {
                    target[start + i] = combine.Apply(target[start + i], values[row + i]);
                }
            }

            row += count;
        }
    }

    /// <summary>Strides into the reduced tensor for a walk over the whole one: 0 along the axes that go away.</summary>
    private static int[] Strides(Shape box, ImmutableArray<int> axes)
    {
        var reduced = box.Without(axes).Strides();
        var strides = new int[box.Rank];
        var kept = 0;
        for (var axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = axes.Contains(axis) ? 0 : reduced[kept++];
        }

        return strides;
    }
}
