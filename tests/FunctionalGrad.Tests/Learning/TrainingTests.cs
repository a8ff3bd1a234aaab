using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class TrainingTests
{
    private static readonly Variable W = Expr.Variable("w");
    private static readonly Variable X = Expr.Variable("x");
    private static readonly Expr Simple = ((W * 3) - 3).Square();

    [Fact]
    public void The_practice_page_step_by_step()
    {
        var state = Optimiser.GradientDescent.Train(Simple, Point.Of((W, 2.0)), Schedules.Constant(0.05)).First();
        Assert.Equal((1, 9.0, 18.0, 0.05), (state.Step, state.Loss, state.Gradient[W].ToScalar(), state.Rate));
        Assert.Equal(1.1, state.Point[W].ToScalar(), 1e-15);
    }

    [Fact]
    public void The_cheat_sheet_step_by_step()
    {
        var loss = ((W * 2) - 6).Square();
        var states = Optimiser.GradientDescent.Train(loss, Point.Of((W, 1.0)), Schedules.Constant(0.1)).Take(3).ToArray();
        Near([16, 0.64, 0.0256], states.Select(state => state.Loss));
        Near([2.6, 2.92], states.Take(2).Select(state => state.Point[W].ToScalar()));
        Assert.Equal(-16, states[0].Gradient[W].ToScalar());
    }

    [Fact]
    public void A_step_leaves_its_inputs_as_they_were()
    {
        var start = TrainingState<double>.Start(Point.Of((W, 2.0)));
        var gradient = Simple.Gradient().Evaluate(start.Point);
        var next = Optimiser.GradientDescent.Step(start, 9.0, gradient, 0.05);
        Assert.NotEqual(start.Point, next.Point);
        Assert.Equal(TrainingState<double>.Start(Point.Of((W, 2.0))), start);
        Assert.Equal(18, gradient[W].ToScalar());
        Assert.Equal(next, Optimiser.GradientDescent.Step(start, 9.0, gradient, 0.05));
    }

    [Fact]
    public void A_zero_gradient_moves_nothing()
    {
        var start = TrainingState<double>.Start(Point.Of((W, 0.1), (X, -7.3)));
        foreach (var zero in new[] { GradientMap<Tensor<double>>.Zero, GradientMap<Tensor<double>>.Of((W, 0.0), (X, 0.0)) })
        {
            Assert.Equal(start.Point, Optimiser.GradientDescent.Step(start, 0.0, zero, rate: 1e300).Point);
        }

        var atMinimum = Optimiser.GradientDescent.Train(Simple, Point.Of((W, 1.0)), Schedules.Constant(0.1)).ElementAt(20);
        Assert.Equal(1, atMinimum.Point[W].ToScalar());
    }

    [Fact]
    public void Every_state_can_be_kept_and_gone_on_from()
    {
        var all = Batches(TrainingState<double>.Start(Point.Of((W, 0.5)))).Take(10).ToArray();
        Assert.Equal(Enumerable.Range(1, 10), all.Select(state => state.Step));
        Assert.Equal(all, Batches(TrainingState<double>.Start(Point.Of((W, 0.5)))).Take(10));
        Assert.Equal(all[4..], Batches(all[3]).Take(6));
        Assert.Equal(all[^1].Point[W].ToScalar(), Batches(all[3]).ElementAt(5).Point[W].ToScalar());
    }

    [Fact]
    public void A_training_computes_no_more_than_is_taken()
    {
        var asked = new List<int>();
        var training = Optimiser.GradientDescent.Train(
            (W - X).Square(),
            step =>
            {
                asked.Add(step);
                return Point.Of((X, 1.0));
            },
            TrainingState<double>.Start(Point.Of((W, 0.0))),
            Schedules.Constant(0.1));
        Assert.Empty(asked);
        Assert.Equal(3, training.Take(3).Last().Step);
        Assert.Equal([0, 1, 2], asked);
    }

    [Fact]
    public void A_graph_is_made_once_for_each_key()
    {
        var made = new List<int>();
        var states = Optimiser.GradientDescent.Train(
            length =>
            {
                made.Add(length);
                return (W * length).Square();
            },
            step => ((step % 3) + 1, Point<double>.Empty),
            TrainingState<double>.Start(Point.Of((W, 1.0))),
            Schedules.Constant(0.01)).Take(9).ToArray();
        Assert.Equal([1, 2, 3], made);
        Assert.Equal(2.0, states[0].Gradient[W].ToScalar());
        Assert.Equal(0.98 * 8, states[1].Gradient[W].ToScalar(), 1e-15);
    }

    [Fact]
    public void Parameters_that_a_loss_does_not_have_stay_where_they_are()
    {
        var state = Optimiser.GradientDescent.Train(Simple, Point.Of((W, 2.0), (X, 5.0)), Schedules.Constant(0.1)).First();
        Assert.Equal(5, state.Point[X].ToScalar());
        Assert.Equal(0, state.Gradient[X].ToScalar());
    }

    [Fact]
    public void Training_works_in_single_precision()
    {
        var inDouble = Optimiser.GradientDescent.Train(Simple, Point.Of((W, 2.0)), Schedules.Constant(0.02)).ElementAt(9);
        var inSingle = Optimiser.GradientDescent.Train(Simple, Point<float>.Of((W, 2f)), Schedules.Constant(0.02)).ElementAt(9);
        Assert.Equal(inDouble.Loss, inSingle.Loss, 1e-5);
        Assert.IsType<float>(inSingle.Loss);
    }

    [Fact]
    public void What_cannot_be_trained_is_said()
    {
        var start = TrainingState<double>.Start(Point.Of((W, 1.0)));
        Errors.Say<ArgumentException>(
            () => Optimiser.GradientDescent.Train(Simple, _ => Point.Of((W, 2.0)), start, Schedules.Constant(0.1)).First(), "assigns w", "parameter");
        Errors.Say<UnboundVariableException>(
            () => Optimiser.GradientDescent.Train(W * X, start.Point, Schedules.Constant(0.1)).First(), "x");
        Errors.Say<ShapeException>(
            () => Optimiser.GradientDescent.Train(W * Tensor.Of(1.0, 2), start.Point, Schedules.Constant(0.1)).First(), "[2]", "scalar");
    }

    [Fact]
    public void A_step_is_a_graph_that_prints_and_evaluates()
    {
        var step = TrainingStep.Of(Simple, [W], Optimiser.Momentum(0.5));
        var velocity = Assert.Single(step.MomentsBefore(W));
        var at = Point.Of((W, 2.0), (velocity, 4.0), (step.Rate, 0.05));
        Assert.Equal(9, step.Loss.Evaluate(at).ToScalar());
        Assert.Equal(18, step.Gradient[W].Evaluate(at).ToScalar());
        Assert.Equal(20, step.Moments[0][W].Evaluate(at).ToScalar());
        Assert.Equal(1, step.Next[W].Evaluate(at).ToScalar());
        Assert.Equal(-20, step.Next[W].Gradient(step.Rate)[step.Rate].Evaluate(at).ToScalar());
        Errors.Say<KeyNotFoundException>(() => step.MomentsBefore(X), "x is no parameter", "w");
    }

    [Fact]
    public void The_gradient_need_not_be_kept()
    {
        var loss = Expr.Tanh(W * X).Square();
        var start = TrainingState<double>.Start(Point.Of((W, 0.5)));
        var step = TrainingStep.Of(loss, [W], Optimiser.Adam());
        var (kept, without) = (step.ToFunction<double>(), step.ToFunction<double>(keepGradient: false));
        var (first, second) = (kept(start, Point.Of((X, 2.0)), 0.1), without(start, Point.Of((X, 2.0)), 0.1));
        Assert.Equal([W], first.Gradient.Variables);
        Assert.Equal(first with { Gradient = GradientMap<Tensor<double>>.Zero }, second);
        Assert.Empty(second.Gradient);
        var trained = Optimiser.Adam().Train(loss, _ => Point.Of((X, 2.0)), start, Schedules.Constant(0.1), keepGradient: false);
        Assert.Equal(second, trained.First());
        Assert.Empty(Optimiser.Adam().Train(Simple, start.Point, Schedules.Constant(0.1), keepGradient: false).First().Gradient);
    }

    [Fact]
    public void A_step_reads_points_in_any_order_and_ignores_what_it_does_not_need()
    {
        var (a, b, c) = (Expr.Variable("a"), Expr.Variable("b", [2]), Expr.Variable("c"));
        var step = TrainingStep.Of((a * b).Sum() * X, [a, b], Optimiser.Momentum()).ToFunction<double>();
        var forwards = step(TrainingState<double>.Start(Point.Of((a, 2.0), (b, Tensor.Of(3.0, 4)))), Point.Of((X, 5.0)), 0.1);
        var backwards = step(
            TrainingState<double>.Start(Point.Of((c, 9.0), (b, Tensor.Of(3.0, 4)), (a, 2.0))), Point.Of((W, 1.0), (X, 5.0)), 0.1);
        Assert.Equal(forwards, backwards);
        Assert.Equal((70.0, 35.0), (forwards.Loss, forwards.Gradient[a].ToScalar()));
        Assert.Equal(Tensor.Of(10.0, 10), forwards.Moments[0][b]);
        Errors.Say<UnboundVariableException>(() => step(forwards, Point.Of((W, 1.0)), 0.1), "nothing to x", "a, b [2]");
    }

    [Fact]
    public void A_function_of_a_step_may_be_called_from_any_thread()
    {
        var step = TrainingStep.Of((Expr.Exp(W) * X).Square(), [W], Optimiser.Adam()).ToFunction<double>();
        var starts = Enumerable.Range(0, 64).Select(i => TrainingState<double>.Start(Point.Of((W, i / 64.0)))).ToArray();
        var expected = starts.Select(Next).ToArray();
        var together = new TrainingState<double>[starts.Length];
        Parallel.For(0, 64, i => together[i] = Next(starts[i]));
        Assert.Equal(expected, together);

        TrainingState<double> Next(TrainingState<double> state) => step(step(state, Point.Of((X, 2.0)), 0.1), Point.Of((X, 3.0)), 0.1);
    }

    private static IEnumerable<TrainingState<double>> Batches(TrainingState<double> start) => Optimiser.GradientDescent.Train(
        (W - X).Square(), step => Point.Of((X, (double)step)), start, Schedules.Linear(0.3, 0.1, 10));

    private static void Near(IReadOnlyList<double> expected, IEnumerable<double> actual) =>
        Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-14));
}
