using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>What whoever trains gets to see: a progress bar in a terminal, lines everywhere else.</summary>
internal sealed class Report(IAnsiConsole console)
{
    private const int Lines = 10;
    private static readonly double Guessing = Math.Log(Alphabet.Size);

    public void Opening(Request request, int names, int stepsBefore)
    {
        console.MarkupLine($"[bold]MicroGpt[/] · {Markup.Escape(request.Stage.Summary)}");
        Print($"{names:N0} {(request.Data is null ? "given names" : $"names from {Path.GetFileName(request.Data)}")} · {request.Stage.ParameterCount:N0} parameters · {request.Steps:N0} steps{(request.Batch > 1 ? string.Create(CultureInfo.InvariantCulture, $" of {request.Batch:N0} names") : "")} · seed {request.Seed}");
        Print($"{request.Stage.Method}, in {(request.Single ? "single" : "double")} precision");
        Print($"guessing among 27 letters at random would cost ln 27 = {Guessing:F3} a letter");
        if (request.Saving is { File: var file })
        {
            Print(request.Saving.Resume ? $"going on after step {stepsBefore:N0}, as saved in {file}" : (FormattableString)$"saved in {file} every {request.Saving.Every:N0} steps");
        }

        console.WriteLine();
    }

    /// <summary>Shows the steps of a training as it reports them.</summary>
    /// <param name="steps">How many there will be.</param>
    /// <param name="training">The training, which calls back after each step.</param>
    public void During(int steps, Action<Action<int, double>> training)
    {
        if (console.IsLive())
        {
            WithBar(steps, training);
        }
        else
        {
            WithLines(steps, training);
        }
    }

    /// <param name="losses">The losses of all steps.</param>
    /// <param name="made">How many of them were made just now.</param>
    /// <param name="time">How long those took.</param>
    /// <param name="request">What was asked for.</param>
    public void Closing(ImmutableArray<double> losses, int made, TimeSpan time, Request request)
    {
        console.WriteLine();
        var (first, last) = (Mean(losses, 0), Mean(losses, Lines - 1));
        if (losses.Length >= Lines && console.Profile.Capabilities.Unicode)
        {
            Print($"loss {Curve(losses)} {first:F2} → {last:F2}");
        }

        if (made > 0)
        {
            Print($"{made:N0} steps in {time.TotalSeconds:F2} s, {made / time.TotalSeconds:N0} a second, {time.TotalMilliseconds / made:F2} ms each{(request.Batch > 1 ? string.Create(CultureInfo.InvariantCulture, $", {made * (double)request.Batch / time.TotalSeconds:N0} names a second") : "")}");
        }

        if (request.Losses is { } file)
        {
            Print($"all losses are in {file}");
        }

        console.WriteLine();
    }

    /// <summary>Shows names as they are made, in columns; a long one takes several.</summary>
    public void Names(int count, IEnumerable<string> made, HashSet<string> known)
    {
        const int lineLength = 78;
        const int column = 13;
        console.MarkupLine($"[bold]{count} names that it makes up[/] (those with a star are in the data)");
        var end = 0;
        var first = true;
        foreach (var name in made)
        {
            var shown = known.Contains(name) ? name + "*" : name;
            var start = (end + 1 + column) / column * column;
            if (first || start + shown.Length > lineLength)
            {
                console.Write(first ? "  " : Environment.NewLine + "  ");
                (start, end, first) = (0, 0, false);
            }

            // The space before a name is written with it, so that no line ends in spaces.
            console.Write(new string(' ', start - end) + shown);
            end = start + shown.Length;
        }

        console.WriteLine();
    }

    private void WithLines(int steps, Action<Action<int, double>> training)
    {
        Print($"{"step",9}  mean loss since the line before");
        var since = new List<double>();
        training((step, loss) =>
        {
            since.Add(loss);
            if (step == 1 || (long)step * Lines / steps != (step - 1L) * Lines / steps)
            {
                Print($"{step,9:N0}  {since.Average():F4}");
                since.Clear();
            }
        });
    }

    private void WithBar(int steps, Action<Action<int, double>> training) => console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .Start(progress =>
        {
            var bar = progress.AddTask("training", maxValue: steps);
            var recent = new Queue<double>();
            training((step, loss) =>
            {
                recent.Enqueue(loss);
                if (recent.Count > 100)
                {
                    recent.Dequeue();
                }

                bar.Value = step;
                bar.Description = string.Create(CultureInfo.InvariantCulture, $"loss [bold]{recent.Average():F3}[/]");
            });
        });

    // The mean loss of one of the equal parts of the training.
    private static double Mean(ImmutableArray<double> losses, int part, int parts = Lines)
    {
        var from = (int)((long)losses.Length * part / parts);
        var to = Math.Max((int)((long)losses.Length * (part + 1) / parts), from + 1);
        return losses.AsSpan()[from..to].ToArray().Average();
    }

    private static string Curve(ImmutableArray<double> losses)
    {
        const string bars = "▁▂▃▄▅▆▇█";
        var parts = Math.Min(40, losses.Length);
        var means = Enumerable.Range(0, parts).Select(part => Mean(losses, part, parts)).ToArray();
        var (low, high) = (means.Min(), means.Max());
        return string.Concat(means.Select(mean => bars[high > low ? (int)Math.Min((mean - low) / (high - low) * bars.Length, bars.Length - 1) : 0]));
    }

    private void Print(FormattableString line) => console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
