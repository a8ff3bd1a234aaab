using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>The command line: the lessons on the screen, then the moons.</summary>
internal static class CommandLine
{
    private const int LinesOfTraining = 10;

    public static Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        var svg = new Option<string>("--svg") { HelpName = "file", Description = "Where the picture of the moons goes.", DefaultValueFactory = _ => "moons.svg" };
        var losses = new Option<string>("--losses") { HelpName = "file", Description = "Write a line `step,loss,accuracy` for every step, with all digits." };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but the final loss and accuracy." };
        var command = new RootCommand("micrograd's examples without mutation: gradients as formulas, a weight that learns, and two moons told apart.") { svg, losses, quiet };
        return Commands.Run(
            command,
            args,
            (parsed, cancellation) => Tell(parsed.GetRequiredValue(svg), parsed.GetValue(losses), parsed.GetValue(quiet), output, cancellation),
            output,
            error);
    }

    private static void Tell(string svg, string? losses, bool quiet, TextWriter output, CancellationToken cancellation)
    {
        OutputFile.RequirePlaceFor(svg, "--svg");
        if (losses is not null)
        {
            OutputFile.RequirePlaceFor(losses, "--losses");
        }

        // Quiet is a screen that nobody sees.
        var console = Screen.Over(quiet ? TextWriter.Null : output);
        var board = new Blackboard(console);
        OneWeight.Tell(board);
        EveryUseCounts.Tell(board);
        ReadmeExample.Tell(board);
        Moons(board, console, svg, losses, quiet ? output : TextWriter.Null, cancellation);
    }

    private static void Moons(
        Blackboard board, IAnsiConsole console, string svg, string? losses, TextWriter summary, CancellationToken cancellation)
    {
        var data = MoonsData.Generate();
        var model = new MoonsModel(data);
        board.Heading("4. Two moons");
        board.Say($"{data.Count} points on two half circles, and a net that learns to tell them apart:");
        board.Say($"{model.Net};");
        board.Say("mean hinge loss + 0.0001 · Σ p², all points in every step, rate 1 falling to 0.1.");
        board.Space();
        board.Show("before step", "loss      accuracy");
        List<MoonsStep> steps = [];
        foreach (var step in model.Training())
        {
            cancellation.ThrowIfCancellationRequested();
            steps.Add(step);
            if (step.Step % LinesOfTraining == 0 || step.Step == MoonsModel.Steps - 1)
            {
                board.Show($"{step.Step,11}", Invariant($"{step.Loss:F6}  {step.Accuracy,6:F0} %"));
            }
        }

        var last = steps[^1];
        var window = Window.Around(data.Points, margin: 0.4);
        board.Space();
        TerminalPicture.Draw(console, data, window, points => model.ScoresAt(points, last.After));
        OutputFile.Write(svg, SvgPicture.Lines(
            data,
            window,
            points => model.ScoresAt(points, last.After),
            "Two moons, told apart",
            Invariant($"A net {model.Net}, after {MoonsModel.Steps} steps of gradient descent: loss {last.Loss:F4}, accuracy {last.Accuracy:F0} %")));
        if (losses is not null)
        {
            OutputFile.Write(losses, steps.Select(step => Invariant($"{step.Step},{step.Loss:R},{step.Accuracy:R}")));
        }

        board.Space();
        board.Say($"The same picture, finer, is in {svg}.");
        summary.WriteLine(Invariant($"loss {last.Loss:R}, accuracy {last.Accuracy:R} %"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
