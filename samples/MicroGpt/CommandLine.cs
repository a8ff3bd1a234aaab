using System.CommandLine;
using System.Globalization;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>The command line: what to train, on what, and where the losses go.</summary>
internal static class CommandLine
{
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
        var steps = Commands.WholeNumber("--steps", "How many steps to make, a name each unless --batch says more.", 1, 1_000_000, otherwise: 1000);
        var seed = Commands.WholeNumber("--seed", "The seed of all random numbers.", 0, long.MaxValue, otherwise: 42);
        var batch = Commands.WholeNumber("--batch", "From how many names a step learns at once; the loss is the mean of theirs.", 1, 10_000, otherwise: 1);
        var workers = Commands.WholeNumber("--workers", $"How many threads share a batch, {Lessons.NamesOfPart} names at a time. They change no bit of what is learned. Default: as many as there are cores.", 1, 1000);
        var precision = Precision();
        var temperature = Temperature();
        var layers = Commands.WholeNumber("--layers", "How many blocks a transformer has. Default: 1.", 1, Sizes.MostLayers);
        var heads = Commands.WholeNumber("--heads", "How many heads each of its blocks has. Default: 4; for attention, 1.", 1, Sizes.MostHeads);
        var width = Commands.WholeNumber("--width", "How many numbers stand for a letter in it, a multiple of --heads. Default: 16.", 1, Sizes.MostWidth);
        var context = Commands.WholeNumber("--context", "How many letters it looks back at, and makes up at most. Default: 16.", 1, Sizes.MostContext);
        var losses = new Option<string>("--losses") { HelpName = "file", Description = "Write a line `step,loss` for every step, with all digits." };
        var checkpoint = new Option<string>("--checkpoint") { HelpName = "file", Description = "Save the run in this file while it goes on, when it is stopped by Ctrl-C, and at its end." };
        var every = Commands.WholeNumber("--checkpoint-every", "How many steps there are from one saving to the next.", 1, 1_000_000, otherwise: 100);
        var resume = new Option<bool>("--resume") { Description = "Go on with the run that is saved in the file of --checkpoint. All other settings are as they were." };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but the names that the model makes up." };
        var command = new RootCommand("Trains a small language model of names, and lets it make up new ones.")
        {
            data, stage, steps, batch, workers, precision, seed, temperature, layers, heads, width, context, losses, checkpoint, every, resume, quiet,
        };
        command.Subcommands.Add(Generate(output, error));
        return Commands.Run(
            command,
            args,
            (parsed, cancellation) => TrainingRun.Run(
                new(
                    parsed.GetValue(data),
                    InBatches(
                        Sized(
                            Stages.Named(parsed.GetRequiredValue(stage)),
                            parsed.GetValue(layers), parsed.GetValue(heads), parsed.GetValue(width), parsed.GetValue(context)),
                        parsed.GetValue(batch)),
                    (int)parsed.GetValue(steps), (int)parsed.GetValue(batch), (int?)parsed.GetValue(workers), parsed.GetValue(precision) == SavedRun.Single,
                    (ulong)parsed.GetValue(seed), parsed.GetValue(temperature), parsed.GetValue(losses),
                    Saving(parsed.GetValue(checkpoint), (int)parsed.GetValue(every), parsed.GetValue(resume)), parsed.GetValue(quiet)),
                output,
                error,
                cancellation),
            output,
            error);
    }

    /// <summary>A stage in the sizes asked for; those that are not are as published.</summary>
    internal static IStage Sized(IStage stage, long? layers, long? heads, long? width, long? context)
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

    private static IStage InBatches(IStage stage, long batch) => batch == 1 || stage is FormulaStage
        ? stage
        : throw new UserErrorException(
            $"the stage {stage.Name} learns one name a step; leave out --batch, or choose --stage {string.Join(", ", Stages.All.OfType<FormulaStage>().Select(known => known.Name))}");

    private static Option<string> Precision() => new("--precision")
    {
        HelpName = "double|single",
        Description = "The precision of all that is learned. The published figures hold in double.",
        DefaultValueFactory = _ => SavedRun.Double,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text is not (SavedRun.Double or SavedRun.Single))
            {
                result.AddError($"--precision {text}: give {SavedRun.Double} or {SavedRun.Single}");
            }

            return text;
        },
    };

    private static Command Generate(TextWriter output, TextWriter error)
    {
        var from = new Option<string>("--from") { HelpName = "file", Required = true, Description = "A file that --checkpoint saved." };
        var temperature = Temperature();
        var seed = Commands.WholeNumber("--seed", "The seed of the names. Default: go on as the training would, with the names that it would print.", 0, long.MaxValue);
        var count = Commands.WholeNumber("--count", "How many names.", 0, 1_000_000_000, otherwise: TrainingRun.SampledNames);
        var command = new Command("generate", "Lets a saved model make up names, one on each line, each shown as soon as it is made.") { from, temperature, seed, count };
        command.Does(
            (parsed, cancellation) => Generation.Run(
                parsed.GetRequiredValue(from), parsed.GetValue(temperature), (ulong?)parsed.GetValue(seed), (int)parsed.GetValue(count), output, cancellation),
            error);
        return command;
    }

    private static Option<double?> Temperature() => new("--temperature")
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

    private static Saving? Saving(string? file, int every, bool resume) =>
        file is not null ? new(file, every, resume)
        : resume ? throw new UserErrorException("--resume: say what to go on with; give the file as --checkpoint FILE")
        : null;
}

/// <summary>What the command line asked for.</summary>
internal sealed record Request(
    string? Data, IStage Stage, int Steps, int Batch, int? Workers, bool Single, ulong Seed,
    double? Temperature, string? Losses, Saving? Saving, bool Quiet);

/// <summary>Where a run is saved, after how many steps each time, and whether it goes on from what is saved there.</summary>
internal sealed record Saving(string File, int Every, bool Resume);
