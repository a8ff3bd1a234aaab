using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Loops in the graph whose steps work on single numbers are one method, with the interpreter's bits.</summary>
public sealed class ScalarLoopTests
{
    private static readonly Variable _x = Variable("x");
    private static readonly Variable _sequence = Variable("s", [37]);

    private static readonly Point<double> _at = Point.Of((_x, Tensor.Scalar(0.75)), (_sequence, Tensor.Generate([37], k => Math.Sin(k))));

    [Fact]
    public void Folds_keep_their_states_from_step_to_step()
    {
        var fold = Fold(_x, _sequence, (s, item) => (0.5 * s * item) + (_x * 0.25) - item);
        Exact([fold, .. fold.Gradient(_x, _sequence).Values]);
    }

    [Fact]
    public void Scans_write_an_output_for_each_step()
    {
        var (final, outputs) = Scan(_x, _sequence.Slice(3..30), (s, item) => (0.5 * (s + item), s * item));
        Exact([final, outputs, .. (final + (outputs * outputs).Sum()).Gradient(_x, _sequence).Values]);
    }

    [Fact]
    public void States_may_change_places()
    {
        var (first, second) = Fold((_x, 2 * _x), _sequence, (pair, item) => (pair.Second, pair.First - (0.5 * item)));
        Exact([first, second, .. (first * second).Gradient(_x).Values]);
    }

    [Fact]
    public void Conditions_end_a_loop()
    {
        var halved = While(8 * _x, s => s >= _x, s => 0.5 * s, most: 20);
        Exact([halved, .. halved.Gradient(_x).Values]);
    }

    [Fact]
    public void A_loop_that_does_not_end_says_so()
    {
        var growing = While(_x, s => s > 0, s => 2 * s, most: 5);
        var error = Assert.Throws<LoopLimitException>(() => growing.Compile<double>(CodeGeneration.Always).Invoke(_at));
        Assert.Contains("after 5 steps", error.Message);
        Assert.Contains("24", error.Message);
    }

    [Fact]
    public void Angles_beyond_reach_are_served_by_other_code()
    {
        var fold = Fold(_x, _sequence, (s, item) => Sin(s * 1e12) + item);
        Assert.Empty(Agreement.Differences([fold, Repeat(1e15 * _x, 9, s => 1e15 * Cos(s))], _at, 1e-12));
    }

    [Fact]
    public void Few_entries_go_along_as_numbers_of_their_own()
    {
        var start = Stack([_x, 1 - _x, 2 * _x]);
        var states = Fold(start, _sequence, (s, item) => (0.5 * s) + (item * s.At(1)) - s.Slice(..1).BroadcastTo([3]));
        Exact([states]);
    }

    [Fact]
    public void A_single_step_and_none_are_loops_too()
    {
        Exact([Fold(_x, _sequence.Slice(..1), (s, item) => s * item), Repeat(_x, 1, s => s + 1), Fold(_x, _sequence.Slice(..0), (s, item) => s * item)]);
    }

    private static void Exact(Expr[] expressions)
    {
        Assert.Empty(Agreement.Differences(expressions, _at, 0));
        Assert.Empty(Agreement.Differences(expressions, _at.To<float>(), 0));
    }
}
