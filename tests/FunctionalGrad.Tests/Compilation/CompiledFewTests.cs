using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Programs of few numbers run as straight-line code: the bits, errors and results of any other compiled program.</summary>
public sealed class CompiledFewTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(2, 18)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Slices_of_few_entries_have_the_same_bits_in_double_precision(int n) => SlicesAgree<double>(n);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Slices_of_few_entries_have_the_same_bits_in_single_precision(int n) => SlicesAgree<float>(n);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_sum_of_zeros_has_the_sign_that_it_has_without_code(int n)
    {
        var x = Variable("x", [n]);
        foreach (var zero in (double[])[0.0, -0.0])
        {
            Assert.Empty(WhereCodeDiffers([(x * Abs(x)).Sum(), (-x).Pad([1], [0]) + (-x).Pad([0], [1])], Point.Of((x, Tensor.Full([n], zero)))));
        }
    }

    [Fact]
    public void Few_entries_of_several_axes_have_the_same_bits()
    {
        var (x, y) = (Variable("x", [2, 3]), Variable("y", [3]));
        var product = x * y;
        Expr[] all =
        [
            product, product.Sum(), product.Sum(0), product.Sum(1), product.Permute(1, 0) * 3, product.Sum().Gradient(x)[x], product.Square().Sum().Gradient(y)[y],
            Concatenate([product, x * 2], 0), Concatenate([y * 2, y + 1], 0),
        ];
        var at = Point.Of((x, Tensor.Of([2, 3], [0.1, -2.5, 3.25, 1e-3, -0.0, 7])), (y, Tensor.Of(0.3, -1.7, 11)));
        Assert.Empty(WhereCodeDiffers(all, at));
        foreach (var one in all)
        {
            Assert.Empty(WhereCodeDiffers([one], at));
        }
    }

    [Fact]
    public void What_is_given_and_what_never_changes_may_be_results()
    {
        var (a, v) = (Variable("a"), Variable("v", [3]));
        Expr square = a.Square();
        Expr[] all = [v, square, a, square, 7, Constant(Tensor.Of(1.0, 2)), square.Reshape([1]), v];
        Assert.Empty(WhereCodeDiffers(all, Point.Of((v, Tensor.Of(1.0, -0.0, 3)), (a, 1.5))));
    }

    [Fact]
    public void Points_of_any_order_and_with_more_variables_are_read_where_theirs_are()
    {
        var (a, b, c) = (Variable("a"), Variable("b"), Variable("c", [2]));
        var compiled = (a - (b * 2)).Compile<double>(CodeGeneration.Always);
        Assert.Equal(-5, compiled.Invoke(Point.Of((a, 1.0), (b, 3.0)))[0].ToScalar());
        Assert.Equal(-5, compiled.Invoke(Point.Of((c, Tensor.Of(8.0, 9)), (b, 3.0), (a, 1.0)))[0].ToScalar());
        Assert.Equal(-5, compiled.Invoke(Point.Of((a, 1.0), (b, 3.0)))[0].ToScalar());
        Assert.Contains("assigns nothing to b", Assert.Throws<UnboundVariableException>(() => compiled.Invoke(Point.Of((a, 1.0)))).Message);
    }

    [Fact]
    public void Threads_have_results_of_their_own()
    {
        var x = Variable("x", [5]);
        Expr[] both = [Bend(x), Bend(x).Gradient(x)[x]];
        var compiled = both.Compile<double>(CodeGeneration.Always);
        Point<double>[] points = [.. Enumerable.Range(0, 8).Select(i => Point.Of((x, Tensor.Generate<double>([5], k => Math.Sin(k + i)))))];
        var wanted = Array.ConvertAll(points, point => both.Compile<double>(CodeGeneration.Never).Invoke(point));
        Parallel.For(0, 400, i =>
        {
            var got = compiled.Invoke(points[i % 8]);
            Assert.True(got[0].BitEquals(wanted[i % 8][0]) && got[1].BitEquals(wanted[i % 8][1]));
        });
    }

    [Fact]
    public void A_call_makes_its_results_and_nothing_else()
    {
        var x = Variable("x", [5]);
        var compiled = new[] { Bend(x), Bend(x).Gradient(x)[x] }.Compile<double>(CodeGeneration.Always);
        var at = Point.Of((x, Tensor.Of(1.0, 2, 3, 4, 5)));
        for (var i = 0; i < 3; i++)
        {
            compiled.Invoke(at);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        compiled.Invoke(at);

        // Two tensors, one of them with an array of its own, and what holds them.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, (2 * 40) + 40 + 64);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(100)]
    public void Short_loops_work_in_no_memory_but_their_results(int n)
    {
        var x = Variable("x", [n]);
        var compiled = new[] { Bend(x), Bend(x).Gradient(x)[x] }.Compile<double>(CodeGeneration.Always);
        var at = Point.Of((x, Tensor.Generate<double>([n], i => Math.Sin(i))));
        for (var i = 0; i < 3; i++)
        {
            compiled.Invoke(at);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        compiled.Invoke(at);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, (2 * 40) + 40 + 24 + (8 * n));
    }

    [Fact]
    public void Short_loops_leave_numbers_that_their_lanes_do_not_reach_to_kernels()
    {
        var (x, scale) = (Variable("x", [12]), Variable("scale"));
        Expr bent = (Sin(x * scale) * x.Slice(..1)).Sum() + Cos(scale);
        Expr[] all = [bent, .. bent.Gradient(x, scale).Values, x.Reshape([3, 4]), x.CumulativeSum(0)];
        foreach (var far in (double[])[1, 1e9, 1e300, double.NegativeInfinity])
        {
            var at = Point.Of((x, Tensor.Generate<double>([12], i => i - 3.5)), (scale, far));
            Assert.Empty(WhereCodeDiffers(all, at));
            Assert.Empty(WhereCodeDiffers(all, at.To<float>()));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public void Delegates_over_slices_of_few_entries_give_the_bits_of_compiled_functions(int n)
    {
        var x = Variable("x", [n]);
        Expr[] both = [Bend(x), Bend(x).Gradient(x)[x]];
        double[] at = [.. Enumerable.Range(0, n).Select(i => Math.Cos(3 * i))];
        var wanted = both.Compile<double>(CodeGeneration.Never).Invoke(Point.Of((x, Tensor.Of<double>(at))));
        var (value, gradient) = both.ToDelegate<Func<double[], (double, double[])>>(x)(at);
        Assert.Equal(wanted[0].ToScalar(), value);
        Assert.Equal(wanted[1].ToArray(), gradient);
    }

    private static Expr Bend(Expr x) => ((100 * (x.Slice(1..) - x.Slice(..^1).Square()).Square()) + (1 - x.Slice(..^1)).Square()).Sum();

    private static void SlicesAgree<T>(int n)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var x = Variable("x", [n]);
        Expr[] all =
        [
            Bend(x), Bend(x).Gradient(x)[x], (x / 3).Sum(), (x / 3) - x.Slice(..^1).Pad([1], [0]), Concatenate([x * 3, 1 / x], 0),
            x.Slice(1..) * 0.1, Relu(x).Sum() + Select(x > 1, Log(x), x).Sum(), Sin(x).Sum(),
        ];
        var numbers = new Random(n);
        foreach (var special in (double[])[0.7, -0.0, 0, double.NaN, double.PositiveInfinity, 1e-310])
        {
            var at = Point<double>.Of((x, Tensor.Generate<double>([n], i => i == n / 2 ? special : (numbers.NextDouble() * 4) - 2))).To<T>();
            Assert.Empty(WhereCodeDiffers(all, at));
            foreach (var one in all)
            {
                Assert.Empty(WhereCodeDiffers([one], at));
            }
        }
    }

    private static IEnumerable<string> WhereCodeDiffers<T>(Expr[] expressions, Point<T> at)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var with = expressions.Compile<T>(CodeGeneration.Always).Invoke(at);
        var without = expressions.Compile<T>(CodeGeneration.Never).Invoke(at);
        return Enumerable.Range(0, expressions.Length)
            .Where(i => with[i].Shape != without[i].Shape || !Enumerable.Range(0, with[i].Size).All(k => AreSame(with[i].Values[k], without[i].Values[k])))
            .Select(i => $"{expressions[i]}: {with[i]} with code, {without[i]} without");
    }

    // The same bits; a NaN is a NaN.
    private static bool AreSame<T>(T left, T right)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(left) ? T.IsNaN(right) : left == right && T.IsNegative(left) == T.IsNegative(right);
}
