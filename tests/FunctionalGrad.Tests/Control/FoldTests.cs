using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Control;

/// <summary>Folds, scans and repetitions against the same steps written out.</summary>
public sealed class FoldTests
{
    private readonly Variable _w = Variable("w");
    private readonly Variable _initial = Variable("initial", [3]);
    private readonly Variable _matrix = Variable("matrix", [3, 3]);

    public static TheoryData<int, int?> Lengths => new()
    {
        { 0, null }, { 1, null }, { 5, null }, { 5, 1 }, { 5, 2 }, { 6, 3 }, { 5, 5 }, { 5, 9 }, { 7, 3 }, { 0, 2 }, { 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_fold_is_the_same_as_its_steps(int length, int? checkpointEvery)
    {
        var sequence = Variable("xs", [length, 3]);
        var at = At(sequence);
        Expr unrolled = _initial;
        for (var i = 0; i < length; i++)
        {
            unrolled = Step(unrolled, sequence.At(i));
        }

        // The captured w is used outside as well; the sequence may be empty and must still have a gradient.
        var rest = sequence.Square().Sum();
        var fold = Fold(_initial, sequence, Step, checkpointEvery);
        Unrolled.AssertSame((fold * fold).Sum() * _w + rest, (unrolled * unrolled).Sum() * _w + rest, at);
    }

    [Fact]
    public void A_scan_is_the_states_side_by_side()
    {
        var sequence = Variable("xs", [4, 3]);
        var states = new List<Expr>();
        for (var i = 0; i < 4; i++)
        {
            states.Add(Step(states.Count == 0 ? _initial : states[^1], sequence.At(i)));
        }

        var scan = Scan(_initial, sequence, Step);
        Assert.Equal([4, 3], scan.Shape);
        Unrolled.AssertSame((scan * scan).Sum() * _w, (Stack(states) * Stack(states)).Sum() * _w, At(sequence));
    }

    [Fact]
    public void A_scan_has_outputs_of_their_own_shape()
    {
        var sequence = Variable("xs", [4]);
        var (final, outputs) = Scan(0, sequence, (state, x) => (state + x, Stack([state * x, x])));
        Assert.Equal([4, 2], outputs.Shape);
        var at = Point.Of((sequence, Tensor.Of(1.0, 2, 3, 4)));
        Assert.Equal(10, final.Evaluate(at).ToScalar());
        Assert.Equal("[[0, 1], [2, 2], [9, 3], [24, 4]]", outputs.Evaluate(at).ToString());
    }

    [Fact]
    public void Several_states_go_over_several_sequences()
    {
        var (xs, ys) = (Variable("xs", [3]), Variable("ys", [3, 2]));
        var fold = Fold([0, Zeros([2])], [xs, ys], (states, items) => [states[0] * _w + items[0], states[1] * states[0] + items[1]]);
        Expr s = 0;
        var t = Zeros([2]);
        for (var i = 0; i < 3; i++)
        {
            (s, t) = (s * _w + xs.At(i), t * s + ys.At(i));
        }

        var at = Point.Of((_w, (Tensor<double>)0.7), (xs, Tensor.Of(1.0, 2, 3)), (ys, Tensor.Generate([3, 2], i => Math.Cos(i))));
        Unrolled.AssertSame(fold[0] * fold[1].Sum(), s * t.Sum(), at);
    }

    [Fact]
    public void States_may_change_places_stay_or_become_items()
    {
        var xs = Variable("xs", [5]);
        var fold = Fold([_w, 2 * _w, 3], [xs], (states, items) => [states[1], items[0], states[2]]);
        var at = Point.Of((_w, (Tensor<double>)0.5), (xs, Tensor.Of(1.0, 2, 3, 4, 5)));
        Unrolled.AssertSame(fold[0] * fold[1] * fold[2] + _w.Square(), xs.At(3) * xs.At(4) * 3 + _w.Square(), at);
        Assert.Equal("[4, 5, 3]", Stack([.. fold]).Compile<double>().Invoke(at)[0].ToString());
    }

    [Fact]
    public void Folds_nest_in_folds_and_checkpoints()
    {
        var sequence = Variable("xs", [4, 3]);
        Expr unrolled = _initial;
        for (var i = 0; i < 4; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                unrolled = Sin(unrolled) * _w + sequence.At(i);
            }
        }

        var at = At(sequence);
        Expr Inner(Expr s, Expr x) => Repeat(s, 3, r => Sin(r) * _w + x);
        Unrolled.AssertSame(Fold(_initial, sequence, Inner).Sum(), unrolled.Sum(), at);
        Unrolled.AssertSame(Fold(_initial, sequence, Checkpoint((s, x) => Inner(s, x)), checkpointEvery: 2).Sum(), unrolled.Sum(), at);
        Unrolled.AssertSame(Checkpoint(s => Fold(s, sequence, Inner))(_initial).Sum(), unrolled.Sum(), at);
    }

    [Fact]
    public void A_pair_repeats()
    {
        // A harmonic oscillator by the symplectic Euler method.
        var (position, velocity) = Repeat((_w, Constant(0)), 6, pair =>
        {
            var v = pair.Second - 0.25 * pair.First;
            return (pair.First + 0.25 * v, v);
        });
        (Expr x, Expr y) = (_w, 0);
        for (var i = 0; i < 6; i++)
        {
            y -= 0.25 * x;
            x += 0.25 * y;
        }

        Unrolled.AssertSame(position * velocity, x * y, Point.Of((_w, 1.5)));
    }

    [Fact]
    public void What_a_loss_passes_over_contributes_nothing()
    {
        // √ has an infinite slope at the last state, 0, which the loss does not use.
        var xs = Variable("xs", [3]);
        var scan = Scan(0, xs, (s, x) => (x, Sqrt(x))).Outputs;
        var at = Point.Of((xs, Tensor.Of(1.0, 4, 0)));
        var gradient = scan.Slice(..2).Sum().Gradient();
        Assert.Equal("[0.5, 0.25, 0]", gradient.Evaluate(at)[xs].ToString());
        Assert.Equal("[0.5, 0.25, 0]", scan.Slice(..2).Sum().CompileWithGradient<double>().Invoke(at).Gradient[xs].ToString());
    }

    [Fact]
    public void Equal_loops_are_one_node_after_sharing()
    {
        var xs = Variable("xs", [3]);
        var twice = Fold(0, xs, (s, x) => s * _w + x) + Fold(0, xs, (s, x) => s * _w + x);
        var other = Fold(0, xs, (s, x) => s * _w + x) + Fold(0, xs, (s, x) => x + s * _w);
        Assert.True(Structure.Equal(((Application)twice).Input(0), ((Application)twice).Input(1)));
        Assert.False(Structure.Equal(((Application)other).Input(0), ((Application)other).Input(1)));
        Assert.False(Structure.Equal(Repeat((_w, xs.At(0)), 2, p => (p.First, p.First)).First, Repeat((_w, xs.At(0)), 2, p => (p.Second, p.First)).First));
    }

    [Fact]
    public void Variables_are_found_and_replaced_inside()
    {
        var xs = Variable("xs", [2]);
        var fold = Fold(0, xs, (s, x) => s * _w + x);
        Assert.Equal([xs, _w], TopologicalOrder.Of(fold).Variables.OrderByDescending(variable => variable.Name));
        Assert.Equal(4, fold.Substitute(_w, 2).Substitute(xs, Tensor.Of(1.0, 2)).Evaluate().ToScalar());
    }

    [Fact]
    public void A_loop_prints_its_step_and_its_program()
    {
        var xs = Variable("xs", [2]);
        var fold = Fold(0, xs, (s, x) => s * _w + x);
        Assert.Equal("fold(0, xs, w, steps: 2, (s, x, w) ↦ s · w + x)", fold.ToString().Replace("reshape(", "").Replace(", to: [])", ""));
        Assert.Contains("\n    b3 = loop 1 { t0 = multiply(b0, b1); t1 = add(t0, b2) → b3 }", fold.Compile<double>().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_say_which_state_and_which_shapes()
    {
        var xs = Variable("xs", [4, 3]);
        Assert.Contains(
            "state 0 has shape [] before a step and [3] after it",
            Assert.Throws<ShapeException>(() => Fold(0, xs, (s, x) => s + x)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "sequence 0 is a scalar",
            Assert.Throws<ShapeException>(() => Fold(0, _w, (s, x) => s + x)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "sequence 1 of shape [2] has 2 items and sequence 0 of shape [4, 3] has 4",
            Assert.Throws<ShapeException>(() => Fold([0], [xs, Variable("ys", [2])], (s, x) => s)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "use Expr.Repeat",
            Assert.Throws<ArgumentException>(() => Fold([0], [], (s, x) => s)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "there are 1 states and a step returned 2",
            Assert.Throws<ArgumentException>(() => Fold([0], [xs], (s, x) => [s[0], s[0]])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Fold(_initial, xs, (s, x) => s + x, checkpointEvery: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Repeat(0, -1, s => s));
    }

    [Fact]
    public void Checkpoints_take_less_memory_than_all_states_and_a_fold_less_than_its_steps()
    {
        var (few, many) = (Variable("xs", [100, 3]), Variable("xs", [2500, 3]));
        Expr unrolled = _initial;
        for (var i = 0; i < 100; i++)
        {
            unrolled = Step(unrolled, few.At(i));
        }

        long Bytes(Expr value) => value.Sum().CompileWithGradient<double>(_w, _initial, _matrix).WorkingBytes;
        Assert.InRange(Bytes(Fold(_initial, few, Step)), 0, Bytes(unrolled) / 2);
        Assert.InRange(Bytes(Fold(_initial, many, Step, checkpointEvery: 50)), 0, Bytes(Fold(_initial, many, Step)) / 8);
    }

    [Fact]
    public void The_forward_loop_runs_once_for_value_and_gradient()
    {
        var xs = Variable("xs", [9]);
        var program = Fold(0, xs, (s, x) => s * _w + Sin(s)).CompileWithGradient<double>().ToString();
        Assert.Equal(2, program.Split('\n').Count(line => line.StartsWith('b') && line.Contains("(steps: 9", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Many_threads_run_one_loop_at_once()
    {
        var xs = Variable("xs", [200]);
        var compiled = Fold(0, xs, (s, x) => Sin(s * _w + x)).CompileWithGradient<double>();
        Tensor<double> Gradient(double w) => compiled.Invoke(Point.Of((_w, (Tensor<double>)w), (xs, Tensor.Generate([200], i => Math.Cos(i))))).Gradient[_w];
        var wanted = Enumerable.Range(0, 8).Select(i => Gradient(0.1 * i)).ToArray();
        var runs = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => (Index: i % 8, Value: Gradient(0.1 * (i % 8))))));
        Assert.All(runs, run => Assert.True(wanted[run.Index].BitEquals(run.Value)));
    }

    private Expr Step(Expr state, Expr item) =>
        Tanh(_matrix.MatMul(state) + _w * item) * Exp(2 * _w) + Select(item > 0, Log(item), 0);

    private Point<double> At(Variable sequence) => Point.Of(
        (_w, (Tensor<double>)0.7),
        (_initial, Tensor.Of(0.1, -0.3, 0.5)),
        (_matrix, Tensor.Generate([3, 3], i => 0.3 * Math.Sin(i))),
        (sequence, Tensor.Generate(sequence.Shape, i => Math.Cos(i))));
}
