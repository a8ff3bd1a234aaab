using System.Diagnostics;
using System.Globalization;
using FunctionalGrad.Learning;
using FunctionalGrad.Samples.MicroGpt;
using Xunit;
using Gpt = FunctionalGrad.Samples.MicroGpt.CommandLine;

namespace FunctionalGrad.Tests.Samples;

public sealed class MicroGptCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("functionalgrad").FullName;

    public static TheoryData<string> AllStages => new(Stages.All.Select(stage => stage.Name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(AllStages))]
    public void Every_stage_goes_on_from_every_step_bit_for_bit(string name)
    {
        var stage = Stages.Named(name);
        var names = NameList.Embedded();
        var whole = Experiment.Begin(stage, names, 8, seed: 5);
        var states = whole.Training.Select(learned => learned.State).ToArray();
        for (var stop = 0; stop <= states.Length; stop++)
        {
            var saved = Checkpoint.Of(stop == 0 ? whole.Start : states[stop - 1]).WithGenerator(whole.Generator).ToSafeTensors();
            var resumed = Experiment.Begin(
                stage, names, 8, seed: 5, Checkpoint<double>.From(SafeTensors.Read(saved.ToBytes()), stage.Parameters.AsSpan()));
            var rest = resumed.Training.Select(learned => learned.State).ToArray();
            Assert.Equal(states.Length - stop, rest.Length);
            Assert.Equal(Written(states[^1]), Written(rest.Length == 0 ? resumed.Start : rest[^1]));
            var sampling = new Sampling(stage.Temperature, stage.Longest);
            Assert.Equal(
                whole.Names(stage.ToModel()(states[^1].Point), sampling).Take(3), resumed.Names(stage.ToModel()((rest.LastOrDefault() ?? resumed.Start).Point), sampling).Take(3));
        }

        static SafeTensors Written(TrainingState<double> state) => Checkpoint.Of(state).ToSafeTensors();
    }

    [Fact]
    public void Transformers_of_many_layers_have_a_name_for_every_parameter()
    {
        foreach (var stage in Stages.All.OfType<TransformerStage>().Select(stage => stage.With(new(3, 2, 4, 5))))
        {
            Checkpoint.Of(Experiment.Begin<double>(stage, NameList.Embedded(), 1, seed: 1).Start).ToSafeTensors();
        }
    }

    [Fact]
    public async Task A_saved_model_makes_up_the_names_that_its_training_printed()
    {
        var run = At("run");
        var (code, printed, error) = await Run("--steps", "30", "--checkpoint", run, "--quiet");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal((0, printed, ""), await Run("generate", "--from", run));
        var seeded = await Run("generate", "--from", run, "--seed", "7", "--count", "5", "--temperature", "0.1");
        Assert.Equal(5, seeded.Output.Split('\n').Length - 1);
        Assert.Equal(seeded, await Run("generate", "--from", run, "--seed", "7", "--count", "5", "--temperature", "0.1"));
        Assert.NotEqual(seeded, await Run("generate", "--from", run, "--seed", "8", "--count", "5", "--temperature", "0.1"));
        Assert.NotEqual(seeded, await Run("generate", "--from", run, "--seed", "7", "--count", "5", "--temperature", "3"));
        Assert.Equal((0, "", ""), await Run("generate", "--from", run, "--count", "0"));
        Assert.Equal([run], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_saved_model_of_other_sizes_is_made_in_those_sizes()
    {
        var run = At("run");
        var (_, printed, _) = await Run(
            "--steps", "3", "--checkpoint", run, "--quiet", "--layers", "2", "--heads", "3", "--width", "6", "--context", "4", "--stage", "attention");
        Assert.Equal((0, printed, ""), await Run("generate", "--from", run));
    }

    [Fact]
    public async Task A_finished_run_resumed_writes_and_prints_the_same_again()
    {
        var (run, losses) = (At("run"), At("losses.csv"));
        var (_, printed, _) = await Run("--steps", "12", "--checkpoint", run, "--losses", losses, "--quiet", "--checkpoint-every", "5");
        var (written, saved) = (File.ReadAllText(losses), File.ReadAllBytes(run));
        File.Delete(losses);
        Assert.Equal((0, printed, ""), await Run("--steps", "12", "--checkpoint", run, "--losses", losses, "--quiet", "--resume"));
        Assert.Equal(written, File.ReadAllText(losses));
        Assert.Equal(saved, File.ReadAllBytes(run));
        var (code, report, _) = await Run("--steps", "12", "--checkpoint", run, "--resume");
        Assert.Equal(0, code);
        Assert.Contains($"going on after step 12, as saved in {run}", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seed 7", "seed is “42”", "here “7”")]
    [InlineData("--steps 4", "steps is “3”", "here “4”")]
    [InlineData("--stage net", "here not given")]
    [InlineData("--heads 2", "heads is “4”", "here “2”")]
    [InlineData("--data names.txt", "data is “1513 names", "here “1 names")]
    public async Task A_run_resumed_with_other_settings_is_refused_with_both_values(string args, params string[] says)
    {
        var run = At("run");
        File.WriteAllText(At("names.txt"), "ada\n");
        await Run("--stage", "microgpt", "--steps", "3", "--checkpoint", run, "--quiet");
        var steps = args.StartsWith("--steps", StringComparison.Ordinal) ? "" : "--steps 3 ";
        var stage = args.StartsWith("--stage", StringComparison.Ordinal) ? "" : "--stage microgpt ";
        var (code, output, error) = await Run([.. $"{steps}{stage}{args}"
            .Replace("names.txt", At("names.txt"), StringComparison.Ordinal).Split(' '), "--checkpoint", run, "--resume"]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"error: {run} is of another run: ", error, StringComparison.Ordinal);
        Assert.All(says, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_saved_or_resumed_is_said_in_one_line()
    {
        var (run, cut) = (At("run"), At("cut"));
        await Run("--steps", "3", "--checkpoint", run, "--quiet");
        File.WriteAllBytes(cut, File.ReadAllBytes(run)[..5000]);
        await Refused("the file is there already; give --resume", "--checkpoint", run);
        await Refused("give the file as --checkpoint FILE", "--resume");
        await Refused("there is no file", "--checkpoint", At("none"), "--resume");
        await Refused("there is no file", "generate", "--from", At("none"));
        await Refused("byte 5000: the file ends here", "generate", "--from", cut);
        await Refused("is a folder", "generate", "--from", _folder);
        await Refused("that is a folder", "--checkpoint", _folder);
        await Refused("create it first", "--checkpoint", At("no/such/file"));
        await Refused("name two files", "--checkpoint", At("same"), "--losses", At("same"));
        await Refused("--from", "generate");
        await Refused("--count -1", "generate", "--from", run, "--count", "-1");
        await Refused("--temperature 0", "generate", "--from", run, "--temperature", "0");
        SafeTensors.Empty.With("w", Tensor.Of(1.0)).Write(At("foreign"));
        await Refused("is no checkpoint", "generate", "--from", At("foreign"));
        var nothing = TrainingState<double>.Start(Point<double>.Empty);
        Checkpoint.Of(nothing).WithRun("stage", "bigram").Save(At("unknown"));
        await Refused("is of the stage bigram", "generate", "--from", At("unknown"));
        Checkpoint.Of(nothing).WithRun("stage", "microgpt").WithRun("layers", "2000000000").Save(At("vast"));
        await Refused("layers is 2000000000; it should be a whole number from 1 to 100", "generate", "--from", At("vast"));
    }

    [Fact]
    public async Task Ctrl_C_saves_and_the_run_goes_on_to_the_same_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no way to send Ctrl-C to one process alone");
        var (run, losses) = (At("run"), At("losses.csv"));
        string[] settings = ["--stage", "net", "--steps", "60000", "--checkpoint-every", "1000000"];
        using var program = Started([.. settings, "--checkpoint", run]);
        var line = "";
        while (line is not null && !line.Contains("3.2894", StringComparison.Ordinal))
        {
            line = await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        using var interrupt = Process.Start("kill", ["-INT", $"{program.Id}"]);
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, program.ExitCode);
        Assert.Matches($"^Stopped after [0-9,]+ of 60,000 steps. They are saved in {run}: give --resume to go on.\\s*$", error);
        Assert.InRange(int.Parse(SafeTensors.Read(run).Metadata["step"], CultureInfo.InvariantCulture), 1, 59_999);
        var (code, resumed, _) = await Run([.. settings, "--checkpoint", run, "--resume", "--losses", losses, "--quiet"]);
        Assert.Equal(0, code);
        var (_, whole, _) = await Run([.. settings, "--losses", At("whole.csv"), "--quiet"]);
        Assert.Equal(whole, resumed);
        Assert.Equal(File.ReadAllText(At("whole.csv")), File.ReadAllText(losses));
    }

    [Fact]
    public async Task A_run_killed_at_any_moment_and_resumed_ends_bit_for_bit_like_one_that_was_not()
    {
        const int kills = 20;
        string[] settings = ["--stage", "microgpt", "--steps", "60", "--checkpoint-every", "1", "--quiet"];
        var (whole, wholeLosses) = (At("whole"), At("whole.csv"));
        var (_, names, _) = await Run([.. settings, "--checkpoint", whole, "--losses", wholeLosses]);

        // As long as the run has not saved anything, it begins anew; after each kill the last whole state is there.
        var (run, losses) = (At("run"), At("run.csv"));
        var random = new Random(20260103);
        var (killed, before) = (0, -1);
        while (killed < kills)
        {
            using var program = Started([.. settings, "--checkpoint", run, "--losses", losses, .. File.Exists(run) ? ["--resume"] : Array.Empty<string>()]);
            var deadline = Stopwatch.StartNew();
            var (seen, wanted) = (before, before + random.Next(0, 4));
            while (!program.HasExited && deadline.Elapsed < TimeSpan.FromSeconds(10) && (seen = StepIn(run)) < wanted)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(0, 8), TestContext.Current.CancellationToken);
            program.Kill();
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
            killed++;
            before = StepIn(run);
            Assert.InRange(before, seen, 60);
        }

        var (code, resumed, error) = await Run([.. settings, "--checkpoint", run, "--losses", losses, "--resume"]);
        Assert.Equal((0, names, ""), (code, resumed, error));
        Assert.Equal(File.ReadAllBytes(wholeLosses), File.ReadAllBytes(losses));
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(run));

        // What a killed process was writing lay beside, and the next saving has deleted it.
        Assert.Equal(4, Directory.GetFiles(_folder).Length);
        TestContext.Current.SendDiagnosticMessage($"{killed} kills, the last after step {before} of 60");

        // A file that is there is whole, at whatever moment it is read.
        static int StepIn(string file)
        {
            if (!File.Exists(file))
            {
                return -1;
            }

            var saved = SafeTensors.Read(file);
            Assert.NotEmpty(Checkpoint.RunOf(saved));
            return int.Parse(saved.Metadata["step"], CultureInfo.InvariantCulture);
        }
    }

    private static Process Started(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in args.Prepend(typeof(Gpt).Assembly.Location))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task Refused(string says, params string[] args)
    {
        var (code, output, error) = await Run(args);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Gpt.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string At(string file) => Path.Combine(_folder, file);
}
