using System.Runtime.CompilerServices;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Graph;

/// <summary>
/// Graphs of a million nodes, deep or wide, and graphs of few nodes with more paths than could ever be walked: everything
/// is a loop over the nodes, so nothing overflows and nothing hangs. The limits of time are there to end a hang, not to
/// measure.
/// </summary>
public sealed class MillionNodeTests
{
    private const int Million = 1_000_000;
    private const int Hang = 120_000;

    [Fact(Timeout = Hang)]
    public Task A_chain_of_a_million_nodes_can_be_built_printed_differentiated_and_evaluated() => Soon(() =>
    {
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < Million / 2; i++)
        {
            y = (x * y) + x;
        }

        // The limit of y ↦ x·y + x is x/(1 − x).
        Assert.Equal(Million + 1, TopologicalOrder.Of(y).Count);
        Assert.InRange(y.ToString().Length, 1, 2000);
        var at = Point.Of((x, 0.5));
        var gradient = y.Gradient();
        Assert.InRange(gradient.ToString().Length, 1, 2000);
        var (value, slope) = y.Evaluate(gradient, at);
        Assert.Equal(1, value.ToScalar(), 1e-15);
        Assert.Equal(4, slope[x].ToScalar(), 1e-15);
        Assert.Equal(4, y.Pushforward(GradientMap<Expr>.Of((x, 1))).Evaluate(at).ToScalar(), 1e-15);
    });

    [Fact(Timeout = Hang)]
    public Task A_chain_of_functions_differentiates_twice() => Soon(() =>
    {
        // y ↦ y + y²·10⁻⁷, 30,000 times
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < 30_000; i++)
        {
            y += 1e-7 * (y * y);
        }

        var (value, first, second) = (0.5, 1.0, 0.0);
        for (var i = 0; i < 30_000; i++)
        {
            (value, first, second) = (
                value + (1e-7 * value * value),
                first * (1 + (2e-7 * value)),
                (second * (1 + (2e-7 * value))) + (2e-7 * first * first));
        }

        var slope = y.Gradient(x)[x];
        var at = Point.Of((x, 0.5));
        var values = Interpreter<double>.Evaluate([y, slope, slope.Pushforward(GradientMap<Expr>.Of((x, 1)))], at);
        Assert.Equal(value, values[0].ToScalar(), 1e-10);
        Assert.Equal(first, values[1].ToScalar(), 1e-10);
        Assert.Equal(second, values[2].ToScalar(), 1e-10);
    });

    [Fact(Timeout = Hang)]
    public Task A_sum_of_a_million_uses_of_one_variable_differentiates() => Soon(() =>
    {
        var x = Variable("x");
        var sum = Balanced([.. Enumerable.Repeat((Expr)x, Million)]);
        var gradient = sum.Gradient();
        Assert.Equal(Million, sum.Evaluate(Point.Of((x, 1.0))).ToScalar());
        Assert.Equal(Million, gradient[x].Evaluate(Point.Of((x, 1.0))).ToScalar());
        Assert.InRange(sum.ToString().Length, 1, 2000);
    });

    [Fact(Timeout = Hang)]
    public Task A_sum_of_many_variables_differentiates_by_each() => Soon(() =>
    {
        var variables = Enumerable.Range(0, 200_000).Select(i => Variable($"x{i}")).ToArray();
        var sum = Balanced([.. variables.Select((variable, i) => variable * (double)(i % 10))]);
        var gradient = sum.Gradient();
        Assert.Equal(variables.Length, gradient.Count);
        var at = Point.Of([.. variables.Select(variable => (variable, (Tensor<double>)1.0))]);
        Assert.Equal(4.5 * variables.Length, sum.Evaluate(at).ToScalar());
        var numbers = gradient.Evaluate(at);
        Assert.Equal(7, numbers[variables[17]].ToScalar());
        Assert.Equal(1 - 0.7, (at - 0.1 * numbers)[variables[17]].ToScalar(), 1e-15);
        Assert.InRange(numbers.ToString().Length, 1, 2000);
        Assert.InRange(at.ToString().Length, 1, 2000);
    });

    [Fact(Timeout = Hang)]
    public Task A_graph_with_two_to_the_sixtieth_paths_is_sixty_nodes() => Soon(() =>
    {
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < 60; i++)
        {
            y += y;
        }

        Assert.Equal(61, TopologicalOrder.Of(y).Count);
        var paths = Math.Pow(2, 60);
        var at = Point.Of((x, 1.0));
        Assert.Equal(paths, y.Evaluate(at).ToScalar());
        Assert.Equal(paths, y.Gradient()[x].Evaluate(at).ToScalar());
        Assert.InRange(TopologicalOrder.Of(y.Gradient()[x]).Count, 1, 200);
        Assert.Equal(paths, y.Pushforward(GradientMap<Expr>.Of((x, 1))).Evaluate(at).ToScalar());
        Assert.Equal(0, y.Hessian(x).Evaluate(at).ToScalar());
        Assert.InRange(y.ToString().Length, 1, 2000);
        Assert.InRange(y.ToText().Length, 1, 20_000);
        Assert.InRange(y.ToDot().Length, 1, 20_000);
        Assert.InRange(y.ToMermaid().Length, 1, 20_000);
        Assert.Equal(paths, y.Simplify().Evaluate(at).ToScalar());
        Assert.Equal(61, TopologicalOrder.Of(y.ShareCommonSubexpressions()).Count);
    });

    [Fact(Timeout = Hang)]
    public Task A_long_chain_can_be_rewritten_and_written_out_but_not_drawn() => Soon(() =>
    {
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < 50_000; i++)
        {
            y = Sin(y) + (0 * x) + 0.0;
        }

        Assert.InRange(y.ToText().Length, Million / 2, 100 * Million);
        Errors.Say<ArgumentException>(() => y.ToDot(), "300001 nodes", "1000", "MaxNodes", "ToText");
        var at = Point.Of((x, 1.0));
        Assert.Equal(y.Evaluate(at), y.Simplify().Evaluate(at));
        Assert.True(TopologicalOrder.Of(y.Simplify()).Count < TopologicalOrder.Of(y).Count);
        Assert.Equal(y.Evaluate(at), y.ShareCommonSubexpressions().Evaluate(at));
        Assert.Equal(y.Evaluate(at), y.Substitute(x, x + 0).Evaluate(at));
    });

    [Fact(Timeout = Hang)]
    public Task A_graph_that_nobody_holds_is_collected() => Soon(() =>
    {
        var (expression, gradient, kept) = Forgotten();
        for (var i = 0; i < 5 && (expression.IsAlive || gradient.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // The variable is still held; nothing that was built from it is.
        Assert.Equal("x", kept.Name);
        Assert.False(expression.IsAlive);
        Assert.False(gradient.IsAlive);
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Expression, WeakReference Gradient, Variable Kept) Forgotten()
    {
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < 20_000; i++)
        {
            y = Sin(y) * x;
        }

        var gradient = y.Gradient();
        _ = gradient.Evaluate(Point.Of((x, 1.0)));
        return (new(y), new(gradient), x);
    }

    // On a thread that the runner does not wait for, so that a hang ends as a failure.
    private static Task Soon(Action work) => Task.Run(work, TestContext.Current.CancellationToken);

    private static Expr Balanced(Expr[] terms)
    {
        while (terms.Length > 1)
        {
            var half = new Expr[(terms.Length + 1) / 2];
            for (var i = 0; i < half.Length; i++)
            {
                half[i] = (2 * i) + 1 < terms.Length ? terms[2 * i] + terms[(2 * i) + 1] : terms[2 * i];
            }

            terms = half;
        }

        return terms[0];
    }
}
