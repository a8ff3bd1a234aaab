using System.Diagnostics;
using System.Reflection;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Primitives called on memory check their indices before they write, and make nothing besides the results.</summary>
public sealed class CompiledCallTests
{
    // What a call makes whatever its size: a tensor and its frame.
    private const int Slack = 600;

    [Theory]
    [InlineData(0.5)]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(4294967296.0)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void An_index_that_a_program_computes_is_refused_as_the_interpreter_refuses_it(double index)
    {
        var x = Variable("x", [4, 3]);
        var i = Variable("i", [2]);
        foreach (var expression in (Expr[])[x.Gather(i + 0.25), ScatterAdd(x.Slice([0, 0], [2, 3]), i + 0.25, 0, 4)])
        {
            var compiled = ((Expr[])[expression]).Compile<double>();
            var (good, bad) = (Point.Of((x, Tensor.Full([4, 3], 2.0)), (i, Tensor.Of(0.75, -0.25))), Point.Of((x, Tensor.Full([4, 3], 2.0)), (i, Tensor.Of(0.75, index - 0.25))));
            var before = compiled.Invoke(good)[0];
            Assert.Equal(
                Assert.Throws<IndexOutsideException>(() => expression.Evaluate(bad)).Message,
                Assert.Throws<IndexOutsideException>(() => compiled.Invoke(bad)).Message);
            Assert.True(before.BitEquals(compiled.Invoke(good)[0]));
            Assert.True(before.BitEquals(expression.Evaluate(good)));
        }
    }

    [Fact]
    public void A_zero_of_either_sign_is_an_index()
    {
        var i = Variable("i", [2]);
        var x = Tensor.Of(3.0, 5);
        Assert.Empty(Agreement.Differences([Constant(x).Gather(-i)], Point.Of((i, Tensor.Of(0.0, -0.0))), 0));
    }

    [Fact]
    public void A_warm_call_makes_the_results_and_next_to_nothing_else()
    {
        var x = Variable("x", [64, 65]);
        var index = Variable("index", [40]);
        var at = Point.Of((x, Tensor.Generate(x.Shape, i => Math.Sin(i))), (index, Tensor.Generate<double>([40], i => i)));
        AssertMakesResultsAlone(
            at,
            x.Max(0), x.Max(1), x.Min(), x.ArgMax(0), x.ArgMax(1), x.Norm(0), x.Norm(1), x.Norm(), (x * 0).Norm(1),
            x.CumulativeSum(0), x.CumulativeSum(1, reverse: true), x.Pad([1, 2], [3, 4]), x.Pad([0, 0], [0, 0], [2, 1]),
            Concatenate([x, x], 0), Concatenate([x, x, x, x, x, x, x], 1), x.Gather(index), x.Gather(index, 1),
            ScatterAdd(x.Slice([0, 0], [40, 65]), index, 0, 50), x.Reshape([8, 8, 65]).Max(0, 2));
    }

    [Fact]
    public void A_warm_softmax_makes_its_result_and_next_to_nothing_else()
    {
        var unoptimised = typeof(Expr).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };
        Assert.SkipWhen(unoptimised, "without optimisation the exponential over lanes boxes numbers; run this test in a release build");
        var x = Variable("x", [64, 65]);
        AssertMakesResultsAlone(
            Point.Of((x, Tensor.Generate(x.Shape, i => Math.Sin(i)))),
            x.Softmax(), x.Softmax(0), x.LogSoftmax(), x.LogSoftmax(0), x.LogSumExp(1), x.LogSumExp(0), x.LogSumExp(),
            x.Reshape([8, 8, 65]).LogSumExp(0, 2), x.Reshape([8, 8, 65]).LogSumExp(0, 2).Sum().Gradient()[x]);
    }

    private static void AssertMakesResultsAlone(Point<double> at, params ReadOnlySpan<Expr> expressions)
    {
        foreach (var expression in expressions)
        {
            var compiled = expression.Compile<double>();
            var bound = ((long)expression.Shape.Size * sizeof(double)) + Slack;

            // The first calls still make what stays, and code that the runtime has not optimised yet may box numbers.
            var least = long.MaxValue;
            for (var call = 0; call < 200 && least > bound; call++)
            {
                Thread.Sleep(call < 4 ? 0 : 20);
                var before = GC.GetAllocatedBytesForCurrentThread();
                compiled.Invoke(at);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.True(least <= bound, $"{expression}: {least} bytes where the result and its frame take {bound}\n{compiled}");
        }
    }
}
