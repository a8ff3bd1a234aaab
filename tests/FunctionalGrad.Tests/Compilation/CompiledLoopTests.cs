using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Loops over lanes give the interpreter's bits at every length, for every kind of number.</summary>
public sealed class CompiledLoopTests
{
    private static readonly double[] Special =
        [0, -0.0, 1, -1, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1e-310, -1e308, 1e308, 0.1, 3];

    public static TheoryData<int> Lengths => [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 256, 257];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Exact_operations_agree_bit_for_bit_in_double_precision(int length) => Exact<double>(length);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Exact_operations_agree_bit_for_bit_in_single_precision(int length) => Exact<float>(length);

    [Fact]
    public void Views_of_every_kind_are_read_where_they_lie()
    {
        var random = new Random(3);
        var x = Variable("x", [6, 5, 4]);
        var y = Variable("y", [4, 1]);
        Expr[] expressions =
        [
            x.Permute([2, 0, 1]) + y.Reshape([4, 1, 1]),
            (x.Permute([2, 1, 0]) * 2).Reshape([20, 6]) + 1,
            x.Slice([1, 0, 1], [2, 3, 2], [2, 2, 1]) - x.Slice([0, 1, 0], [2, 3, 2]),
            (x.Slice([5, 0, 0], [1, 5, 4]) * y.Reshape([4])).Reshape([5, 4]).Transpose(),
            x.Permute([1, 0, 2]).Reshape([30, 4]).MatMul(y),
            Einsum("abc,abd->cd", x, x * 2),
            Einsum("abc,dc->bad", x, (x + 1).Reshape([30, 4])),
            (x * x).Permute([2, 0, 1]).Sum(1) + x.Sum(0).Transpose(),
            x.Sum().BroadcastTo([2, 2]) * 3,
            Constant(2.0).BroadcastTo([3]) + 1,
            x,
        ];
        var at = Point.Of((x, Numbers([6, 5, 4], random)), (y, Numbers([4, 1], random)));
        Assert.Empty(Agreement.Differences(expressions, at, 1e-14));
    }

    [Theory]
    [InlineData(1_003)]
    [InlineData(300_001)]
    public void A_loop_with_an_angle_beyond_the_reach_of_its_lanes_is_done_again(int length)
    {
        var x = Variable("x", [length]);
        var product = Sin(x) * Cos(2 * x);
        Expr[] expressions = [product, product.Sum(), product.Reshape([1, length]).Sum(0), x.Square()];
        foreach (var at in (int[])[0, length / 2, length - 1])
        {
            double[] values = [.. Enumerable.Range(0, length).Select(i => i == at ? 1e12 : i * 1e-3)];
            Assert.Empty(Agreement.Differences(expressions, Point.Of((x, Tensor.Of<double>(values))), 1e-12));
        }
    }

    [Fact]
    public void A_long_chain_of_views_of_a_computed_value_takes_no_recursion()
    {
        var x = Variable("x", [2, 3]);
        Expr y = 2 * x;
        for (var i = 0; i < 50_000; i++)
        {
            y = y.Transpose().Reshape([2, 3]);
        }

        // Asked for by what is ready before it.
        y = Exp(Sin(Exp(Sin(Exp(x))))) * y;
        var at = Point.Of((x, Tensor.Of<double>([2, 3], [1.0, 2, 3, 4, 5, 6])));
        Assert.Empty(Agreement.Differences([y], at, 1e-13));
    }

    [Fact]
    public void Long_chains_are_cut_into_methods_that_the_compiler_optimises()
    {
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < 3000; i++)
        {
            y = (0.999 * y) + (x * 0.001);
        }

        Assert.Empty(Agreement.Differences([y, y.Gradient()[x]], Point.Of((x, 0.7)), 1e-12));
    }

    [Fact]
    public void Large_loops_are_cut_into_parts_with_the_same_bits()
    {
        var random = new Random(7);
        var x = Variable("x", [401_003]);
        var y = Variable("y", [1201, 517]);
        Expr[] expressions =
        [
            (x * x + 1).Sum(), x * 2 - 1, (x.Square() - x * 3).Sum() * 2, (y * y + y).Sum(0), (y * y - y).Sum(1), (y * 2 + 1).Transpose() * y.Transpose(),
            (y.Square() + 3 * y + y * y * y).Sum(),
        ];
        var at = Point.Of((x, Numbers(x.Shape, random)), (y, Numbers(y.Shape, random)));
        Assert.Empty(Agreement.Differences(expressions, at, 1e-13));
    }

    [Fact]
    public void Gradients_of_slices_are_assembled_in_one_step()
    {
        var random = new Random(11);
        var x = Variable("x", [40]);
        var y = Variable("y", [5, 6]);
        Expr chain = 0;
        for (var i = 0; i + 1 < 40; i++)
        {
            chain += 100 * (x.At(i + 1) - x.At(i).Square()).Square() + (1 - x.At(i)).Square();
        }

        var smooth = (y.Slice(1.., ..) - y.Slice(..^1, ..)).Square().Sum() + (y.Slice(.., 1..) * y.Slice(.., ..^1)).Sum()
            + y.Slice([0, 1], [3, 2], [2, 3]).Square().Sum() + (y * y * y).Sum();
        var at = Point.Of((x, Numbers(x.Shape, random)), (y, Numbers(y.Shape, random)));
        Expr[] expressions = [chain, chain.Gradient()[x], smooth, smooth.Gradient()[y], smooth.Gradient()[y].Transpose() + 1];
        Assert.Empty(Agreement.Differences(expressions, at, 1e-14));
        Assert.Contains("assembly of", expressions.Compile<double>().ToString());
        Assert.DoesNotContain("pad(", expressions.Compile<double>().ToString());
    }

    [Fact]
    public void Random_programs_agree()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var variables = new[] { Variable("a", [3, 4]), Variable("b", [4]), Variable("c"), Variable("d", [3, 1]) };
            var pool = new List<Expr>(variables);
            for (var i = 0; i < 25; i++)
            {
                var (p, q) = (pool[random.Next(pool.Count)], pool[random.Next(pool.Count)]);
                pool.Add(random.Next(10) switch
                {
                    0 => p.Sum(),
                    1 => p.Shape.Rank > 0 ? p.Sum([0], keep: true) : Tanh(p),
                    2 => p.Shape.Rank == 2 ? p.Transpose() : p.Reshape([p.Shape.Size]),
                    3 => Select(p > 0, p, p * 0.5),
                    4 => Exp(p * 0.1),
                    5 => p.Shape.Rank == 2 ? p.MatMul(p.Transpose()) * 0.1 : p.Square(),
                    6 => Broadcasts(p, q) ? p * q : Sin(p),
                    7 => Broadcasts(p, q) ? p - q : Logistic(p),
                    _ => Broadcasts(p, q) ? p + q : Cos(p),
                });
            }

            var loss = pool[^5..].Select(part => (part * 0.01).Sum()).Aggregate((sum, part) => sum + part);
            var at = Point<double>.Of([.. variables.Select(variable => (variable, Numbers(variable.Shape, random)))]);
            Assert.Empty(Agreement.Differences([loss, .. loss.Gradient(variables).Values, pool[^1], pool[^2]], at, 1e-11));
        }
    }

    private static void Exact<T>(int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(length);
        var x = Variable("x", [length]);
        var y = Variable("y", [length]);
        Expr[] expressions =
        [
            x + y, x - y, x * y, x / y, -x, Sqrt(Abs(x)), Maximum(x, y), Minimum(x, y), Relu(x), Abs(x), Floor(x),
            Select(x > y, x, y), (x > y) + (x <= y) + Equal(x, y) + NotEqual(x, y), Clamp(x, -1, 1), x.Square(), Pow(x, 3), Pow(x, -1),
        ];
        var at = Point<T>.Of((x, Numbers<T>(length, random)), (y, Numbers<T>(length, random)));
        Assert.Empty(Agreement.Differences(expressions, at, 0));
    }

    private static bool Broadcasts(Expr p, Expr q)
    {
        try
        {
            Shape.Broadcast(p.Shape, q.Shape, "test");
            return true;
        }
        catch (ShapeException)
        {
            return false;
        }
    }

    private static Tensor<double> Numbers(Shape shape, Random random) => Tensor.Generate(shape, _ => (random.NextDouble() * 2) - 1);

    private static Tensor<T> Numbers<T>(int length, Random random)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Tensor.Generate<T>([length], _ => T.CreateTruncating(random.Next(3) == 0 ? Special[random.Next(Special.Length)] : (random.NextDouble() * 8) - 4));
}
