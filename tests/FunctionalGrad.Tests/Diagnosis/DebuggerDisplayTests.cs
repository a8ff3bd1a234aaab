using System.Diagnostics;
using System.Reflection;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Diagnosis;

/// <summary>What a debugger shows is one short line, made at once, whatever it is asked to show.</summary>
public sealed class DebuggerDisplayTests
{
    [Fact]
    public void Small_things_are_shown_whole()
    {
        var x = Variable("x", [2]);
        Assert.Equal("2 · x : [2]", Shown(2 * x));
        Assert.Equal("[1, 2] : [2]", Shown(Tensor.Of(1.0, 2.0)));
        Assert.Equal("[2, 3] of 6 entries", Shown(Shape.Of(2, 3)));
        Assert.Equal("[] scalar", Shown(Shape.Scalar));
        Assert.Equal("{ x ↦ [1, 2] }", Shown(Point.Of((x, Tensor.Of(1.0, 2.0)))));
        Assert.Equal("{ w ↦ 2 }", Shown((2 * Variable("w")).Gradient()));
        Assert.Equal("2 nodes", Shown(TopologicalOrder.Of(Sin(x))));
        Assert.StartsWith("compiled for Double: 1 variables to 1 results in", Shown(x.Sum().Compile<double>()), StringComparison.Ordinal);
        Assert.StartsWith("compiled for Single, with the gradient by x: sum(x", Shown(x.Sum().CompileWithGradient<float>()), StringComparison.Ordinal);
        Assert.StartsWith("exp gave ∞", Shown(Exp(1000).ExplainNonFinite(Point<double>.Empty)!), StringComparison.Ordinal);
        Assert.StartsWith("gradient passed", Shown(Differentiate.CheckGradient(y => y, 1.0)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public Task Huge_things_are_shown_in_one_short_line() => Task.Run(() =>
    {
        var x = Variable("x");
        Expr y = x;
        for (var i = 0; i < 1_000_000; i++)
        {
            y = Sin(y);
        }

        Expr shared = x;
        for (var i = 0; i < 100; i++)
        {
            shared *= shared + 1;
        }

        var variables = Enumerable.Range(0, 10_000).Select(i => Variable($"x{i}", [100])).ToArray();
        var point = Point.Of([.. variables.Select(v => (v, Tensor.Full(v.Shape, 1.0 / 3)))]);
        object[] all =
        [
            y, shared, y.Gradient(), shared.Gradient(), point, point - point, Tensor.Full([1000, 1000], 1.0 / 3), Tensor.Full([2, 2, 2, 2, 2, 2, 2, 2], 1.0 / 3),
            Concatenate([.. variables.Select(v => (Expr)v)], 0), TopologicalOrder.Of(y), Shape.Of([.. Enumerable.Repeat(1, 1000)]),
            Variable(new string('x', 100_000)), shared.Compile<double>(),
        ];
        foreach (var shown in all)
        {
            var start = Stopwatch.GetTimestamp();
            var text = Shown(shown);
            Assert.InRange(text.Length, 1, 4000);
            Assert.DoesNotContain('\n', text);

            // Generous, on a machine that does other things: to walk the whole graph takes longer still.
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 1);
        }
    }, TestContext.Current.CancellationToken);

    // What the debugger makes of the attribute: one property, or a text around one.
    private static string Shown(object value)
    {
        var type = value.GetType();
        var display = type.GetCustomAttribute<DebuggerDisplayAttribute>(inherit: true)?.Value;
        Assert.NotNull(display);
        var (open, close) = (display.IndexOf('{', StringComparison.Ordinal), display.IndexOf('}', StringComparison.Ordinal));
        var name = display[(open + 1)..close].Replace(",nq", "", StringComparison.Ordinal);
        PropertyInfo? property = null;
        for (var declaring = type; declaring is not null && property is null; declaring = declaring.BaseType)
        {
            property = declaring.GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        }

        Assert.NotNull(property);
        return display[..open] + property.GetValue(value) + display[(close + 1)..];
    }
}
