using System.Collections.Immutable;
using System.Numerics;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class ParallelTrainingTests
{
    private const int Batch = 13;
    private static readonly Transformer Gpt = Transformer.Of(vocabulary: 11, context: 12, width: 8, heads: 2);
    private static readonly Optimiser Optimiser = Optimiser.AdamW(decay: 0.1).WithClipping(1);
    private static readonly Schedule Rate = Schedules.Linear(0.05, 0, 100);
    private static readonly ImmutableArray<ImmutableArray<int>> Texts =
        [.. Enumerable.Range(0, 50).Select(i => Enumerable.Range(0, 2 + (i * 7 % 13)).Select(j => (i + (j * j)) % 11).ToImmutableArray())];

    // A graph for each length of padding.
    private static readonly ImmutableDictionary<int, TextBatch> One =
        new[] { 4, 8, 12 }.ToImmutableDictionary(positions => positions, positions => TextBatch.Variables(1, positions));

    [Fact]
    public void Training_is_bit_equal_for_any_number_of_workers_and_every_time()
    {
        const int steps = 40;
        Equal<double>();
        Equal<float>();

        static void Equal<T>()
            where T : struct, IBinaryFloatingPointIeee754<T>
        {
            var expected = Trained<T>(workers: 1).Take(steps).Select(Bytes).ToArray();
            Assert.Equal(steps, expected.Distinct().Count());
            foreach (var workers in new int?[] { 1, 2, 4, 8, null })
            {
                Assert.Equal(expected, Trained<T>(workers).Take(steps).Select(Bytes));
            }
        }
    }

    [Fact]
    public void Training_goes_on_from_any_checkpoint_with_any_number_of_workers()
    {
        const int steps = 12;
        var whole = Trained<double>(workers: 2).Take(steps).ToArray();
        for (var stop = 1; stop < steps; stop++)
        {
            var saved = SafeTensors.Read(Checkpoint.Of(whole[stop - 1]).ToSafeTensors().ToBytes());
            var restored = Checkpoint<double>.From(saved, Gpt.Parameters.AsSpan()).State;
            var rest = Trained(workers: 1 + (stop % 4), restored).Take(steps - stop).ToArray();
            Assert.Equal(Bytes(whole[^1]), Bytes(rest[^1]));
        }
    }

    [Fact]
    public void Parts_one_by_one_learn_what_one_padded_batch_learns()
    {
        var batch = TextBatch.Variables(Batch, Gpt.Context);
        var together = Optimiser.Train(
            Gpt.LossByText(batch).Mean(), step => batch.PointOf<double>([.. TextsOf(step)]), Start<double>(), Rate).Take(20);
        foreach (var (parts, one) in Trained<double>(workers: 2).Zip(together))
        {
            Assert.Equal(one.Loss, parts.Loss, 1e-11 * one.Loss);
            foreach (var parameter in Gpt.Parameters)
            {
                Assert.Equal(0, (one.Gradient[parameter] - parts.Gradient[parameter]).ToArray().Max(Math.Abs), 1e-10);
            }
        }
    }

    [Fact]
    public void The_gradient_need_not_be_kept()
    {
        var (kept, without) = (Trained<double>(2).Take(5).ToArray(), Trained<double>(2, keepGradient: false).Take(5).ToArray());
        Assert.All(kept, state => Assert.Equal(Gpt.Parameters, state.Gradient.Variables));
        Assert.Equal(kept.Select(state => state with { Gradient = GradientMap<Tensor<double>>.Zero }), without);
    }

    [Fact]
    public void A_program_is_made_once_for_each_key()
    {
        var made = new List<int>();
        var w = Expr.Variable("w");
        var states = Optimiser.GradientDescent.TrainInParallel<double, int>(
            key =>
            {
                made.Add(key);
                return w * key;
            },
            step => [(1, Point<double>.Empty), (2, Point<double>.Empty), (1, Point<double>.Empty)],
            TrainingState<double>.Start(Point.Of((w, 8.0))),
            Schedules.Constant(0.25)).Take(3).ToArray();
        Assert.Equal([1, 2], made);
        Assert.Equal([(32.0, 7.0), (28.0, 6.0), (24.0, 5.0)], states.Select(state => (state.Loss, state.Point[w].ToScalar())));
    }

    [Fact]
    public void What_cannot_be_trained_is_said()
    {
        var w = Expr.Variable("w");
        var start = TrainingState<double>.Start(Point.Of((w, 1.0)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Optimiser.TrainInParallel<double, int>(_ => w, _ => [(0, Point<double>.Empty)], start, Rate, workers: 0));
        Errors.Say<ArgumentException>(
            () => Optimiser.TrainInParallel<double, int>(_ => w, _ => [(0, Point.Of((w, 2.0)))], start, Rate).First(), "assigns w", "parameter");
        Errors.Say<UnboundVariableException>(
            () => Optimiser.TrainInParallel<double, int>(_ => w * Expr.Variable("x"), _ => [(0, Point<double>.Empty)], start, Rate).First(), "x");
    }

    private static IEnumerable<TrainingState<T>> Trained<T>(int? workers, TrainingState<T>? from = null, bool keepGradient = true)
        where T : struct, IBinaryFloatingPointIeee754<T> => Optimiser.TrainInParallel<T, int>(
        positions => Gpt.LossByText(One[positions]).Sum() / Batch,
        step => [.. TextsOf(step).Select(text =>
        {
            var positions = TextBatch.PaddedPositions(Math.Min(text.Length - 1, Gpt.Context), Gpt.Context);
            return (positions, One[positions].PointOf<T>([text]));
        })],
        from ?? Start<T>(),
        Rate,
        workers,
        keepGradient);

    private static IEnumerable<ImmutableArray<int>> TextsOf(int step) =>
        Enumerable.Range(step * Batch, Batch).Select(i => Texts[i % Texts.Length]);

    private static TrainingState<T> Start<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        TrainingState<T>.Start(MersenneTwister.FromSeed(9).Fill(Gpt.Parameters.AsSpan(), g => g.Gauss(0, 0.3)).Point.To<T>());

    // Every bit of a state.
    private static string Bytes<T>(TrainingState<T> state)
        where T : struct, IBinaryFloatingPointIeee754<T> => Convert.ToBase64String(Checkpoint.Of(state).ToSafeTensors().ToBytes());
}
