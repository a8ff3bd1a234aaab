namespace FunctionalGrad;

/// <summary>
/// Moves a box of elements between a dense array and one that is walked by strides. Slicing, padding, broadcasting and
/// permuting are all this one walk with different strides.
/// </summary>
internal static class StridedCopy
{
    /// <summary>target[i] = source[offset + Σ indexₐ·strideₐ] for every index of the box, in row-major order.</summary>
    public static void Gather<T>(ReadOnlySpan<T> source, int offset, ReadOnlySpan<int> strides, Shape box, Span<T> target) =>
        Gather(source, offset, strides, box.Extents, target);

    /// <inheritdoc cref="Gather{T}(ReadOnlySpan{T}, int, ReadOnlySpan{int}, Shape, Span{T})"/>
    public static void Gather<T>(ReadOnlySpan<T> source, int offset, ReadOnlySpan<int> strides, ReadOnlySpan<int> box, Span<T> target)
    {
        Span<int> index = stackalloc int[box.Length];
        var dense = 0;
        foreach (var start in new StridedRows(offset, strides, box, index))
        {
            var (count, stride) = StridedRows.Last(strides, box);
            if (stride == 1)
            {
                source.Slice(start, count).CopyTo(target[dense..]);
            }
            else
            {
                for (var i = 0; i < count; i++)
                {
                    target[dense + i] = source[start + (i * stride)];
                }
            }

            dense += count;
        }
    }

    /// <summary>target[offset + Σ indexₐ·strideₐ] = source[i] for every index of the box, in row-major order.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> source, Span<T> target, int offset, ReadOnlySpan<int> strides, Shape box) =>
        Scatter(source, target, offset, strides, box.Extents);

    /// <inheritdoc cref="Scatter{T}(ReadOnlySpan{T}, Span{T}, int, ReadOnlySpan{int}, Shape)"/>
    public static void Scatter<T>(ReadOnlySpan<T> source, Span<T> target, int offset, ReadOnlySpan<int> strides, ReadOnlySpan<int> box)
    {
        Span<int> index = stackalloc int[box.Length];
        var dense = 0;
        foreach (var start in new StridedRows(offset, strides, box, index))
        {
            var (count, stride) = StridedRows.Last(strides, box);
            for (var i = 0; i < count; i++)
            {
                target[start + (i * stride)] = source[dense + i];
            }

            dense += count;
        }
    }
}
