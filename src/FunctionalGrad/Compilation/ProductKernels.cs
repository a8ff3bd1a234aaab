using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>Chooses the size of the tiles of a matrix product.</summary>
internal static class ProductKernels<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // What a tile costs besides its arithmetic, in multiply-adds.
    private const int Overhead = 20;

    private static int Registers => Avx512F.VL.IsSupported || AdvSimd.Arm64.IsSupported ? 32 : 16;

    /// <summary>The tiles that finish a product soonest, over the widest lanes that the columns fill.</summary>
    public static ProductKernel<T> For(in ProductLayout layout)
    {
        var width = Width(layout.Columns);
        var (best, rows, registers) = (long.MaxValue, 1, 1);
        for (var r = Math.Min(8, layout.Rows); r >= 1; r--)
        {
            for (var c = Math.Min(3, Tiles(layout.Columns, width)); c >= 1; c--)
            {
                // Tiles of fewer than eight sums wait for their own results; each term is loaded once for all of its uses.
                var term = Math.Max(Math.Max(r * c, 8), r + c);
                var cost = (long)Tiles(layout.Rows, r) * Tiles(Tiles(layout.Columns, width), c) * (((long)layout.Summed * term) + (2 * r * c) + Overhead);
                if ((r * c) + c + 1 <= Registers && cost < best)
                {
                    (best, rows, registers) = (cost, r, c);
                }
            }
        }

        return Of(width, rows, registers);
    }

    /// <summary>The kernel of a size.</summary>
    public static ProductKernel<T> Of(int width, int rows, int registers) =>
        width == Lanes512<T>.Count ? Of<Lanes512<T>>(rows, registers)
        : width == Lanes256<T>.Count ? Of<Lanes256<T>>(rows, registers)
        : width == Lanes128<T>.Count ? Of<Lanes128<T>>(rows, registers)
        : Of<OneLane<T>>(rows, registers);

    /// <summary>How many entries the widest lanes hold that the machine has and an extent fills.</summary>
    public static int Width(int extent) =>
        Vector512.IsHardwareAccelerated && Lanes512<T>.Count <= extent ? Lanes512<T>.Count
        : Vector256.IsHardwareAccelerated && Lanes256<T>.Count <= extent ? Lanes256<T>.Count
        : Vector128.IsHardwareAccelerated && Lanes128<T>.Count <= extent ? Lanes128<T>.Count
        : 1;

    /// <summary>The rows and registers of the tiles that large products are made of.</summary>
    public static (int Rows, int Registers) Large => Registers == 32 ? (8, 3) : (6, 2);

    private static int Tiles(int extent, int size) => ((extent - 1) / size) + 1;

    private static ProductKernel<T> Of<V>(int rows, int registers)
        where V : struct, ILanes<V, T> => rows switch
        {
            1 => Of<V, One>(registers),
            2 => Of<V, Two>(registers),
            3 => Of<V, Three>(registers),
            4 => Of<V, Four>(registers),
            5 => Of<V, Five>(registers),
            6 => Of<V, Six>(registers),
            7 => Of<V, Seven>(registers),
            _ => Of<V, Eight>(registers),
        };

    private static ProductKernel<T> Of<V, TRows>(int registers)
        where V : struct, ILanes<V, T>
        where TRows : struct, IExtent => registers switch
        {
            1 => new ProductKernel<V, T, TRows, One>(),
            2 => new ProductKernel<V, T, TRows, Two>(),
            _ => new ProductKernel<V, T, TRows, Three>(),
        };
}
