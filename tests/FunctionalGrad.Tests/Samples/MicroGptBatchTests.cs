using System.Collections.Immutable;
using System.Globalization;
using FunctionalGrad.Learning;
using FunctionalGrad.Samples.MicroGpt;
using Xunit;
using Gpt = FunctionalGrad.Samples.MicroGpt.CommandLine;

namespace FunctionalGrad.Tests.Samples;

public sealed class MicroGptBatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("functionalgrad").FullName;

    public static TheoryData<string> FormulaStages => new(Stages.All.OfType<FormulaStage>().Select(stage => stage.Name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(FormulaStages))]
    public void The_loss_of_a_batch_is_the_mean_of_those_of_its_names(string name)
    {
        var stage = (FormulaStage)Stages.Named(name);
        var names = NameList.Embedded();
        var start = stage.Initial(MersenneTwister.FromSeed(42).Shuffle(names.AsSpan()).Next).Point;
        var (shuffled, _) = MersenneTwister.FromSeed(42).Shuffle(names.AsSpan());
        foreach (var batch in new[] { 2, 8, 19 })
        {
            var mean = shuffled.Take(batch).Select(Alphabet.Encode).Average(document =>
            {
                var one = TextBatch.Variables(1, Math.Min(document.Length - 1, 16));
                return stage.LossOf(one).Evaluate(start.With(one.PointOf<double>([document]))).ToScalar();
            });
            var learned = Experiment.Begin<double>(stage, names, 10, seed: 42, batch: batch).Training.First();
            Assert.Equal(mean, learned.Loss, 1e-13 * mean);
        }
    }

    [Fact]
    public void Every_step_learns_from_the_next_names_and_then_from_the_beginning()
    {
        var documents = Enumerable.Range(0, 5).Select(i => ImmutableArray.Create(i)).ToImmutableArray();
        Assert.Equal([[0, 1, 2], [3, 4, 0], [1, 2, 3]], Enumerable.Range(0, 3).Select(step => Numbers(new Lessons(documents, 1, Batch: 3), step)));
        var lessons = new Lessons(documents, 1, Batch: 2 * Lessons.NamesOfPart + 1);
        Assert.Equal([8, 8, 1], lessons.PartsOf(7).Select(part => part.Length));
        Assert.Equal(Enumerable.Range(7 * 17, 17).Select(i => i % 5), Numbers(lessons, 7));
        Assert.Equal((int.MaxValue * 17L) % 5, Numbers(lessons, int.MaxValue)[0]);

        static int[] Numbers(Lessons lessons, int step) => [.. lessons.PartsOf(step).SelectMany(part => part).Select(document => document[0])];
    }

    [Fact]
    public async Task Workers_change_no_bit_of_a_run_and_it_goes_on_with_any_number_of_them()
    {
        string[] settings = ["--stage", "microgpt", "--batch", "20", "--steps", "12", "--width", "8", "--heads", "2", "--quiet"];
        var outcomes = new List<(string Names, string Losses, byte[] Saved)>();
        foreach (var workers in new[] { 1, 2, 4, 8 })
        {
            var (run, losses) = (At($"run{workers}"), At($"losses{workers}"));
            var (code, names, error) = await Run([.. settings, "--workers", $"{workers}", "--losses", losses, "--checkpoint", run]);
            Assert.Equal((0, ""), (code, error));
            outcomes.Add((names, File.ReadAllText(losses), File.ReadAllBytes(run)));
        }

        Assert.All(outcomes, outcome =>
        {
            Assert.Equal((outcomes[0].Names, outcomes[0].Losses), (outcome.Names, outcome.Losses));
            Assert.Equal(outcomes[0].Saved, outcome.Saved);
        });

        // Stopped after some steps with one number of workers, and resumed with another.
        var stage = (IStage<double>)((TransformerStage)Stages.Named("microgpt")).With(new(1, 2, 8, 16));
        var request = new Request(null, stage, 12, 20, null, false, 42, null, null, new(At("stopped"), 1, Resume: true), true);
        var settled = SavedRun.Settings(request, NameList.Embedded());
        var experiment = Experiment.Begin(stage, NameList.Embedded(), 12, 42, batch: 20, workers: 3);
        var first = experiment.Training.Take(5).ToArray();
        SavedRun.Save(At("stopped"), first[^1].State, [.. first.Select(learned => learned.Loss)], experiment.Generator, settled);
        var resumed = await Run([.. settings, "--workers", "2", "--losses", At("resumed"), "--checkpoint", At("stopped"), "--resume"]);
        Assert.Equal((0, outcomes[0].Names, ""), resumed);
        Assert.Equal(outcomes[0].Losses, File.ReadAllText(At("resumed")));
        Assert.Equal(outcomes[0].Saved, File.ReadAllBytes(At("stopped")));
    }

    [Theory]
    [InlineData("--batch 2", "batch is “1”", "here “2”")]
    [InlineData("--precision single", "precision is “double”", "here “single”")]
    public async Task A_run_is_not_resumed_with_another_batch_or_precision(string args, params string[] says)
    {
        var run = At("run");
        await Run("--steps", "3", "--checkpoint", run, "--quiet");
        var (code, _, error) = await Run(["--steps", "3", "--checkpoint", run, "--resume", .. args.Split(' ')]);
        Assert.Equal(1, code);
        Assert.All(says, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(FormulaStages))]
    public async Task Single_precision_learns_as_double_does_is_saved_and_makes_up_names(string stage)
    {
        var (run, single, whole) = (At("run"), At("single.csv"), At("double.csv"));
        string[] settings = ["--stage", stage, "--steps", "30", "--batch", "3", "--quiet"];
        var (code, names, error) = await Run([.. settings, "--precision", "single", "--losses", single, "--checkpoint", run]);
        Assert.Equal((0, ""), (code, error));
        await Run([.. settings, "--precision", "double", "--losses", whole]);
        Assert.NotEqual(File.ReadAllText(whole), File.ReadAllText(single));
        Assert.All(Losses(whole).Zip(Losses(single)), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * pair.First));
        Assert.Equal((0, names, ""), await Run("generate", "--from", run));
        var parameter = SafeTensors.Read(run).Names.First(name => name.StartsWith("parameter/", StringComparison.Ordinal));
        Assert.NotEmpty(SafeTensors.Read(run).Get<float>(parameter).ToArray());
        File.Delete(single);
        Assert.Equal((0, names, ""), await Run([.. settings, "--precision", "single", "--losses", single, "--checkpoint", run, "--resume"]));
    }

    [Fact]
    public async Task The_report_tells_batch_precision_and_speed()
    {
        var (code, output, _) = await Run("--stage", "net", "--steps", "4", "--batch", "9", "--workers", "2", "--precision", "single");
        Assert.Equal(0, code);
        Assert.Contains("4 steps of 9 names", output, StringComparison.Ordinal);
        Assert.Contains("in single precision", output, StringComparison.Ordinal);
        Assert.Matches("4 steps in [0-9.]+ s, [0-9,]+ a second, [0-9.]+ ms each, [0-9,]+ names a second", output);
    }

    private static double[] Losses(string file) =>
        [.. File.ReadLines(file).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Gpt.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string At(string file) => Path.Combine(_folder, file);
}
