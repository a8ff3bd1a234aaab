using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Short sums of regions and short running sums are written out: the bits of their kernels, and of the interpreter.</summary>
public sealed class CompiledShortTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(50)]
    [InlineData(1030)]
    public void Regions_that_overlap_are_added_in_their_order(int n)
    {
        Check<double>(n);
        Check<float>(n);

        static void Check<T>(int n)
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var (x, pairs) = (Variable("x", [n]), Variable("pairs", [n, 2]));
            var (column, pairwise) = (pairs.Slice(.., 1..).Reshape([n]), x.Slice(1..) * x.Slice(..^1));
            Expr[] all =
            [
                pairwise.Pad([1], [0]) + (x.Slice(..^1) / 3).Pad([0], [1]),
                (x / 7).Pad([0], [2]) + (column * 3).Pad([1], [1]) + (1 / x).Pad([2], [0]),
                (x / 7).Pad([0], [4]) + (x * 3).Pad([1], [3]) + (1 / x).Pad([2], [2]) + (x / 5).Pad([3], [1]) + (x / 11).Pad([4], [0]),
                x.Pad([0], [n]) + column.Pad([n], [0]),
                x.Pad([0], [n + 2]) + column.Pad([n + 2], [0]),
                (pairwise.Square().Sum() + (column.Slice(2..) * x.Slice(..^2)).Sum()).Gradient(x)[x],
                (pairwise.Square().Sum() + (column.Slice(2..) * x.Slice(..^2)).Sum()).Gradient(pairs)[pairs],
            ];
            AssertSameBits<T>(all, Point.Of((x, Numbers([n], 1)), (pairs, Numbers([n, 2], 2))));
        }
    }

    [Fact]
    public void Running_sums_are_added_in_their_order()
    {
        for (var n = 1; n <= 10; n++)
        {
            var (x, pairs) = (Variable("x", [n]), Variable("pairs", [n, 2]));
            var column = pairs.Slice(.., 1..).Reshape([n]);
            Expr[] all =
            [
                x.CumulativeSum(0), x.CumulativeSum(0, reverse: true), (x / 3).CumulativeSum(0).Square(), column.CumulativeSum(0, reverse: true) * 2,
                pairs.CumulativeSum(0) - 1, Sin(x.CumulativeSum(0)).Sum().Gradient(x)[x], (1 / (-x).CumulativeSum(0)) + x.CumulativeSum(0).CumulativeSum(0),
            ];
            foreach (var values in (Tensor<double>[])[Numbers([n], n), Tensor.Full([n], -0.0), Tensor.Full([n], double.NaN), Tensor.Full([n], 1e308)])
            {
                var at = Point.Of((x, values), (pairs, Numbers([n, 2], n)));
                AssertSameBits<double>(all, at);
                AssertSameBits<float>(all, at);
            }
        }
    }

    private static Tensor<double> Numbers(Shape shape, int seed)
    {
        var numbers = new Random(seed);
        return Tensor.Generate<double>([shape.Size], i => i == shape.Size / 2 ? -0.0 : (numbers.NextDouble() * 4) - 2).Reshape(shape);
    }

    private static void AssertSameBits<T>(Expr[] all, Point<double> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        Assert.Empty(WhereCodeDiffers<T>(all, at.To<T>()));
        foreach (var one in all)
        {
            Assert.Empty(WhereCodeDiffers<T>([one], at.To<T>()));
        }
    }

    private static IEnumerable<string> WhereCodeDiffers<T>(Expr[] all, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (with, without) = (all.Compile<T>(CodeGeneration.Always).Invoke(at), all.Compile<T>(CodeGeneration.Never).Invoke(at));
        return Enumerable.Range(0, all.Length)
            .Where(i => !with[i].Values.ToArray().Zip(without[i].Values.ToArray(), AreSame).All(same => same))
            .Select(i => $"{all[i]}: {with[i]} with code, {without[i]} without");
    }

    // The same bits; a NaN is a NaN.
    private static bool AreSame<T>(T left, T right)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(left) ? T.IsNaN(right) : left == right && T.IsNegative(left) == T.IsNegative(right);
}
