using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>
/// Primitives that work row by row give in compiled programs what the interpreter gives: at every length, along every axis,
/// for rows of every kind of number.
/// </summary>
public sealed class CompiledRowTests
{
    /// <summary>Every length around the widths of registers, and then those around their multiples.</summary>
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 36), 47, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_moves_adds_and_compares_agrees_bit_for_bit_in_double_precision(int length) => Exact<double>(length);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_moves_adds_and_compares_agrees_bit_for_bit_in_single_precision(int length) => Exact<float>(length);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Softmax_and_its_relatives_agree_in_double_precision(int length) => Softmaxes<double>(length);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Softmax_and_its_relatives_agree_in_single_precision(int length) => Softmaxes<float>(length);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Norms_agree_in_double_precision(int length) => Norms<double>(length);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Norms_agree_in_single_precision(int length) => Norms<float>(length);

    [Fact]
    public void Axes_that_do_not_follow_one_another_agree()
    {
        foreach (var shape in (Shape[])[[3, 4, 5], [1, 20, 3], [17, 2, 9], [2, 3, 1]])
        {
            var x = Variable("x", shape);
            var at = Point.Of((x, Tensor.Generate(shape, i => Math.Sin(i) * 3)));
            Assert.Empty(Agreement.Differences([x.Max(0, 2), x.Min(0, 2), x.Max(1, 2), x.Min(0, 1)], at, 0));
            var logSumExp = x.LogSumExp(0, 2);
            Assert.Empty(Agreement.Differences([logSumExp, logSumExp.Sum().Gradient()[x], x.Norm(0, 2), x.LogSumExp(1, 2), x.LogSumExp()], at, 1e-14));
        }
    }

    [Fact]
    public void A_long_row_agrees()
    {
        var x = Variable("x", [250_003]);
        var at = Point.Of((x, Tensor.Generate(x.Shape, i => Math.Sin(i * 0.7) * 5)));
        Assert.Empty(Agreement.Differences([x.Max(), x.Min(), x.ArgMax(0), x.CumulativeSum(0)], at, 0));
        Assert.Empty(Agreement.Differences([x.Softmax(), x.LogSoftmax(), x.LogSumExp()], at, 1e-14));
        Assert.Empty(Agreement.Differences([x.Norm()], at, 1e-10));
    }

    private static void Exact<T>(int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (shape, axis) in Layouts(length))
        {
            var x = Variable("x", shape);
            var picked = Tensor.Generate<double>([5], i => i * 7 % Math.Max(length, 1));
            var rank = shape.Rank;
            int[] One(int number) => [.. Enumerable.Range(0, rank).Select(k => k == axis ? number : 0)];
            var all = Enumerable.Repeat(1, rank).ToArray();
            List<Expr> expressions =
            [
                x.CumulativeSum(axis), x.CumulativeSum(axis, reverse: true), Concatenate([x, x * 2, x], axis),
                Concatenate([x, x, x, x, x, x], axis), x.Pad(One(2), One(1)), x.Pad(One(0), One(3), One(2)), x.Pad(all, all), x.Pad(all, One(0), all),
                ScatterAdd(x, Tensor.Generate<double>([length], i => i * i % 11), axis, 11),
            ];
            if (length > 0)
            {
                expressions.AddRange([x.Max(axis), x.Min(axis), x.ArgMax(axis), x.Gather(picked, axis), x.Gather(length - 1, axis)]);
            }

            Assert.Empty(Agreement.Differences([.. expressions], Point<T>.Of((x, Rows<T>(shape, axis))), 0));
        }
    }

    private static void Softmaxes<T>(int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        // A few units in the last place, and what a sum of so many terms may round; numbers too small to be normal may vanish.
        var allowed = (4 + length) * Epsilon<T>();
        foreach (var (shape, axis) in Layouts(length))
        {
            var x = Variable("x", shape);
            var at = Point<T>.Of((x, Rows<T>(shape, axis)));
            Expr[] expressions = [x.Softmax(axis), x.LogSoftmax(axis), x.LogSumExp(axis)];
            double[] slack = [0, 0, Math.Log(Math.Max(length, 1))];
            AssertClose(expressions, at, (number, value) => (allowed * (Math.Abs(value) + slack[number])) + LeastNormal<T>());
        }
    }

    private static void Norms<T>(int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (shape, axis) in Layouts(length))
        {
            var x = Variable("x", shape);
            var large = T.ScaleB(T.One, T.ILogB(T.BitDecrement(T.PositiveInfinity)) - 4);
            var rows = Rows<T>(shape, axis);
            foreach (var scale in (T[])[T.One, large, T.One / large])
            {
                // Numbers of one size in some rows, so that their squares overflow or underflow together.
                var at = Point<T>.Of((x, Tensor.Generate(shape, i => T.IsFinite(rows.Values[i]) ? T.Clamp(rows.Values[i], -T.One, T.One) * scale : rows.Values[i])));
                AssertClose([x.Norm(axis)], at, (_, value) => ((2 + length) * Epsilon<T>() * value) + (4 * double.CreateTruncating(T.Epsilon)));
            }
        }
    }

    private static IEnumerable<(Shape Shape, int Axis)> Layouts(int length)
    {
        foreach (var others in (int[])[1, 3, 20])
        {
            yield return ([others, length], 1);
            yield return ([length, others], 0);
            yield return ([2, length, others], 1);
        }
    }

    private static double Epsilon<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private static double LeastNormal<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(double) ? 2.2250738585072014e-308 : 1.17549435e-38;

    /// <summary>Rows of a tensor along an axis, one kind of row after another.</summary>
    private static Tensor<T> Rows<T>(Shape shape, int axis)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Size + axis);
        var inner = 1;
        for (var k = axis + 1; k < shape.Rank; k++)
        {
            inner *= shape[k];
        }

        return Tensor.Generate(shape, i =>
        {
            var along = i / inner % shape[axis];
            var row = (i % inner) + (i / inner / shape[axis] * inner);
            var ordinary = (random.NextDouble() * 8) - 4;
            return (row % 13) switch
            {
                0 or 7 => T.CreateTruncating(ordinary),
                1 => along == shape[axis] / 2 ? T.NaN : T.CreateTruncating(ordinary),
                2 => T.NegativeInfinity,
                3 => along % 3 == 1 ? T.NegativeInfinity : T.CreateTruncating(ordinary),
                4 => along % 5 == 2 ? T.PositiveInfinity : T.CreateTruncating(ordinary),
                5 => along % 2 == 0 ? T.NegativeZero : T.Zero,
                6 => T.CreateTruncating(random.Next(3)),
                8 => T.BitDecrement(T.PositiveInfinity) * T.CreateTruncating((random.NextDouble() * 2) - 1),
                9 => T.PositiveInfinity,
                10 => along == shape[axis] - 1 ? T.NaN : along == 0 ? T.PositiveInfinity : T.CreateTruncating(ordinary),
                11 => T.CreateTruncating(ordinary * 200),
                _ => along == shape[axis] - 1 ? T.CreateTruncating(9) : along % 2 == 0 ? T.NegativeZero : -T.One,
            };
        });
    }

    private static void AssertClose<T>(Expr[] expressions, Point<T> at, Func<int, double, double> allowed)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var wanted = Interpreter<T>.Evaluate(expressions, at);
        var got = expressions.Compile<T>().Invoke(at);
        for (var number = 0; number < wanted.Length; number++)
        {
            Assert.Equal(wanted[number].Shape, got[number].Shape);
            for (var i = 0; i < wanted[number].Size; i++)
            {
                var (a, b) = (double.CreateTruncating(wanted[number].Values[i]), double.CreateTruncating(got[number].Values[i]));
                if (!a.Equals(b) && !(Math.Abs(a - b) <= allowed(number, a)))
                {
                    Assert.Fail($"{expressions[number]} of {at}: entry {i} is {b:r} instead of {a:r}");
                }
            }
        }
    }
}
