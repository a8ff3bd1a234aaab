using System.Collections.Immutable;
using System.Numerics;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

/// <summary>Many steps at one go come to what they come to one by one, bit for bit.</summary>
public sealed class TrainingFoldTests
{
    private static readonly Variable W = Expr.Variable("w", [3]);
    private static readonly Variable B = Expr.Variable("b");
    private static readonly Variable Unused = Expr.Variable("unused", [2]);
    private static readonly ImmutableArray<Variable> X = [.. Enumerable.Range(0, 4).Select(length => Expr.Variable("x", [length + 1, 3]))];

    public static TheoryData<string> Optimisers => new(Known.Keys);

    private static ImmutableDictionary<string, Optimiser> Known { get; } = new[]
    {
        Optimiser.GradientDescent, Optimiser.Momentum(0.5), Optimiser.Adam(), Optimiser.AdamW(), Optimiser.Momentum().WithClipping(0.25).WithWeightDecay(0.1),
    }.ToImmutableDictionary(optimiser => optimiser.ToString());

    [Theory]
    [MemberData(nameof(Optimisers))]
    public void A_fold_is_bit_equal_to_its_steps_one_by_one(string optimiser)
    {
        Agrees<double>(Known[optimiser]);
        Agrees<float>(Known[optimiser]);
    }

    [Fact]
    public void A_fold_in_parts_is_bit_equal_to_one_at_one_go()
    {
        var fold = Optimiser.Adam().ToFold<double, int>(LossOf, W, B, Unused);
        var (whole, losses) = fold(Start<double>(), Batches<double>(0, 24));
        var (state, seen) = (Start<double>(), ImmutableArray<double>.Empty);
        foreach (var (from, count) in new[] { (0, 7), (7, 0), (7, 1), (8, 16) })
        {
            // As after a stop: what is read again is what was saved.
            var saved = Checkpoint<double>.From(SafeTensors.Read(Checkpoint.Of(state).ToSafeTensors().ToBytes()), [W, B, Unused]);
            (state, var some) = fold(saved.State, Batches<double>(from, count));
            seen = seen.AddRange(some);
        }

        Equal(whole, state);
        Assert.Equal(losses, seen);
    }

    [Fact]
    public void No_batches_lead_back_to_the_state_given()
    {
        var fold = Optimiser.Adam().ToFold<double, int>(LossOf, W, B, Unused);
        var start = fold(Start<double>(), Batches<double>(0, 3)).State;
        var (state, losses) = fold(start, []);
        Assert.Same(start, state);
        Assert.Empty(losses);
    }

    [Fact]
    public void Batches_are_taken_one_by_one_and_a_graph_is_made_once_for_each_key()
    {
        var (made, asked) = (new List<int>(), new List<int>());
        var fold = Optimiser.GradientDescent.ToFold<double, int>(
            key =>
            {
                made.Add(key);
                return LossOf(key);
            },
            W,
            B,
            Unused);
        var enough = Batches<double>(0, int.MaxValue).Select((batch, step) =>
        {
            asked.Add(step);
            return batch;
        }).TakeWhile(_ => asked.Count <= 9);
        Assert.Equal(9, fold(Start<double>(), enough).Losses.Length);
        Assert.Equal(Enumerable.Range(0, 10), asked);
        fold(Start<double>(), Batches<double>(0, 9));
        Assert.Equal(Enumerable.Range(0, 9).Select(KeyOf).Distinct(), made);
    }

    [Fact]
    public void A_fold_leaves_what_it_was_given_alone_and_may_be_called_from_any_thread()
    {
        var fold = Optimiser.Adam().ToFold<double, int>(LossOf, W, B, Unused);
        var start = fold(Start<double>(), Batches<double>(0, 2)).State;
        var before = (start.Point.ToString(), start.Moments[0].ToString(), start.Moments[1].ToString());
        var expected = fold(start, Batches<double>(2, 10));
        Parallel.For(0, 16, _ => Equal(expected.State, fold(start, Batches<double>(2, 10)).State));
        Assert.Equal(before, (start.Point.ToString(), start.Moments[0].ToString(), start.Moments[1].ToString()));
    }

    [Fact]
    public void All_steps_on_one_loss()
    {
        var start = Start<double>();
        var rate = Schedules.Linear(0.1, 0, 12);
        var (state, losses) = Optimiser.Adam().TrainAll(LossOf(1), Data, start, rate, steps: 12);
        var expected = Optimiser.Adam().Train(LossOf(1), Data, start, rate, keepGradient: false).Take(12).ToArray();
        Equal(expected[^1], state);
        Assert.Equal(expected.Select(one => one.Loss), losses);
        var (further, _) = Optimiser.Adam().TrainAll(LossOf(1), Data, expected[4], rate, steps: 7);
        Equal(expected[^1], further);
        Assert.Same(start, Optimiser.Adam().TrainAll(LossOf(1), Data, start, rate, steps: 0).State);

        static Point<double> Data(int step) => Point.Of((X[1], Values<double>(X[1].Shape, step)));
    }

    [Fact]
    public void What_cannot_be_trained_is_said()
    {
        var start = Start<double>();
        var fold = Optimiser.Momentum().ToFold<double, int>(LossOf, W, B, Unused);
        Errors.Say<ArgumentException>(() => fold(start, [(0, Point.Of((B, 1.0)), 0.1)]), "assigns b", "parameter");
        Errors.Say<UnboundVariableException>(() => fold(start, [(0, Point<double>.Empty, 0.1)]), "x");
        Errors.Say<ArgumentException>(
            () => fold(Optimiser.Adam().ToFold<double, int>(LossOf, W, B, Unused)(start, Batches<double>(0, 1)).State, Batches<double>(1, 1)), "2 moments", "keeps 1");
        Errors.Say<ShapeException>(() => Optimiser.Momentum().ToFold<double, int>(_ => W, W, B, Unused)(start, Batches<double>(0, 1)), "[3]", "scalar");
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Optimiser.Momentum().TrainAll(B.Square(), _ => Point<double>.Empty, start, Schedules.Constant(1), steps: -1));
    }

    private static void Agrees<T>(Optimiser optimiser)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var start = Start<T>();
        var expected = optimiser.Train(LossOf, BatchAt<T>, start, Rate, keepGradient: false).Take(30).ToArray();
        var (state, losses) = optimiser.ToFold<T, int>(LossOf, W, B, Unused)(start, Batches<T>(0, 30));
        Equal(expected[^1], state);
        Assert.Equal(expected.Select(one => one.Loss), losses);
    }

    private static void Equal<T>(TrainingState<T> expected, TrainingState<T> actual)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal((expected.Step, expected.Loss, expected.Rate, expected.Moments.Length), (actual.Step, actual.Loss, actual.Rate, actual.Moments.Length));
        Assert.Equal(expected.Gradient, actual.Gradient);
        Assert.Equal(expected.Point.Variables, actual.Point.Variables);
        foreach (var parameter in expected.Point.Variables)
        {
            Assert.True(expected.Point[parameter].BitEquals(actual.Point[parameter]));
            Assert.All(expected.Moments.Zip(actual.Moments), pair => Assert.True(pair.First[parameter].BitEquals(pair.Second[parameter])));
        }
    }

    private static TrainingState<T> Start<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        TrainingState<T>.Start(Point<T>.Of((W, Values<T>(W.Shape, 1)), (B, T.One), (Unused, Values<T>(Unused.Shape, 2))));

    private static Expr LossOf(int key) => Expr.Tanh((X[key] * W).Sum(-1) + B).Square().Mean();

    private static int KeyOf(int step) => step * 5 % 7 % X.Length;

    private static double Rate(int step) => 0.1 / (1 + step);

    private static (int Key, Point<T> Data) BatchAt<T>(int step)
        where T : struct, IBinaryFloatingPointIeee754<T> => (KeyOf(step), Point<T>.Of((X[KeyOf(step)], Values<T>(X[KeyOf(step)].Shape, step))));

    private static IEnumerable<(int Key, Point<T> Data, double Rate)> Batches<T>(int from, int count)
        where T : struct, IBinaryFloatingPointIeee754<T> => Enumerable.Range(from, count).Select(step => (BatchAt<T>(step).Key, BatchAt<T>(step).Data, Rate(step)));

    private static Tensor<T> Values<T>(Shape shape, int seed)
        where T : struct, IBinaryFloatingPointIeee754<T> => Tensor.Generate(shape, i => T.CreateChecked(Math.Sin((seed * 31) + (i * 7) + 1)));
}
