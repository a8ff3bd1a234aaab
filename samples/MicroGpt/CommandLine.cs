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
        var temperature = new Option<double?>("--temperature")
        {
            HelpName = "number",
            Description = "What logits are divided by before a letter is drawn: near 0 the likeliest letter always wins. Default: 0.5; for counts, 1.",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number))
                {
                    return number;
                }

                result.AddError($"--temperature {text}: give a number above 0, such as 0.5");
                return null;
            },
        };
        var layers = Commands.WholeNumber("--layers", "How many blocks a transformer has. Default: 1.", 1, 100);
        var heads = Commands.WholeNumber("--heads", "How many heads each of its blocks has. Default: 4; for attention, 1.", 1, 1000);
        var width = Commands.WholeNumber("--width", "How many numbers stand for a letter in it, a multiple of --heads. Default: 16.", 1, 1000);
        var context = Commands.WholeNumber("--context", "How many letters it looks back at, and makes up at most. Default: 16.", 1, 250);
        var losses = new Option<string>("--losses") { HelpName = "file", Description = "Write a line `step,loss` for every step, with all digits." };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but the names that the model makes up." };
        var command = new RootCommand("Trains a small language model of names, and lets it make up new ones.") 
        {
            data, stage, steps, seed, temperature, layers, heads, width, context, losses, quiet,
        };
        return Commands.Run(
            command,
            args,
            (parsed, cancellation) => Train(
                new(
                    parsed.GetValue(data),
                    Sized(
                        Stages.Named(parsed.GetRequiredValue(stage)),
                        parsed.GetValue(layers), parsed.GetValue(heads), parsed.GetValue(width), parsed.GetValue(context)),
                    (int)parsed.GetValue(steps), (ulong)parsed.GetValue(seed), parsed.GetValue(temperature), parsed.GetValue(losses), parsed.GetValue(quiet)),
                output,
                error,
                cancellation),
            output,
            error);
    }

    private static IStage Sized(IStage stage, long? layers, long? heads, long? width, long? context)
    {
        if (layers is null && heads is null && width is null && context is null)
        {
            return stage;
        }

        if (stage is not TransformerStage transformer)
        {
            throw new UserErrorException(
                $"the stage {stage.Name} is no transformer and has no --layers, --heads, --width or --context; choose --stage {string.Join(", ", Stages.All.OfType<TransformerStage>().Select(known => known.Name))}");
        }

        var published = transformer.Sizes;
        var sizes = new Sizes(
            (int)(layers ?? published.Layers), (int)(heads ?? published.Heads), (int)(width ?? published.Width), (int)(context ?? published.Context));
        return sizes.Width % sizes.Heads == 0
            ? transformer.With(sizes)
            : throw new UserErrorException(
                $"a width of {sizes.Width} does not part into {sizes.Heads} heads of one size; give a --width that is a multiple of {sizes.Heads}, or other --heads");
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

        var made = experiment.Names(model, new(request.Temperature ?? request.Stage.Temperature, request.Stage.Longest))
            .Take(SampledNames)
            .TakeWhile(_ => !cancellation.IsCancellationRequested);
        if (report is null)
        {
            foreach (var name in made)
            {
                output.WriteLine(name);
            }
        }
        else
        {
            report.Closing(losses.MoveToImmutable(), watch.Elapsed, request.Losses);
            report.Names(SampledNames, made, [.. names]);
        }

        cancellation.ThrowIfCancellationRequested();

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
internal sealed record Request(string? Data, IStage Stage, int Steps, ulong Seed, double? Temperature, string? Losses, bool Quiet);
