using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>What a program joins or pads straight from where it lies arrives bit for bit, and so do gradients.</summary>
public sealed class CompiledJoinTests
{
    private readonly Variable _v = Variable("v", [13]);
    private readonly Variable _m = Variable("m", [5, 7]);
    private readonly Variable _c = Variable("c", [3, 4, 6]);

    [Fact]
    public void Parts_of_vectors_arrive() => Arrive(
        Concatenate([_v.Slice(2..9), _v.Slice([0], [4], [3])]),
        Concatenate([_v.Slice([1], [6], [2]), _v, _v.Slice(12..)]),
        _v.Slice([1], [5], [2]).Pad([2], [1], [2]),
        _v.Slice(3..12).Pad([0], [4]),
        _v.At(4).BroadcastTo([3]).Pad([1], [1], [1]));

    [Fact]
    public void Parts_of_matrices_arrive_along_either_axis() => Arrive(
        Concatenate([_m.Slice([1, 2], [3, 4]), _m.Slice([0, 0], [2, 4], [3, 2])]),
        Concatenate([_m.Slice([1, 2], [3, 4]), _m.Slice([0, 1], [3, 3], [2, 2])], 1),
        Concatenate([_m.Slice([0, 0], [5, 5]).Transpose(), _m.Slice([0, 1], [5, 2], [1, 3])], 1),
        Concatenate([_m.Transpose(), _m.Slice([0, 2], [5, 5])]),
        _m.Slice([0, 1], [3, 3], [2, 2]).Pad([1, 0], [0, 2], [0, 3]),
        _m.Transpose().Pad([1, 2], [3, 0], [1, 1]));

    [Fact]
    public void Parts_of_blocks_arrive_along_every_axis() => Arrive(
        Concatenate([_c.Slice([0, 1, 2], [2, 3, 3]), _c.Slice([1, 0, 0], [1, 3, 3], [1, 1, 2])]),
        Concatenate([_c.Slice([0, 1, 2], [3, 1, 4]), _c.Slice([0, 0, 1], [3, 2, 4], [1, 3, 1])], 1),
        Concatenate([_c.Slice([1, 0, 0], [2, 4, 2], [1, 1, 4]), _c.Slice([1, 0, 3], [2, 4, 1])], 2),
        Concatenate([_c.Permute([0, 2, 1]).Slice([0, 0, 0], [3, 2, 4]), _c.Permute([0, 2, 1])], 1),
        _c.Slice([0, 0, 1], [2, 4, 2], [2, 1, 3]).Pad([0, 1, 2], [1, 0, 1], [2, 0, 1]),
        _c.Permute([2, 0, 1]).Pad([1, 0, 0], [0, 1, 2]));

    [Fact]
    public void Parts_without_entries_take_no_place() => Arrive(
        Concatenate([_v.Slice(3..3), _v.Slice(1..4), _v.Slice(13..)]),
        Concatenate([_v.Slice(1..4), _v.Slice(2..2), _v.Slice([0], [3], [4])]),
        Concatenate([_m.Slice([1, 2], [2, 0]), _m.Slice([2, 1], [2, 3])], 1),
        Concatenate([_c.Slice([1, 0, 1], [2, 0, 2]), _c.Slice([0, 1, 4], [2, 2, 2])], 1),
        _v.Slice(4..4).Pad([2], [1]),
        _m.Slice([1, 2], [0, 3]).Pad([2, 1], [1, 1], [1, 1]));

    [Fact]
    public void What_has_no_entries_at_all_stays_so()
    {
        Expr[] expressions =
        [
            Concatenate([_v.Slice(2..2), _v.Slice(5..5)]),
            Concatenate([_m.Slice([0, 1], [0, 3]), _m.Slice([2, 0], [0, 3])]),
            Concatenate([_c.Slice([0, 0, 1], [3, 0, 2]), _c.Slice([0, 1, 3], [3, 0, 3])], 2),
            _m.Slice([1, 2], [0, 3]).Pad([0, 2], [0, 1]),
        ];
        Assert.All(expressions, expression => Assert.Equal(0, expression.Shape.Size));
        Assert.Empty(Agreement.Differences(expressions, At<double>(), 0));
    }

    [Fact]
    public void A_part_may_be_of_several_joins_and_a_join_part_of_another()
    {
        var part = _m.Slice([1, 2], [3, 4]);
        var computed = (_m * 2 + 1).Slice([0, 1], [3, 4], [2, 1]);
        var joined = Concatenate([part, computed]);
        Arrive(
            Concatenate([part, part], 1),
            joined,
            Concatenate([computed, part, computed], 1),
            part.Pad([1, 1], [0, 0]) * computed.Pad([0, 0], [1, 1]),
            Concatenate([joined.Slice([1, 1], [4, 2]), joined.Slice([2, 0], [4, 1])], 1),
            Concatenate([joined, joined.Slice([0, 0], [2, 4], [3, 1])]).Slice([1, 0], [6, 4]).Pad([0, 1], [1, 0]));
    }

    // Joined alone and all together, since what else a program holds decides what is shared; in both precisions.
    private void Arrive(params Expr[] joins)
    {
        Expr[] all = [.. joins, .. joins.SelectMany(join => join.Square().Sum().Gradient().Values.ToArray())];
        Assert.Empty(Agreement.Differences(all, At<double>(), 0));
        Assert.Empty(Agreement.Differences(all, At<float>(), 0));
        foreach (var join in joins)
        {
            Assert.Contains("join of", new[] { join }.Compile<double>(CodeGeneration.Never).ToString());
            Assert.Empty(Agreement.Differences([join], At<double>(), 0));
        }
    }

    private Point<T> At<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Point.Of((_v, Counted<T>(_v.Shape, 1)), (_m, Counted<T>(_m.Shape, 20)), (_c, Counted<T>(_c.Shape, 60)));

    private static Tensor<T> Counted<T>(Shape shape, int first)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Tensor.Of(shape, [.. Enumerable.Range(first, shape.Size).Select(i => T.CreateTruncating(i))]);
}
