using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>The command line: what to train, on what, and where the losses go.</summary>
internal static class CommandLine
{
    private const int SampledNames = 20;

    public static Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        var data = new Option<string>("--data") { HelpName = "file", Description = "A file of names, one on each line, a to z. Default: 1,513 given names that come with the sample." };
        var stage = new Option<string>("--stage")
        {
            HelpName = string.Join("|", Stages.All.Select(known => known.Name)),
            Description = "What to train. " + string.Join(" ", Stages.All.Select(known => $"{known.Name}: {known.Summary}.")),
            DefaultValueFactory = _ => Stages.Default.Name,
            CustomParser = result =>
            {
                var name = result.Tokens[0].Value;
                if (Stages.All.All(known => known.Name != name))
                {
                    result.AddError($"--stage {name}: there is no such stage; choose {string.Join(", ", Stages.All.Select(known => known.Name))}");
                }

                return name;
            },
        };
        var steps = Commands.WholeNumber("--steps", "How many names to learn from, one a step.", 1, 1_000_000, otherwise: 1000);
        var seed = Commands.WholeNumber("--seed", "The seed of all random numbers.", 0, long.MaxValue, otherwise: 42);
        var losses = new Option<string>("--losses") { HelpName = "file", Description = "Write a line `step,loss` for every step, with all digits." };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but the names that the model makes up." };
        var command = new RootCommand("Trains a small language model of names, and lets it make up new ones.") { data, stage, steps, seed, losses, quiet };
        return Commands.Run(
            command,
            args,
            (parsed, cancellation) => Train(
                new(
                    parsed.GetValue(data), Stages.Named(parsed.GetRequiredValue(stage)), (int)parsed.GetValue(steps),
                    (ulong)parsed.GetValue(seed), parsed.GetValue(losses), parsed.GetValue(quiet)),
                output,
                error,
                cancellation),
            output,
            error);
    }

    private static void Train(Request request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var names = request.Data is { } path ? NameList.Read(path) : NameList.Embedded();
        if (request.Losses is { } file)
        {
            WholeFile.RequirePlaceFor(file, "--losses");
        }

        var report = request.Quiet ? null : new Report(Screen.Over(output));
        report?.Opening(request, names.Length);
        var experiment = Experiment.Begin(request.Stage, names, request.Steps, request.Seed);
        var losses = ImmutableArray.CreateBuilder<double>(request.Steps);
        var watch = Stopwatch.StartNew();
        NextLetter model;
        try
        {
            model = report is null ? Followed(_ => { }) : report.During(request.Steps, Followed);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Stopped after {losses.Count:N0} of {request.Steps:N0} steps.{(request.Losses is null ? "" : " No losses were written.")}"));
            throw;
        }

        watch.Stop();

        if (request.Losses is { } target)
        {
            WholeFile.Write(target, losses.Select((loss, step) => string.Create(CultureInfo.InvariantCulture, $"{step + 1},{loss:R}")));
        }

        var made = experiment.Names(model, SampledNames);
        if (report is null)
        {
            output.Write(string.Concat(made.Select(name => name + Environment.NewLine)));
            return;
        }

        report.Closing(losses.MoveToImmutable(), watch.Elapsed, request.Losses);
        report.Names(made, [.. names]);

        // Of all the models that training goes through, the last one is kept.
        NextLetter Followed(Action<Learned> follow)
        {
            NextLetter? last = null;
            foreach (var learned in experiment.Training)
            {
                cancellation.ThrowIfCancellationRequested();
                losses.Add(learned.Loss);
                last = learned.Model;
                follow(learned);
            }

            return last ?? throw new InvalidOperationException("training made no step");
        }
    }
}

/// <summary>What the command line asked for.</summary>
internal sealed record Request(string? Data, IStage Stage, int Steps, ulong Seed, string? Losses, bool Quiet);
