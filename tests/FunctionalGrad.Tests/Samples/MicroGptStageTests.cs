using System.Collections.Immutable;
using FunctionalGrad.Learning;
using FunctionalGrad.Samples.MicroGpt;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

public sealed class MicroGptStageTests
{
    public static TheoryData<string> AllStages => new(Stages.All.Select(stage => stage.Name));

    public static TheoryData<string> StagesOnNames => ["counts", "net", "microgpt"];

    [Theory]
    [MemberData(nameof(AllStages))]
    public void A_stage_repeats_every_published_figure_on_the_given_names(string stage) =>
        Repeats(stage, NameList.Embedded(), Oracle.OfGivenNames(stage));

    [Theory]
    [MemberData(nameof(StagesOnNames))]
    public void A_stage_repeats_every_published_figure_on_names_txt(string stage)
    {
        var figures = Oracle.OfNames(stage);
        Repeats(stage, NameList.Read(Oracle.Shared("data", "names.txt")), figures);
    }

    [Fact]
    public void The_gradient_by_hand_is_the_automatic_one()
    {
        var documents = NameList.Embedded().Take(40).Select(Alphabet.Encode).ToArray();
        var net = new Net();
        var start = net.Initial(MersenneTwister.FromSeed(42)).Point;
        foreach (var scale in new[] { 1.0, 10.0 })
        {
            var at = scale * (start - Point<double>.Empty);
            var point = Point<double>.Of([.. at.Select(entry => (entry.Key, entry.Value))]);
            var weights = new NetWeights(Matrix(point, 0), Matrix(point, 1), Matrix(point, 2));
            foreach (var document in documents)
            {
                var name = TextBatch.Variables(1, document.Length - 1);
                var formula = net.LossOf(name);
                var (loss, gradient) = formula.Evaluate(formula.Gradient([.. point.Variables]), point.With(name.PointOf<double>([document])));
                var (lossByHand, gradientByHand) = NetByHand.LossAndGradient(weights, document);
                Assert.Equal(lossByHand, loss.ToScalar(), 1e-14 * lossByHand);
                foreach (var (matrix, variable) in new[] { gradientByHand.Embedding, gradientByHand.Hidden, gradientByHand.Output }.Zip(point.Variables))
                {
                    var automatic = gradient[variable].ToArray();
                    var largest = matrix.Entries.Max(Math.Abs);
                    Assert.All(automatic.Zip(matrix.Entries), pair => Assert.Equal(pair.Second, pair.First, 2e-15 * Math.Max(1, largest)));
                }
            }
        }
    }

    [Fact]
    public void The_numbers_that_are_learned_are_counted()
    {
        Assert.Equal(3184, new Net().ParameterCount);
        Assert.Equal(3184, new Net().Initial(MersenneTwister.FromSeed(42)).Point.Sum(entry => entry.Value.Size));
        Assert.Equal(3184, new NetByHand().ParameterCount);
        Assert.Equal(729, new Counts().ParameterCount);
        Assert.Equal([4192, 4192, 4192], Stages.All.OfType<TransformerStage>().Select(stage => stage.ParameterCount));
        Assert.Equal(432 + (8 * 16) + (2 * 3072) + 432, new Gpt(new(Layers: 2, Heads: 2, Width: 16, Context: 8)).ParameterCount);
    }

    [Fact]
    public void A_model_that_was_kept_stays_as_it_was_while_training_goes_on()
    {
        foreach (var stage in Stages.All)
        {
            var training = Experiment.Begin(stage, NameList.Embedded(), 20, seed: 42).Training;
            ImmutableArray<int> beginning = [Alphabet.Boundary];
            ImmutableArray<double> early = [], then = [];
            NextLetter? kept = null;
            foreach (var learned in training)
            {
                if (learned.Step == 5)
                {
                    kept = learned.Model;
                    early = kept(beginning);
                }

                then = learned.Model(beginning);
            }

            Assert.Equal(early, kept!(beginning));
            Assert.NotEqual(early, then);
        }
    }

    [Fact]
    public void Another_seed_is_another_experiment_and_the_same_seed_the_same()
    {
        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));

        static IEnumerable<double> Losses(ulong seed) =>
            [.. Experiment.Begin<double>(new Net(), NameList.Embedded(), 5, seed).Training.Select(learned => learned.Loss)];
    }

    [Theory]
    [MemberData(nameof(AllStages))]
    public void Pauses_change_no_bit_and_come_where_they_are_asked_for(string name)
    {
        var stage = Stages.Named(name);
        var whole = Experiment.Begin(stage, NameList.Embedded(), 20, seed: 42).Training.ToArray();
        var asked = new List<int>();
        var inParts = Experiment.Begin(stage, NameList.Embedded(), 20, seed: 42, pause: step =>
        {
            asked.Add(step);
            return step is 1 or 8;
        }).Training.ToArray();
        Assert.Equal(whole.Select(learned => learned.Loss), inParts.SelectMany(learned => learned.Losses));
        Assert.Equal(Checkpoint.Of(whole[^1].State).ToSafeTensors().ToBytes(), Checkpoint.Of(inParts[^1].State).ToSafeTensors().ToBytes());
        if (stage is FormulaStage)
        {
            Assert.Equal([1, 8, 20], inParts.Select(learned => learned.Step));
            Assert.Equal(Enumerable.Range(1, 19), asked);
        }
    }

    [Fact]
    public void Transformers_learn_in_any_sizes()
    {
        foreach (var sizes in new Sizes[] { new(2, 3, 12, 16), new(1, 1, 1, 1), new(3, 2, 4, 5) })
        {
            foreach (var published in Stages.All.OfType<TransformerStage>())
            {
                var stage = published.With(sizes);
                var experiment = Experiment.Begin<double>(stage, NameList.Embedded(), 3, seed: 7);
                var learned = experiment.Training.ToArray();
                Assert.All(learned, step => Assert.InRange(step.Loss, 2.5, 4.5));
                Assert.All(
                    experiment.Names(learned[^1].Model, new(Temperature: 1, stage.Longest)).Take(10),
                    name => Assert.InRange(name.Length, 0, sizes.Context));
            }
        }
    }

    [Fact]
    public void Near_temperature_zero_the_likeliest_letter_always_wins()
    {
        NextLetter model = letters => letters.Length > 3
            ? [.. Enumerable.Range(0, Alphabet.Size).Select(i => i == Alphabet.Boundary ? 800.0 : -800)]
            : [.. Enumerable.Range(0, Alphabet.Size).Select(i => i == 2 ? 0.01 : 0)];
        foreach (var temperature in new[] { double.Epsilon, 1e-5 })
        {
            var experiment = Experiment.Begin(new Counts(), ["ada"], 1, seed: 3);
            Assert.Equal(["ccc", "ccc", "ccc"], experiment.Names(model, new(temperature, Longest: 16)).Take(3));
            Assert.Equal(["cc", "cc"], experiment.Names(model, new(temperature, Longest: 2)).Take(2));
        }

        Assert.All(
            Experiment.Begin(new Counts(), ["ada"], 1, seed: 3).Names(model, new(double.MaxValue, Longest: 3)).Take(20),
            name => Assert.NotEqual("ccc", name));
    }

    [Fact]
    public void Names_are_made_as_they_are_asked_for()
    {
        var asked = 0;
        var names = Experiment.Begin(new Counts(), ["ada"], 1, seed: 3).Names(
            _ =>
            {
                asked++;
                return [.. Enumerable.Repeat(0.0, Alphabet.Size)];
            },
            new(Temperature: 1, Longest: 1));
        Assert.Equal(0, asked);
        Assert.Equal(2, names.Take(2).Count());
        Assert.Equal(2, asked);
    }

    private static void Repeats(string name, ImmutableArray<string> names, Oracle figures)
    {
        var experiment = Experiment.Begin(Stages.Named(name), names, 1000, seed: 42);
        var losses = new List<double>();
        NextLetter? model = null;
        foreach (var learned in experiment.Training)
        {
            losses.Add(learned.Loss);
            model = learned.Model;
        }

        figures.IsMetBy(losses);
        if (figures.Samples is { } samples)
        {
            var stage = Stages.Named(name);
            Assert.Equal(samples, experiment.Names(model!, new(stage.Temperature, stage.Longest)).Take(samples.Length));
        }
    }

    private static Matrix Matrix(Point<double> point, int parameter)
    {
        var tensor = point[point.Variables[parameter]];
        return new(tensor.Shape[0], tensor.Shape[1], [.. tensor.Values]);
    }
}
