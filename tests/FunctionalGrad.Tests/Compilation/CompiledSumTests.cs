using System.Numerics;
using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Compiled sums over any axes stay within the rounding of their terms.</summary>
public sealed class CompiledSumTests
{
    [Fact]
    public void Every_set_of_axes_in_double_precision() => EverySet<double>();

    [Fact]
    public void Every_set_of_axes_in_single_precision() => EverySet<float>();

    [Fact]
    public void Short_and_long_rows()
    {
        foreach (var rows in (int[])[1, 2, 3, 7, 33])
        {
            for (var columns = 0; columns <= 40; columns++)
            {
                var x = Expr.Variable("x", [rows, columns]);
                Near<double>(x, x, x.Transpose(), x.Slice([0, columns / 3], [rows, columns - (columns / 3)]));
            }
        }
    }

    [Fact]
    public void A_sum_over_a_short_axis_of_what_a_loop_computes_at_many_places()
    {
        foreach (var (n, k, d) in ((int, int, int)[])[(1000, 10, 8), (1003, 3, 5), (70, 15, 2)])
        {
            var (x, y) = (Expr.Variable("x", [n, 1, d]), Expr.Variable("y", [1, k, d]));
            var at = Point.Of((x, Tensor.Generate([n, 1, d], i => Math.Sin(i))), (y, Tensor.Generate([1, k, d], i => Math.Cos(i))));
            var distances = (x - y).Square().Sum(2);
            foreach (var generation in (CodeGeneration[])[CodeGeneration.Always, CodeGeneration.Never])
            {
                var compiled = distances.Compile<double>(generation).Invoke(at)[0];
                var expected = distances.Evaluate(at);
                for (var i = 0; i < expected.Size; i++)
                {
                    Assert.Equal(expected.Values[i], compiled.Values[i], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Sums_in_blocks()
    {
        foreach (var extents in (int[][])[[20_000], [700_001], [9000, 3], [3, 9000], [40_000, 17], [2, 300, 1000], [1000, 30, 21]])
        {
            var x = Expr.Variable("x", Shape.Of(extents));
            Near<double>(x, x, x.Permute([.. Enumerable.Range(0, extents.Length).Reverse()]));
            Near<float>(x, x);
        }
    }

    [Fact]
    public void Repeated_entries_count_each_time()
    {
        var x = Expr.Variable("x", [5, 1, 6]);
        Near<double>(x, x.BroadcastTo([5, 9, 6]), x.BroadcastTo([2, 5, 3, 6]));
    }

    // 0 and −0 are 0, so a sum is never −0, even of one term.
    [Fact]
    public void A_sum_of_one_term_is_never_minus_zero()
    {
        foreach (var shape in (Shape[])[[1], [1, 1], [5, 1], [1, 5], [1, 17, 1], [3, 1, 4]])
        {
            var x = Expr.Variable("x", shape);
            var alone = Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] == 1).ToArray();
            var at = Point.Of((x, Tensor.Generate(shape, i => i % 2 == 0 ? -0.0 : i)));
            Expr[] sums = [x.Sum(alone), (x * 0.5).Sum(alone), Expr.Round(x).Sum(alone[0]), (x * 0.5).Permute([.. Enumerable.Range(0, shape.Rank).Reverse()]).Sum(shape.Rank - 1 - alone[0])];
            Assert.Empty(Agreement.Differences(sums, at, 0));
        }
    }

    // Summing in blocks keeps what one long sum in single precision would lose.
    [Fact]
    public void Many_terms_lose_little()
    {
        const int count = 1 << 22;
        var x = Expr.Variable("x", [count]);
        var at = Point.Of((x, Tensor.Of(x.Shape, [.. Enumerable.Repeat(0.1f, count)])));
        var sum = x.Sum().Compile<float>().Invoke(at)[0].ToScalar();
        var oneByOne = 0f;
        for (var i = 0; i < count; i++)
        {
            oneByOne += 0.1f;
        }

        const double exact = count * (double)0.1f;
        Assert.True(Math.Abs(oneByOne - exact) > exact * 1e-3);
        Assert.Equal(exact, sum, exact * 1e-4);
    }

    private static void EverySet<T>()
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var x = Expr.Variable("x", [5, 4, 9, 3]);
        Near<T>(x, x, x.Permute([2, 0, 3, 1]), x.Permute([3, 2, 1, 0]), x.Slice([1, 0, 2, 0], [4, 2, 3, 3], [1, 2, 3, 1]));
    }

    /// <summary>Asserts for every set of axes that the sum is the interpreter's within n·ε·Σ|x|, and the same bits in every call.</summary>
    private static void Near<T>(Variable x, params Expr[] sources)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(1);
        var at = Point.Of((x, Tensor.Of(x.Shape, [.. Enumerable.Range(0, x.Shape.Size).Select(_ => T.CreateTruncating((2 * random.NextDouble()) - 1))])));
        var sums = sources.SelectMany(Sums).ToArray();
        Expr[] sizes = [.. sources.Select(Expr.Abs).SelectMany(Sums)];
        var compiled = sums.Compile<T>();
        var (wanted, bounds) = (Interpreter<double>.Evaluate(sums, Wide(at, x)), Interpreter<double>.Evaluate(sizes, Wide(at, x)));
        var (got, again) = (compiled.Invoke(at), compiled.Invoke(at));
        var epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        for (var i = 0; i < sums.Length; i++)
        {
            Assert.Equal(wanted[i].Shape, got[i].Shape);
            Assert.True(got[i].BitEquals(again[i]));
            var terms = x.Shape.Size == 0 ? 1 : Math.Max(1, ((Application)sums[i]).Input(0).Shape.Size / Math.Max(1, got[i].Size));
            for (var k = 0; k < got[i].Size; k++)
            {
                var value = double.CreateTruncating(got[i].Values[k]);
                if (!(Math.Abs(value - wanted[i].Values[k]) <= terms * epsilon * bounds[i].Values[k]))
                {
                    Assert.Fail($"{sums[i]}: entry {k} is {value} instead of {wanted[i].Values[k]}\n{compiled}");
                }
            }
        }
    }

    private static Point<double> Wide<T>(Point<T> at, Variable x)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Point.Of((x, Tensor.Of(x.Shape, [.. at[x].Values.ToArray().Select(double.CreateTruncating)])));

    private static IEnumerable<Expr> Sums(Expr source)
    {
        for (var set = 1; set < 1 << source.Shape.Rank; set++)
        {
            yield return source.Sum([.. Enumerable.Range(0, source.Shape.Rank).Where(axis => (set >> axis & 1) == 1)]);
        }
    }
}
