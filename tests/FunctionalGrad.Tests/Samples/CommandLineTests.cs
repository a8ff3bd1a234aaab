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
    [InlineData("--stage gtp", "--stage gtp: there is no such stage; choose counts, net-by-hand, net")]
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
            var (code, output, _) = await Run(Gpt.Run, "--steps", "2", "--losses", losses);
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
    public async Task Ctrl_C_stops_between_two_steps_and_leaves_no_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no way to send Ctrl-C to one process alone");
        var losses = At("losses.csv");
        using var program = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(Gpt).Assembly.Location, "--steps", "1000000", "--losses", losses },
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
