using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The matrix product that the tuned versions share: four rows by two vectors of the result stay in registers while the
/// summed axis goes by.
/// </summary>
internal static class TunedProduct
{
    /// <summary>Writes c = a·b, or a·b with a row added to each row, where b and c lie row by row.</summary>
    /// <param name="a">The left matrix.</param>
    /// <param name="rowStep">How far apart in <paramref name="a"/> its rows are; with <paramref name="sumStep"/> it may lie transposed.</param>
    /// <param name="sumStep">How far apart in <paramref name="a"/> its columns are.</param>
    /// <param name="b">The right matrix, of <paramref name="summed"/> rows.</param>
    /// <param name="c">The result, of <paramref name="columns"/> columns.</param>
    /// <param name="bias">A row to add, or none.</param>
    public static void Write<T>(
        ReadOnlySpan<T> a, int rowStep, int sumStep, ReadOnlySpan<T> b, Span<T> c, int rows, int columns, int summed, ReadOnlySpan<T> bias = default)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var lanes = Vector512<T>.Count;
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var result = ref MemoryMarshal.GetReference(c);
        var i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            ref var left = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), i * rowStep);
            var j = 0;
            for (; j + (2 * lanes) <= columns; j += 2 * lanes)
            {
                var (p0, q0) = bias.IsEmpty ? default : (Vector512.LoadUnsafe(in bias[j]), Vector512.LoadUnsafe(in bias[j + lanes]));
                var (p1, q1, p2, q2, p3, q3) = (p0, q0, p0, q0, p0, q0);
                ref var x = ref left;
                ref var row = ref Unsafe.Add(ref right, j);
                for (var k = 0; k < summed; k++)
                {
                    var (p, q) = (Vector512.LoadUnsafe(ref row), Vector512.LoadUnsafe(ref row, (nuint)lanes));
                    var x0 = Vector512.Create(x);
                    (p0, q0) = (Add(x0, p, p0), Add(x0, q, q0));
                    var x1 = Vector512.Create(Unsafe.Add(ref x, rowStep));
                    (p1, q1) = (Add(x1, p, p1), Add(x1, q, q1));
                    var x2 = Vector512.Create(Unsafe.Add(ref x, 2 * rowStep));
                    (p2, q2) = (Add(x2, p, p2), Add(x2, q, q2));
                    var x3 = Vector512.Create(Unsafe.Add(ref x, 3 * rowStep));
                    (p3, q3) = (Add(x3, p, p3), Add(x3, q, q3));
                    x = ref Unsafe.Add(ref x, sumStep);
                    row = ref Unsafe.Add(ref row, columns);
                }

                ref var target = ref Unsafe.Add(ref result, (i * columns) + j);
                Store(p0, q0, ref target);
                Store(p1, q1, ref Unsafe.Add(ref target, columns));
                Store(p2, q2, ref Unsafe.Add(ref target, 2 * columns));
                Store(p3, q3, ref Unsafe.Add(ref target, 3 * columns));
            }

            for (; j + lanes <= columns; j += lanes)
            {
                var p0 = bias.IsEmpty ? default : Vector512.LoadUnsafe(in bias[j]);
                var (p1, p2, p3) = (p0, p0, p0);
                ref var x = ref left;
                ref var row = ref Unsafe.Add(ref right, j);
                for (var k = 0; k < summed; k++)
                {
                    var p = Vector512.LoadUnsafe(ref row);
                    p0 = Add(Vector512.Create(x), p, p0);
                    p1 = Add(Vector512.Create(Unsafe.Add(ref x, rowStep)), p, p1);
                    p2 = Add(Vector512.Create(Unsafe.Add(ref x, 2 * rowStep)), p, p2);
                    p3 = Add(Vector512.Create(Unsafe.Add(ref x, 3 * rowStep)), p, p3);
                    x = ref Unsafe.Add(ref x, sumStep);
                    row = ref Unsafe.Add(ref row, columns);
                }

                ref var target = ref Unsafe.Add(ref result, (i * columns) + j);
                p0.StoreUnsafe(ref target);
                p1.StoreUnsafe(ref target, (nuint)columns);
                p2.StoreUnsafe(ref target, (nuint)(2 * columns));
                p3.StoreUnsafe(ref target, (nuint)(3 * columns));
            }

            for (; j < columns; j++)
            {
                for (var at = i; at < i + 4; at++)
                {
                    c[(at * columns) + j] = Entry(a, rowStep, sumStep, b, at, j, columns, summed, bias);
                }
            }
        }

        for (; i < rows; i++)
        {
            var j = 0;
            for (; j + lanes <= columns; j += lanes)
            {
                var p = bias.IsEmpty ? default : Vector512.LoadUnsafe(in bias[j]);
                for (var k = 0; k < summed; k++)
                {
                    p = Add(Vector512.Create(a[(i * rowStep) + (k * sumStep)]), Vector512.LoadUnsafe(ref right, (nuint)((k * columns) + j)), p);
                }

                p.StoreUnsafe(ref result, (nuint)((i * columns) + j));
            }

            for (; j < columns; j++)
            {
                c[(i * columns) + j] = Entry(a, rowStep, sumStep, b, i, j, columns, summed, bias);
            }
        }
    }

    /// <summary>Writes the transpose of a matrix of some rows and columns.</summary>
    public static void Transpose<T>(ReadOnlySpan<T> matrix, Span<T> transposed, int rows, int columns)
    {
        // Blocks, so that the lines of memory that are read and those that are written both stay in the nearest cache.
        const int Block = 16;
        for (var top = 0; top < rows; top += Block)
        {
            for (var left = 0; left < columns; left += Block)
            {
                for (var i = top; i < Math.Min(top + Block, rows); i++)
                {
                    for (var j = left; j < Math.Min(left + Block, columns); j++)
                    {
                        transposed[(j * rows) + i] = matrix[(i * columns) + j];
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z) => typeof(T) == typeof(double)
        ? Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>()
        : Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<T> p, Vector512<T> q, ref T target)
    {
        p.StoreUnsafe(ref target);
        q.StoreUnsafe(ref target, (nuint)Vector512<T>.Count);
    }

    private static T Entry<T>(
        ReadOnlySpan<T> a, int rowStep, int sumStep, ReadOnlySpan<T> b, int i, int j, int columns, int summed, ReadOnlySpan<T> bias)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var sum = bias.IsEmpty ? T.Zero : bias[j];
        for (var k = 0; k < summed; k++)
        {
            sum += a[(i * rowStep) + (k * sumStep)] * b[(k * columns) + j];
        }

        return sum;
    }
}
