using FunctionalGrad.Tests.Compilation;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Control;

/// <summary>What a loop leaves for each step of another lies in rows that neither copies; the bits are the interpreter's.</summary>
public sealed class LoopRowTests
{
    private const int Size = 150;

    private readonly Variable _x = Variable("x", [Size]);
    private readonly Variable _xs = Variable("xs", [6, Size]);
    private readonly Point<double> _at;

    public LoopRowTests()
    {
        var random = new Random(2);
        Tensor<double> Numbers(Shape shape) => Tensor.Generate(shape, _ => random.NextDouble() - 0.5);
        _at = Point.Of((_x, Numbers([Size])), (_xs, Numbers([6, Size])));
    }

    [Fact]
    public void A_gradient_finds_what_the_steps_kept()
    {
        var end = Repeat(_x, 7, Step).Sum();
        Agree(end, end.Gradient(_x)[_x]);
        var compiled = end.Gradient(_x)[_x].Compile<double>();
        Assert.True(compiled.WorkingBytes >= 7 * Size * sizeof(double));
    }

    [Fact]
    public void Items_and_outputs_that_somebody_else_reads_are_as_before()
    {
        var states = Scan(_x, _xs, (s, item) => Step(s) * item);
        var value = (states * states).Sum() + states.At(3).Sum();
        Agree(states, value, value.Gradient(_xs)[_xs], value.Gradient(_x)[_x]);
    }

    [Fact]
    public void Equal_loops_share_a_program_and_not_their_rows()
    {
        var first = Repeat(_x, 5, Step);
        var second = Repeat(first * 0.5, 5, Step);
        var value = (first * second).Sum();
        Agree(value, value.Gradient(_x)[_x], Scan(_x, _xs, (s, item) => Step(s) * item));
    }

    [Fact]
    public void A_while_leaves_as_many_rows_as_it_takes_steps()
    {
        var end = While(_x, s => s.Square().Sum() > 0.5, s => Step(s) * 0.75, most: 40).Sum();
        Agree(end, end.Gradient(_x)[_x]);
    }

    [Fact]
    public void Loops_in_loops_have_rows_of_their_own()
    {
        var end = Fold(_x, _xs, (s, item) => Repeat(s * item, 3, Step) + s).Sum();
        Agree(end, end.Gradient(_xs)[_xs], end.Gradient(_x)[_x]);
    }

    [Fact]
    public void Derivatives_of_derivatives_agree()
    {
        var gradient = Repeat(_x, 4, Step).Sum().Gradient(_x)[_x];
        Agree((gradient * gradient).Sum().Gradient(_x)[_x]);
    }

    [Fact]
    public void Calls_at_the_same_time_have_rows_of_their_own()
    {
        var function = Repeat(_x, 9, Step).Sum().Gradient(_x)[_x].Compile<double>(CodeGeneration.Always);
        Point<double>[] points = [.. Enumerable.Range(0, 64).Select(i => Point.Of((_x, Tensor.Full([Size], i / 100.0))))];
        Tensor<double>[] alone = [.. points.Select(point => function.Invoke(point)[0])];
        Parallel.For(0, 640, i => Assert.True(alone[i % 64].BitEquals(function.Invoke(points[i % 64])[0])));
    }

    // Neighbours and products: few values that take more to compute than to read.
    private static Expr Step(Expr s)
    {
        var a = s * Concatenate([Full([1], 1), s.Slice(..^1)]);
        var b = a * Concatenate([Full([1], 1), (s + (0.5 * a)).Slice(..^1)]);
        return s + (0.1 * b) - (0.05 * a);
    }

    private void Agree(params Expr[] expressions) => Assert.Empty(Agreement.Differences(expressions, _at, 1e-13));
}
