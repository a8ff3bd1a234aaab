using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>What a program moves in memory arrives bit for bit, however it lay before.</summary>
public sealed class CompiledCopyTests
{
    public static TheoryData<int> Extents => [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33];

    [Theory]
    [MemberData(nameof(Extents))]
    public void Transposes_of_every_size_arrive_in_double_precision(int rows) => Transposes<double>(rows);

    [Theory]
    [MemberData(nameof(Extents))]
    public void Transposes_of_every_size_arrive_in_single_precision(int rows) => Transposes<float>(rows);

    [Fact]
    public void Every_order_of_axes_arrives_in_double_precision() => Orders<double>();

    [Fact]
    public void Every_order_of_axes_arrives_in_single_precision() => Orders<float>();

    [Fact]
    public void Slices_and_repetitions_arrive()
    {
        var x = Variable("x", [9, 6, 70]);
        Expr[] expressions =
        [
            x.Slice([1, 2, 3], [7, 3, 60]),
            x.Slice([0, 1, 0], [4, 2, 23], [2, 3, 3]),
            x.Slice([1, 0, 5], [8, 6, 33]).Permute([2, 1, 0]),
            x.Slice([1, 0, 5], [4, 6, 16], [2, 1, 4]).Permute([1, 2, 0]),
            x.Slice([3, 2, 1], [1, 1, 40]).Reshape([40, 1]).BroadcastTo([5, 40, 11]),
            x.Slice([3, 2, 1], [1, 1, 40]).BroadcastTo([5, 3, 40]),
            x.Slice([3, 0, 1], [1, 6, 40]).BroadcastTo([5, 6, 40]).Permute([0, 2, 1]),
            x.At(3).At(2).At(1).BroadcastTo([40]),
        ];
        Assert.Empty(Agreement.Differences(expressions, Point.Of((x, Counted<double>([9, 6, 70]))), 0));
    }

    private static void Transposes<T>(int rows)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        foreach (var columns in (int[])[1, 2, 3, 4, 6, 7, 8, 11, 16, 19, 33, 64])
        {
            var (x, batch) = (Variable("x", [rows, columns]), Variable("batch", [3, rows, columns]));
            var at = Point.Of((x, Counted<T>(x.Shape)), (batch, Counted<T>(batch.Shape)));
            Assert.Empty(Agreement.Differences([x.Transpose(), batch.Permute([0, 2, 1]), batch.Permute([2, 0, 1])], at, 0));
        }
    }

    private static void Orders<T>()
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var x = Variable("x", [5, 9, 2, 17]);
        var orders = from a in Enumerable.Range(0, 4)
                     from b in Enumerable.Range(0, 4)
                     from c in Enumerable.Range(0, 4)
                     where a != b && b != c && a != c
                     select x.Permute([a, b, c, 6 - a - b - c]);
        Assert.Empty(Agreement.Differences([.. orders], Point.Of((x, Counted<T>(x.Shape))), 0));
    }

    private static Tensor<T> Counted<T>(Shape shape)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Tensor.Of(shape, [.. Enumerable.Range(1, shape.Size).Select(i => T.CreateTruncating(i))]);
}
