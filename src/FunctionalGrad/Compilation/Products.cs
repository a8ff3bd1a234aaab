using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>Matrix products over lanes. Four rows by two registers of the target are summed up in registers at a time.</summary>
internal static class Products<V, T>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public static void Run(T[][] buffers, ProductStep step)
    {
        var layout = step.Layout;
        if (step.Target.Shape.Size == 0)
        {
            return;
        }

        ref var left = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[step.Left.Buffer]), step.Left.Offset);
        ref var right = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[step.Right.Buffer]), step.Right.Offset);
        ref var target = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffers[step.Target.Buffer]), step.Target.Offset);
        for (var b = 0; b < layout.Batch; b++)
        {
            if (step.Dot)
            {
                Dots(ref left, ref right, ref target, layout);
            }
            else
            {
                Matrix(ref left, ref right, ref target, layout);
            }

            left = ref Unsafe.Add(ref left, layout.LeftBatch);
            right = ref Unsafe.Add(ref right, layout.RightBatch);
            target = ref Unsafe.Add(ref target, layout.TargetBatch);
        }
    }

    private static void Matrix(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        var width = V.Count;
        var column = 0;
        if (layout.Columns >= width)
        {
            for (; column + (2 * width) <= layout.Columns; column += 2 * width)
            {
                Two(ref left, ref Unsafe.Add(ref right, column), ref Unsafe.Add(ref target, column), layout);
            }

            for (; column + width <= layout.Columns; column += width)
            {
                One(ref left, ref Unsafe.Add(ref right, column), ref Unsafe.Add(ref target, column), layout);
            }

            if (column < layout.Columns)
            {
                // The last register overlaps the one before: the same sums are written twice.
                column = layout.Columns - width;
                One(ref left, ref Unsafe.Add(ref right, column), ref Unsafe.Add(ref target, column), layout);
            }

            return;
        }

        for (; column < layout.Columns; column++)
        {
            Narrow(ref left, ref Unsafe.Add(ref right, column), ref Unsafe.Add(ref target, column), layout);
        }
    }

    private static void Two(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        nint width = V.Count;
        nint row = 0, across = layout.LeftRow, along = layout.LeftSummed, down = layout.RightSummed, columns = layout.TargetRow;
        for (; row + 4 <= layout.Rows; row += 4)
        {
            ref var a = ref Unsafe.Add(ref left, row * across);
            ref var b = ref right;
            V s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            for (var k = 0; k < layout.Summed; k++)
            {
                var x = V.Load(ref b, 0);
                var y = V.Load(ref b, width);
                var a0 = V.Broadcast(a);
                s00 = V.MultiplyAdd(a0, x, s00);
                s01 = V.MultiplyAdd(a0, y, s01);
                var a1 = V.Broadcast(Unsafe.Add(ref a, across));
                s10 = V.MultiplyAdd(a1, x, s10);
                s11 = V.MultiplyAdd(a1, y, s11);
                var a2 = V.Broadcast(Unsafe.Add(ref a, 2 * across));
                s20 = V.MultiplyAdd(a2, x, s20);
                s21 = V.MultiplyAdd(a2, y, s21);
                var a3 = V.Broadcast(Unsafe.Add(ref a, 3 * across));
                s30 = V.MultiplyAdd(a3, x, s30);
                s31 = V.MultiplyAdd(a3, y, s31);
                a = ref Unsafe.Add(ref a, along);
                b = ref Unsafe.Add(ref b, down);
            }

            var at = row * columns;
            V.Store(s00, ref target, at);
            V.Store(s01, ref target, at + width);
            V.Store(s10, ref target, at + columns);
            V.Store(s11, ref target, at + columns + width);
            V.Store(s20, ref target, at + (2 * columns));
            V.Store(s21, ref target, at + (2 * columns) + width);
            V.Store(s30, ref target, at + (3 * columns));
            V.Store(s31, ref target, at + (3 * columns) + width);
        }

        for (; row < layout.Rows; row++)
        {
            ref var a = ref Unsafe.Add(ref left, row * across);
            ref var b = ref right;
            V s0 = default, s1 = default;
            for (var k = 0; k < layout.Summed; k++)
            {
                var a0 = V.Broadcast(a);
                s0 = V.MultiplyAdd(a0, V.Load(ref b, 0), s0);
                s1 = V.MultiplyAdd(a0, V.Load(ref b, width), s1);
                a = ref Unsafe.Add(ref a, along);
                b = ref Unsafe.Add(ref b, down);
            }

            V.Store(s0, ref target, row * columns);
            V.Store(s1, ref target, (row * columns) + width);
        }
    }

    private static void One(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        nint row = 0, across = layout.LeftRow, along = layout.LeftSummed, down = layout.RightSummed, columns = layout.TargetRow;
        for (; row + 4 <= layout.Rows; row += 4)
        {
            ref var a = ref Unsafe.Add(ref left, row * across);
            ref var b = ref right;
            V s0 = default, s1 = default, s2 = default, s3 = default;
            for (var k = 0; k < layout.Summed; k++)
            {
                var x = V.Load(ref b, 0);
                s0 = V.MultiplyAdd(V.Broadcast(a), x, s0);
                s1 = V.MultiplyAdd(V.Broadcast(Unsafe.Add(ref a, across)), x, s1);
                s2 = V.MultiplyAdd(V.Broadcast(Unsafe.Add(ref a, 2 * across)), x, s2);
                s3 = V.MultiplyAdd(V.Broadcast(Unsafe.Add(ref a, 3 * across)), x, s3);
                a = ref Unsafe.Add(ref a, along);
                b = ref Unsafe.Add(ref b, down);
            }

            V.Store(s0, ref target, row * columns);
            V.Store(s1, ref target, (row + 1) * columns);
            V.Store(s2, ref target, (row + 2) * columns);
            V.Store(s3, ref target, (row + 3) * columns);
        }

        for (; row < layout.Rows; row++)
        {
            ref var a = ref Unsafe.Add(ref left, row * across);
            ref var b = ref right;
            V s0 = default;
            for (var k = 0; k < layout.Summed; k++)
            {
                s0 = V.MultiplyAdd(V.Broadcast(a), V.Load(ref b, 0), s0);
                a = ref Unsafe.Add(ref a, along);
                b = ref Unsafe.Add(ref b, down);
            }

            V.Store(s0, ref target, row * columns);
        }
    }

    private static void Narrow(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        for (nint row = 0; row < layout.Rows; row++)
        {
            ref var a = ref Unsafe.Add(ref left, row * layout.LeftRow);
            ref var b = ref right;
            var sum = T.Zero;
            for (var k = 0; k < layout.Summed; k++)
            {
                sum = T.FusedMultiplyAdd(a, b, sum);
                a = ref Unsafe.Add(ref a, layout.LeftSummed);
                b = ref Unsafe.Add(ref b, layout.RightSummed);
            }

            Unsafe.Add(ref target, row * layout.TargetRow) = sum;
        }
    }

    private static void Dots(ref T left, ref T right, ref T target, in ProductLayout layout)
    {
        for (nint row = 0; row < layout.Rows; row++)
        {
            for (nint column = 0; column < layout.Columns; column++)
            {
                ref var a = ref Unsafe.Add(ref left, row * layout.LeftRow);
                ref var b = ref Unsafe.Add(ref right, column * layout.RightColumn);
                V s0 = default, s1 = default;
                nint width = V.Count, k = 0;
                for (; k + (2 * width) <= layout.Summed; k += 2 * width)
                {
                    s0 = V.MultiplyAdd(V.Load(ref a, k), V.Load(ref b, k), s0);
                    s1 = V.MultiplyAdd(V.Load(ref a, k + width), V.Load(ref b, k + width), s1);
                }

                var sum = V.Sum(s0 + s1);
                for (; k < layout.Summed; k++)
                {
                    sum = T.FusedMultiplyAdd(Unsafe.Add(ref a, k), Unsafe.Add(ref b, k), sum);
                }

                Unsafe.Add(ref target, (row * layout.TargetRow) + column) = sum;
            }
        }
    }
}
