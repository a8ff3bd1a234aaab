using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>How a run of a stage is written down, so that it can go on or make up names later.</summary>
internal static class SavedRun
{
    public const string Single = "single";
    public const string Double = "double";
    private const string Losses = "losses";

    /// <summary>All that settles what a run computes: with other settings it would be another run.</summary>
    public static ImmutableSortedDictionary<string, string> Settings(Request request, ImmutableArray<string> names)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(names.Select(name => name + "\n")));
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["program"] = "MicroGpt",
            ["stage"] = request.Stage.Name,
            ["method"] = request.Stage.Method,
            ["steps"] = Text(request.Steps),
            ["batch"] = Text(request.Batch),
            ["precision"] = request.Single ? Single : Double,
            ["seed"] = request.Seed.ToString(CultureInfo.InvariantCulture),
            ["data"] = $"{Text(names.Length)} names, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(text))}",
        };
        if (request.Stage is TransformerStage { Sizes: var sizes })
        {
            (settings["layers"], settings["heads"]) = (Text(sizes.Layers), Text(sizes.Heads));
            (settings["width"], settings["context"]) = (Text(sizes.Width), Text(sizes.Context));
        }

        return settings.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    public static void Save<T>(
        string file, TrainingState<T> state, IReadOnlyCollection<double> losses, MersenneTwister generator, ImmutableSortedDictionary<string, string> settings)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            Checkpoint.Of(state).WithGenerator(generator).WithRun(settings).WithRecord(Losses, Tensor.Of([.. losses]).To<T>()).Save(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot save the run in {file}: {problem.Message}");
        }
    }

    /// <summary>A run that is to go on, and the losses of its steps so far.</summary>
    /// <exception cref="UserErrorException">There is no such file, it is damaged, or it is of another run.</exception>
    public static (Checkpoint<T> Checkpoint, ImmutableArray<double> Losses) Resume<T>(
        string file, IStage stage, ImmutableSortedDictionary<string, string> settings)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var checkpoint = Reading(file, () => Checkpoint<T>.Load(file, stage.Parameters.AsSpan(), settings));
        return checkpoint.Records.GetValueOrDefault(Losses) is { } losses && losses.Shape == [checkpoint.State.Step]
            ? (checkpoint, [.. losses.To<double>().Values])
            : throw new UserErrorException(
                $"{file} was saved after {checkpoint.State.Step} steps and does not hold the loss of each; it was not made by this program: start anew with another file");
    }

    /// <summary>What a file holds of a run, the stage that it is of, and whether that was in single precision.</summary>
    /// <exception cref="UserErrorException">There is no such file, it is damaged, or no run of this program.</exception>
    public static (IStage Stage, SafeTensors Saved, bool Single) Open(string file)
    {
        var saved = Reading(file, () => SafeTensors.Read(file));
        var settings = Reading(file, () => Checkpoint.RunOf(saved));
        var name = settings.GetValueOrDefault("stage");
        var stage = Stages.All.FirstOrDefault(known => known.Name == name) ?? throw new UserErrorException(
            $"{file} is of {(name is null ? "no stage" : "the stage " + name)}, and this program has {string.Join(", ", Stages.All.Select(known => known.Name))}; give a file that its --checkpoint saved");
        var sized = CommandLine.Sized(
            stage, Size("layers", Sizes.MostLayers), Size("heads", Sizes.MostHeads), Size("width", Sizes.MostWidth), Size("context", Sizes.MostContext));
        return (sized, saved, settings.GetValueOrDefault("precision") == Single);

        long? Size(string setting, int most) =>
            !settings.TryGetValue(setting, out var text) ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1 && size <= most ? size
            : throw new UserErrorException($"{file}: {setting} is {text}; it should be a whole number from 1 to {most}");
    }

    /// <summary>The run that a file holds.</summary>
    /// <exception cref="UserErrorException">It is damaged, or of another stage.</exception>
    public static Checkpoint<T> Restore<T>(string file, SafeTensors saved, IStage<T> stage)
        where T : struct, IBinaryFloatingPointIeee754<T> => Reading(file, () => Checkpoint<T>.From(saved, stage.Parameters.AsSpan()));

    private static TResult Reading<TResult>(string file, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (FileNotFoundException)
        {
            throw new UserErrorException($"there is no file {file} (looked in {Path.GetDirectoryName(Path.GetFullPath(file))}); save a run first, with --checkpoint and without --resume");
        }
        catch (CheckpointException problem)
        {
            throw new UserErrorException(problem.Message);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot read {file}: {problem.Message}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
