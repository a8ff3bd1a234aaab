using System.Collections.Immutable;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class OptimiserTests
{
    private static readonly Variable V = Expr.Variable("v", [3]);
    private static readonly Variable W = Expr.Variable("w");
    private static readonly Point<double> Start = Point.Of((V, Tensor.Of(1.0, -2, 0.5)), (W, 3.0));

    // Gradients of a few steps, with a zero and a missing one among them.
    private static readonly ImmutableArray<GradientMap<Tensor<double>>> Gradients =
    [
        GradientMap<Tensor<double>>.Of((V, Tensor.Of(0.1, -20, 0)), (W, 1e-6)),
        GradientMap<Tensor<double>>.Of((W, -4.0), (V, Tensor.Of(-0.3, 5, 0.25))),
        GradientMap<Tensor<double>>.Of((V, Tensor.Of(0.0, 0, 7))),
        GradientMap<Tensor<double>>.Zero,
    ];

    public static TheoryData<string> Names => ["gradient descent", "momentum", "Adam", "AdamW", "clipped"];

    [Fact]
    public void Adam_is_its_formula_entry_by_entry() =>
        Follows(Optimiser.Adam(0.85, 0.99, 1e-8), moments: 2, (p, g, m, rate, t) =>
        {
            m[0] = (0.85 * m[0]) + (0.15 * g);
            m[1] = (0.99 * m[1]) + (0.01 * g * g);
            var (mean, square) = (m[0] / (1 - Math.Pow(0.85, t)), m[1] / (1 - Math.Pow(0.99, t)));
            return p - (rate * mean / (Math.Sqrt(square) + 1e-8));
        });

    [Fact]
    public void AdamW_takes_its_decay_off_the_parameter_and_not_through_the_moments() =>
        Follows(Optimiser.AdamW(decay: 0.1), moments: 2, (p, g, m, rate, t) =>
        {
            m[0] = (0.9 * m[0]) + (0.1 * g);
            m[1] = (0.999 * m[1]) + (0.001 * g * g);
            var (mean, square) = (m[0] / (1 - Math.Pow(0.9, t)), m[1] / (1 - Math.Pow(0.999, t)));
            return p - (rate * 0.1 * p) - (rate * mean / (Math.Sqrt(square) + 1e-8));
        });

    [Fact]
    public void Momentum_is_its_formula_entry_by_entry() =>
        Follows(Optimiser.Momentum(0.9), moments: 1, (p, g, m, rate, _) =>
        {
            m[0] = (0.9 * m[0]) + g;
            return p - (rate * m[0]);
        });

    [Fact]
    public void Momentum_zero_is_gradient_descent_and_so_is_decay_zero()
    {
        foreach (var same in new[] { Optimiser.Momentum(0), Optimiser.GradientDescent.WithWeightDecay(0) })
        {
            Assert.Equal(Steps(Optimiser.GradientDescent).Select(state => state.Point), Steps(same).Select(state => state.Point));
        }
    }

    [Fact]
    public void Adam_on_its_first_step_moves_every_entry_by_the_rate_against_the_sign()
    {
        var moved = Start - Optimiser.Adam().Step(TrainingState<double>.Start(Start), 0.0, Gradients[0], rate: 0.01).Point;
        Assert.Equal(0, (moved[V] - Tensor.Of(0.01, -0.01, 0)).ToArray().Max(Math.Abs), 1e-8);
        Assert.Equal(0.01 / (1 + 0.01), moved[W].ToScalar(), 1e-14);
    }

    [Fact]
    public void Clipping_bounds_the_norm_over_all_parameters_and_leaves_shorter_gradients_exactly()
    {
        var clipped = Optimiser.GradientDescent.WithClipping(2);
        var start = TrainingState<double>.Start(Point.Of((V, Tensor.Of(0.0, 0, 0)), (W, 0.0)));
        foreach (var scale in new[] { 1e-300, 1, 1e300 })
        {
            // 2² + 4² + 5² + 6² = 9².
            var gradient = scale * GradientMap<Tensor<double>>.Of((V, Tensor.Of(2.0, -4, 5)), (W, 6.0));
            var moved = start.Point - clipped.Step(start, 0.0, gradient, rate: 1).Point;
            var length = Math.Sqrt(GradientMap<Tensor<double>>.Dot(moved, moved).ToScalar());
            if (scale == 1e-300)
            {
                Assert.Equal(gradient, moved);
            }
            else
            {
                Assert.Equal(2, length, 1e-14);
                Assert.Equal(4.0 / 3, moved[W].ToScalar(), 1e-14);
            }
        }

        var atBound = GradientMap<Tensor<double>>.Of((V, Tensor.Of(0.0, 2, 0)));
        Assert.Equal(Tensor.Of(0.0, 2, 0), (start.Point - clipped.Step(start, 0.0, atBound, 1).Point)[V]);
        Assert.Equal(start.Point, clipped.Step(start, 0.0, GradientMap<Tensor<double>>.Zero, 1).Point);
    }

    [Fact]
    public void The_state_shows_the_gradient_before_it_is_clipped()
    {
        var loss = 9 * W;
        var state = Optimiser.GradientDescent.WithClipping(1).Train(loss, Point.Of((W, 0.0)), Schedules.Constant(1)).First();
        Assert.Equal((9, -1), (state.Gradient[W].ToScalar(), state.Point[W].ToScalar()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_leaves_its_inputs_as_they_were_and_can_be_taken_again(string name)
    {
        var states = Steps(Named(name)).ToArray();
        var texts = states.Select(state => (state, string.Join(' ', state.Moments), $"{state.Point}")).ToArray();
        var again = Named(name).Step(states[1], 0.0, Gradients[2], rate: 0.1 / 3);
        Assert.Equal(states[2], again);
        Assert.Equal(states[2].GetHashCode(), again.GetHashCode());
        Assert.NotEqual(states[2], Named(name).Step(states[1], 0.0, Gradients[1], rate: 0.1 / 3));
        Assert.Equal(texts, states.Select(state => (state, string.Join(' ', state.Moments), $"{state.Point}")));
        Assert.Equal(Named(name).Moments.Length, states[0].Moments.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_takes_the_steps_that_Step_takes(string name)
    {
        var loss = (V.Square().Sum() * W) + Expr.Exp(W);
        var trained = Named(name).Train(loss, Start, Schedules.Constant(0.05)).Take(4).ToArray();
        var state = TrainingState<double>.Start(Start);
        foreach (var expected in trained)
        {
            var (value, gradient) = loss.Evaluate(loss.Gradient(V, W), state.Point);
            state = Named(name).Step(state, value.ToScalar(), gradient, 0.05);
            Assert.Equal(expected.Loss, state.Loss, 1e-14);
            Assert.Equal(0, (expected.Point[V] - state.Point[V]).ToArray().Max(Math.Abs), 1e-14);
            Assert.Equal(expected.Point[W].ToScalar(), state.Point[W].ToScalar(), 1e-14);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_compiled_function_takes_the_steps_that_Step_takes(string name)
    {
        var function = Named(name).ToFunction<double>(V, W);
        var state = TrainingState<double>.Start(Start);
        foreach (var (expected, gradient) in Steps(Named(name)).Zip(Gradients))
        {
            state = function(state, 0, gradient, 0.1 / (state.Step + 1));
            Assert.Equal((expected.Step, expected.Gradient), (state.Step, state.Gradient));
            foreach (var (variable, value) in expected.Point)
            {
                Assert.Equal(0, (value - state.Point[variable]).ToArray().Max(Math.Abs), 1e-14);
            }
        }

        Errors.Say<KeyNotFoundException>(() => function(state, 0, GradientMap<Tensor<double>>.Of((Expr.Variable("other"), 1.0)), 1), "other");
    }

    [Fact]
    public void Gradients_of_parts_add_up_to_the_step_of_the_whole()
    {
        var (first, second) = ((V * W).Sum(), Expr.Cos(W));
        var whole = Optimiser.Adam().Train(first + second, Start, Schedules.Constant(0.1)).First();
        var sum = first.Gradient(V, W).Evaluate(Start) + second.Gradient(V, W).Evaluate(Start);
        Assert.Equal(whole.Point, Optimiser.Adam().Step(TrainingState<double>.Start(Start), 0.0, sum, 0.1).Point);
    }

    [Fact]
    public void An_optimiser_prints_what_it_does()
    {
        Assert.Equal("Adam, decay 0.5, gradient clipped to norm 2", Optimiser.Adam().WithWeightDecay(0.5).WithClipping(2).ToString());
        Assert.Equal("momentum 0.9", $"{Optimiser.Momentum()}");
        Assert.Equal(["mean", "square"], Optimiser.AdamW().Moments);
    }

    [Fact]
    public void What_is_no_optimiser_is_said()
    {
        Errors.Say<ArgumentOutOfRangeException>(() => Optimiser.Adam(beta1: 1), "beta1", "from 0 up to, but without, 1");
        Errors.Say<ArgumentOutOfRangeException>(() => Optimiser.Adam(beta2: -0.1), "beta2");
        Errors.Say<ArgumentOutOfRangeException>(() => Optimiser.Adam(epsilon: 0), "epsilon", "above 0");
        Errors.Say<ArgumentOutOfRangeException>(() => Optimiser.Momentum(double.NaN), "momentum");
        Errors.Say<ArgumentOutOfRangeException>(() => Optimiser.AdamW(decay: -1), "decay", "0 or more");
        Errors.Say<ArgumentOutOfRangeException>(() => Optimiser.Adam().WithClipping(0), "norm", "above 0");
        var wide = Optimiser.Of("wide", [], (_, _, moments, _, _) => (Expr.Zeros([2]), moments));
        Errors.Say<InvalidOperationException>(() => wide.Train(W, Start, Schedules.Constant(1)).First(), "wide", "v [3]", "decrement [2]");
        var forgetful = Optimiser.Of("forgetful", ["memory"], (_, gradient, _, _, _) => (gradient, []));
        Errors.Say<InvalidOperationException>(() => forgetful.Train(W, Start, Schedules.Constant(1)).First(), "forgetful", "1 moments");
        var momentum = Steps(Optimiser.Momentum()).First();
        Errors.Say<ArgumentException>(
            () => Optimiser.Adam().Step(momentum, 0.0, Gradients[0], 1), "1 moments", "Adam keeps 2", "TrainingState.Start");
        Errors.Say<KeyNotFoundException>(
            () => Optimiser.Adam().Step(TrainingState<double>.Start(Start), 0.0, GradientMap<Tensor<double>>.Of((Expr.Variable("other"), 1.0)), 1), "other");
    }

    private static Optimiser Named(string name) => name switch
    {
        "gradient descent" => Optimiser.GradientDescent,
        "momentum" => Optimiser.Momentum(),
        "Adam" => Optimiser.Adam(),
        "AdamW" => Optimiser.AdamW(),
        _ => Optimiser.Adam().WithClipping(1),
    };

    private static IEnumerable<TrainingState<double>> Steps(Optimiser optimiser)
    {
        var state = TrainingState<double>.Start(Start);
        foreach (var gradient in Gradients)
        {
            yield return state = optimiser.Step(state, 0.0, gradient, rate: 0.1 / (state.Step + 1));
        }
    }

    // The rule once more, on plain numbers.
    private static void Follows(Optimiser optimiser, int moments, Func<double, double, double[], double, int, double> rule)
    {
        foreach (var (variable, entry) in new[] { (V, 0), (V, 1), (V, 2), (W, 0) })
        {
            var (p, m) = (Start[variable].Values[entry], new double[moments]);
            foreach (var (state, gradient) in Steps(optimiser).Zip(Gradients))
            {
                var g = gradient.TryGetValue(variable, out var given) ? given.Values[entry] : 0;
                p = rule(p, g, m, 0.1 / state.Step, state.Step);
                Assert.Equal(p, state.Point[variable].Values[entry], 1e-14);
                Assert.All(
                    m.Zip(state.Moments), pair => Assert.Equal(pair.First, pair.Second[variable].Values[entry], 1e-15 * Math.Max(1, Math.Abs(pair.First))));
            }
        }
    }
}
