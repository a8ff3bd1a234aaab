using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Facade;

/// <summary>Nothing is mutated, so any number of threads may differentiate and evaluate the same graph at once.</summary>
public sealed class ThreadTests
{
    private const int Threads = 8;

    [Fact]
    public void The_gradient_on_eight_threads_at_once_is_the_same_bit_for_bit()
    {
        var x = Variable("x", [20]);
        var w = Variable("w", [20, 20]);
        Expr y = x;
        for (var layer = 0; layer < 10; layer++)
        {
            y = Tanh(MatMul(w, y)) + (0.1 * y);
        }

        Expr loss = y.LogSumExp() + y.Norm();
        var random = new Random(3);
        var at = Point.Of(
            (x, Tensor.Generate(x.Shape, _ => random.NextDouble())), (w, Tensor.Generate(w.Shape, _ => random.NextDouble() - 0.5)));
        var alone = loss.Gradient(x, w).Evaluate(at);
        OnAllThreads(_ =>
        {
            var together = loss.Gradient(x, w).Evaluate(at);
            Assert.True(alone[x].BitEquals(together[x]));
            Assert.True(alone[w].BitEquals(together[w]));
        });
    }

    [Fact]
    public void Each_thread_may_build_and_differentiate_functions_of_its_own() => OnAllThreads(thread =>
    {
        for (var n = 1; n < 20; n++)
        {
            var power = n;
            Assert.Equal(power * Math.Pow(thread + 1, power - 1), Differentiate.Derivative(x => Pow(x, power), thread + 1.0), 1e-3);
        }
    });

    [Fact]
    public void The_table_of_primitives_is_found_once_from_any_thread()
    {
        var tables = new System.Collections.Concurrent.ConcurrentBag<int>();
        OnAllThreads(_ => tables.Add(Primitive.All.Length));
        Assert.Single(tables.Distinct());
    }

    [Fact]
    public void Gradients_of_the_parts_of_a_batch_add_up_to_that_of_the_whole()
    {
        var w = Variable("w", [3]);
        var rows = Enumerable.Range(0, 64).Select(i => Tensor.Of(i % 5, (i % 7) - 3.0, 1)).ToArray();
        Expr Loss(Tensor<double> row) => (Dot(w, row) - 1).Square();
        var at = Point.Of((w, Tensor.Of(0.5, -0.25, 0.125)));
        var parts = rows.AsParallel().AsOrdered().WithDegreeOfParallelism(Threads)
            .Select(row => Loss(row).Gradient(w).Evaluate(at))
            .Aggregate((left, right) => left + right);
        var whole = rows.Select(Loss).Aggregate((left, right) => left + right).Gradient(w).Evaluate(at);
        Assert.Equal(whole, parts);
    }

    // All start together, and an assertion that fails on any thread fails the test.
    private static void OnAllThreads(Action<int> action)
    {
        using var start = new Barrier(Threads);
        var failures = new Exception?[Threads];
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            failures[number] = Record.Exception(() => action(number));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(failures, Assert.Null);
    }
}
