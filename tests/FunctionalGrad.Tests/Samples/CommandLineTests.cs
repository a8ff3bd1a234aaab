using System.Diagnostics;
using System.Globalization;
using Xunit;
using Gpt = FunctionalGrad.Samples.MicroGpt.CommandLine;
using Grad = FunctionalGrad.Samples.Micrograd.CommandLine;

namespace FunctionalGrad.Tests.Samples;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("functionalgrad").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--steps 0", "--steps 0: give a whole number from 1 to 1,000,000")]
    [InlineData("--steps -5", "--steps -5: give a whole number from 1")]
    [InlineData("--steps many", "--steps many: give a whole number from 1")]
    [InlineData("--steps 1e3", "--steps 1e3: give a whole number from 1")]
    [InlineData("--steps 99999999999999999999", "give a whole number from 1")]
    [InlineData("--seed -1", "--seed -1: give a whole number from 0")]
    [InlineData("--stage gtp", "--stage gtp: there is no such stage; choose counts, net-by-hand, net, attention, heads, microgpt")]
    [InlineData("--temperature 0", "--temperature 0: give a number above 0")]
    [InlineData("--temperature NaN", "--temperature NaN: give a number above 0")]
    [InlineData("--temperature warm", "--temperature warm: give a number above 0")]
    [InlineData("--layers 0", "--layers 0: give a whole number from 1")]
    [InlineData("--context 251", "--context 251: give a whole number from 1 to 250")]
    [InlineData("--stage microgpt --heads 3", "a width of 16 does not part into 3 heads")]
    [InlineData("--stage net --width 8", "the stage net is no transformer and has no --layers, --heads, --width or --context; choose --stage attention, heads, microgpt")]
    [InlineData("--batch 0", "--batch 0: give a whole number from 1 to 10,000")]
    [InlineData("--workers 0", "--workers 0: give a whole number from 1 to 1,000")]
    [InlineData("--precision half", "--precision half: give double or single")]
    [InlineData("--stage counts --batch 2", "the stage counts learns one name a step; leave out --batch, or choose --stage net, attention, heads, microgpt")]
    [InlineData("--stage net-by-hand --precision single", "the stage net-by-hand learns in double precision alone; leave out --precision, or choose --stage net, attention, heads, microgpt")]
    [InlineData("--data", "--data")]
    [InlineData("--data no/such/file", "there is no file no/such/file")]
    [InlineData("--losses no/such/folder/losses.csv", "create it first")]
    [InlineData("--losses .", "is a folder")]
    [InlineData("--nonsense", "--nonsense")]
    public async Task What_MicroGpt_cannot_do_is_said_in_one_line_and_nothing_is_trained(string args, string says)
    {
        var (code, output, error) = await Run(Gpt.Run, args.Split(' '));
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_is_said_with_its_line()
    {
        var file = At("names.txt");
        File.WriteAllText(file, "ada\nbob3\n");
        var (code, _, error) = await Run(Gpt.Run, "--data", file);
        Assert.Equal(1, code);
        Assert.Equal($"error: {file}, line 2: character 4 is “3” (U+0033); every line holds one name in the letters a to z\n", error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task MicroGpt_writes_every_loss_with_all_digits()
    {
        var losses = At("losses.csv");
        File.WriteAllText(losses, "old");
        var (code, output, error) = await Run(Gpt.Run, "--steps", "20", "--stage", "counts", "--losses", losses);
        Assert.Equal((0, ""), (code, error));
        var lines = File.ReadAllLines(losses);
        Assert.Equal(20, lines.Length);
        Assert.Equal("1,3.295836866004329", lines[0]);
        Assert.Equal([losses], Directory.GetFiles(_folder));
        Assert.Contains("1,513 given names · 729 parameters · 20 steps · seed 42", output, StringComparison.Ordinal);
        Assert.Contains("20 names that it makes up", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task A_culture_changes_no_digit()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var losses = At("losses.csv");
            var (code, output, _) = await Run(Gpt.Run, "--steps", "2", "--stage", "net", "--losses", losses);
            Assert.Equal(0, code);
            Assert.StartsWith("1,3.28936", File.ReadAllText(losses), StringComparison.Ordinal);
            Assert.Contains("3,184 parameters", output, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public async Task Quiet_is_the_names_alone()
    {
        var (code, output, _) = await Run(Gpt.Run, "--steps", "3", "--quiet");
        Assert.Equal(0, code);
        var names = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(21, names.Length);
        Assert.All(names, name => Assert.Matches("^[a-z]{0,16}$", name));
    }

    [Fact]
    public async Task Names_stand_in_columns()
    {
        var (code, output, _) = await Run(Gpt.Run, "--steps", "50", "--stage", "counts");
        Assert.Equal(0, code);
        var lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var names = lines[(Array.FindIndex(lines, line => line.Contains("makes up", StringComparison.Ordinal)) + 1)..];
        Assert.Equal(20, names.Sum(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.All(names, line => Assert.InRange(line.Length, 3, 80));
        Assert.All(names, line => Assert.Equal(line.TrimEnd(), line));
        Assert.All(names, line => Assert.All(
            Enumerable.Range(2, line.Length - 2).Where(i => line[i] != ' ' && line[i - 1] == ' '), i => Assert.Equal(0, (i - 2) % 13)));
    }

    [Fact]
    public async Task The_sizes_of_a_transformer_can_be_chosen()
    {
        var (code, output, error) = await Run(
            Gpt.Run, "--stage", "microgpt", "--layers", "2", "--heads", "3", "--width", "6", "--context", "5", "--steps", "3", "--temperature", "1.5");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{162 + 30 + (2 * 12 * 36) + 162:N0} parameters", output, StringComparison.Ordinal);
        Assert.Contains("Adam, rate 0.01 falling to 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_between_two_steps_and_leaves_no_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no way to send Ctrl-C to one process alone");
        var losses = At("losses.csv");
        using var program = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(Gpt).Assembly.Location, "--stage", "net", "--steps", "1000000", "--losses", losses },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // The line of the first step says that training is under way.
        var line = "";
        while (line is not null && !line.Contains("3.2894", StringComparison.Ordinal))
        {
            line = await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        using var interrupt = Process.Start("kill", ["-INT", $"{program.Id}"]);
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, program.ExitCode);
        Assert.Matches("^Stopped after [0-9,]+ of 1,000,000 steps. No losses were written.\\s*$", error);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Help_names_the_stages()
    {
        var (code, output, _) = await Run(Gpt.Run, "--help");
        Assert.Equal(0, code);
        Assert.Contains("counts|net-by-hand|net", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Micrograd_tells_its_lessons_and_writes_its_files()
    {
        var (svg, losses) = (At("picture.svg"), At("losses.csv"));
        var (code, output, error) = await Run(Grad.Run, "--svg", svg, "--losses", losses);
        Assert.Equal((0, ""), (code, error));
        foreach (var said in new[]
                 {
                     "{ w ↦ 2 · (w · x − t) · x }", "{ w ↦ 18 }", "{ w ↦ 1.1, x ↦ 3, t ↦ 3 }", "0.0256", "{ a ↦ 4 }", "24.70408163", "138.8338192",
                     "645.5772595", "337 parameters", "0.895844",
                 })
        {
            Assert.Contains(said, output, StringComparison.Ordinal);
        }

        Assert.Equal(100, File.ReadAllLines(losses).Length);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Load(svg).Root!.Name.LocalName);
        Assert.Equal(100 + 2, File.ReadAllText(svg).Split("<circle").Length - 1);
    }

    [Fact]
    public async Task Micrograd_says_where_it_cannot_draw()
    {
        var (code, output, error) = await Run(Grad.Run, "--svg", "no/such/folder/moons.svg");
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("--svg no/such/folder/moons.svg", error, StringComparison.Ordinal);
    }

    private string At(string file) => Path.Combine(_folder, file);

    private static async Task<(int Code, string Output, string Error)> Run(
        Func<string[], TextWriter, TextWriter, Task<int>> program, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await program(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
