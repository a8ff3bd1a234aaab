using System.Collections.Immutable;
using Xunit;

namespace FunctionalGrad.Tests.Facade;

public sealed class DataParallelTests
{
    private static readonly Variable W = Expr.Variable("w");

    public static TheoryData<int> Workers => [1, 2, 3, 4, 8, 100];

    [Theory]
    [MemberData(nameof(Workers))]
    public void Parts_are_added_two_by_two_in_their_order(int workers)
    {
        // 1 is lost beside 2⁵³, and two ones together are not: the sum tells which additions were made.
        const double large = 1L << 53;
        Assert.Equal(large + 2, Sum([large, 0, 1, 1], workers));
        Assert.Equal(large, Sum([large, 1, 1, 0], workers));
        Assert.Equal(large + 2, Sum([1, 1, large], workers));
        Assert.Equal(large, Sum([1, large, 1], workers));
        Assert.Equal(large + 2, Sum([0, 1, 0, 1, large], workers));
        Assert.Equal(5, Sum([5], workers));
        Assert.Equal(0, Sum([], workers));
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public void Every_part_is_computed_once(int workers)
    {
        foreach (var count in Enumerable.Range(1, 40))
        {
            var asked = new int[count];
            var sum = DataParallel.Gradient(
                part =>
                {
                    Interlocked.Increment(ref asked[part]);
                    return ((double)part, GradientMap<Tensor<double>>.Of((W, part)));
                },
                [.. Enumerable.Range(0, count)],
                workers);
            Assert.All(asked, times => Assert.Equal(1, times));
            Assert.Equal((count * (count - 1) / 2.0, count * (count - 1) / 2.0), (sum.Value, sum.Gradient[W].ToScalar()));
        }
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public void The_first_part_that_fails_says_why(int workers)
    {
        for (var repeat = 0; repeat < 20; repeat++)
        {
            Errors.Say<ShapeException>(
                () => DataParallel.Gradient<int, double>(
                    part => part is 13 or 14 or 29 ? throw new ShapeException($"part {part}") : (0.0, GradientMap<Tensor<double>>.Zero),
                    [.. Enumerable.Range(0, 30)],
                    workers),
                "part 13");
        }
    }

    [Fact]
    public void Several_threads_take_part()
    {
        // Each of two parts waits until the other has begun.
        using var meeting = new Barrier(2);
        var (value, _) = DataParallel.Gradient(
            part => (meeting.SignalAndWait(TimeSpan.FromSeconds(60)) ? 1.0 : 0.0, GradientMap<Tensor<double>>.Zero), ImmutableArray.Create(0, 1), workers: 2);
        Assert.Equal(2, value);
    }

    [Fact]
    public void A_sum_over_parts_may_stand_inside_another()
    {
        var (value, _) = DataParallel.Gradient(
            i => DataParallel.Gradient(j => ((double)(i * j), GradientMap<Tensor<double>>.Zero), [.. Enumerable.Range(0, 10)], workers: 4),
            [.. Enumerable.Range(0, 20)],
            workers: 8);
        Assert.Equal(190 * 45, value);
    }

    [Fact]
    public void No_workers_are_too_few()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Sum([1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sum([1], -1));
        Assert.Throws<ArgumentNullException>(() => DataParallel.Gradient<int, double>(null!, [1]));
    }

    // The sum by value and by gradient, which are added alike.
    private static double Sum(ImmutableArray<double> parts, int workers)
    {
        var (value, gradient) = DataParallel.Gradient(part => (part, GradientMap<Tensor<double>>.Of((W, part))), parts, workers);
        Assert.Equal(value, gradient.TryGetValue(W, out var sum) ? sum.ToScalar() : 0);
        return value;
    }
}
