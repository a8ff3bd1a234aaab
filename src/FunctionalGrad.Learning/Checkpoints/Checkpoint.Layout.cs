using System.Globalization;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <content>To tensors by name and back.</content>
public sealed partial class Checkpoint<T>
{
    /// <summary>The checkpoint as tensors and text, as its file holds them.</summary>
    public SafeTensors ToSafeTensors()
    {
        var saved = SafeTensors.Empty
            .WithMetadata(CheckpointFormat.Step, State.Step.ToString(CultureInfo.InvariantCulture))
            .WithMetadata(CheckpointFormat.Moments, State.Moments.Length.ToString(CultureInfo.InvariantCulture))
            .With(CheckpointFormat.Loss, Tensor.Scalar(State.Loss))
            .With(CheckpointFormat.Rate, Tensor.Scalar(State.Rate));
        saved = WithAll(saved, CheckpointFormat.Parameter, State.Point);
        saved = WithAll(saved, CheckpointFormat.Gradient, State.Gradient);
        for (var k = 0; k < State.Moments.Length; k++)
        {
            saved = WithAll(saved, CheckpointFormat.Moment(k), State.Moments[k]);
        }

        foreach (var (name, record) in Records)
        {
            saved = saved.With(CheckpointFormat.Record + name, record);
        }

        return CheckpointFormat.Sealed(Generator is null ? saved : WithGenerator(saved, Generator.State), Run);
    }

    /// <summary>The checkpoint that a set of tensors is.</summary>
    /// <param name="saved">What <see cref="ToSafeTensors"/> gave, or a file holds.</param>
    /// <param name="parameters">The variables that the run trains, as for <see cref="Load"/>.</param>
    /// <param name="run">The settings of the run, as for <see cref="Load"/>.</param>
    /// <exception cref="CheckpointException">It is no checkpoint, was changed, or is of another run.</exception>
    /// <exception cref="ArgumentException">Two parameters have one name.</exception>
    public static Checkpoint<T> From(SafeTensors saved, ReadOnlySpan<Variable> parameters, IReadOnlyDictionary<string, string>? run = null)
    {
        ArgumentNullException.ThrowIfNull(saved);
        CheckpointFormat.RequireDistinctNames(parameters);
        CheckpointFormat.Require(saved);
        var settings = CheckpointFormat.RunIn(saved);
        if (run is not null)
        {
            CheckpointFormat.RequireSameRun(saved.Source, settings, run);
        }

        var read = new HashSet<string>(StringComparer.Ordinal);
        var point = Point<T>.Of(Entries(saved, CheckpointFormat.Parameter, parameters, read, all: true));
        var gradient = GradientMap<Tensor<T>>.Of(Entries(saved, CheckpointFormat.Gradient, parameters, read));
        var moments = new GradientMap<Tensor<T>>[CheckpointFormat.Number(saved, CheckpointFormat.Moments, CheckpointFormat.MostMoments)];
        for (var k = 0; k < moments.Length; k++)
        {
            moments[k] = GradientMap<Tensor<T>>.Of(Entries(saved, CheckpointFormat.Moment(k), parameters, read));
        }

        var state = new TrainingState<T>(
            CheckpointFormat.Number(saved, CheckpointFormat.Step, int.MaxValue),
            point,
            [.. moments],
            Scalar<T>(saved, CheckpointFormat.Loss, read),
            gradient,
            Scalar<double>(saved, CheckpointFormat.Rate, read));
        var checkpoint = Checkpoint.Of(state).WithRun(settings);
        if (GeneratorIn(saved, read) is { } generator)
        {
            checkpoint = checkpoint.WithGenerator(generator);
        }

        foreach (var name in saved.Names.Where(name => !read.Contains(name)))
        {
            checkpoint = name.StartsWith(CheckpointFormat.Record, StringComparison.Ordinal)
                ? checkpoint.WithRecord(name[CheckpointFormat.Record.Length..], saved.Get<T>(name))
                : throw new CheckpointException(
                    $"{saved.Source} has the tensor {Quoted.Of(name)}, and this run has no such parameter; it has {Names(parameters)}: load it into the model that saved it");
        }

        return checkpoint;
    }

    private static SafeTensors WithAll(SafeTensors saved, string prefix, IEnumerable<KeyValuePair<Variable, Tensor<T>>> values) =>
        values.Aggregate(saved, (all, entry) => all.With(prefix + entry.Key.Name, entry.Value));

    // Every word of the generator is a whole number below 2³², which doubles hold exactly and every tool can read.
    private static SafeTensors WithGenerator(SafeTensors saved, MersenneTwisterState state)
    {
        var words = saved
            .With(CheckpointFormat.Words, Tensor.Generate([state.Words.Length], i => (double)state.Words[i]))
            .WithMetadata(CheckpointFormat.Position, state.Position.ToString(CultureInfo.InvariantCulture));
        return state.Kept is { } kept ? words.With(CheckpointFormat.Kept, Tensor.Scalar(kept)) : words;
    }

    private static MersenneTwister? GeneratorIn(SafeTensors saved, HashSet<string> read)
    {
        if (!saved.Contains(CheckpointFormat.Words))
        {
            return null;
        }

        read.Add(CheckpointFormat.Words);
        var numbers = saved.Get<double>(CheckpointFormat.Words);
        var words = new uint[numbers.Size];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (uint)Math.Clamp(numbers.Values[i], 0, uint.MaxValue);
            if (words[i] != numbers.Values[i])
            {
                throw new CheckpointException(string.Create(
                    CultureInfo.InvariantCulture, $"{saved.Source}: word {i} of {CheckpointFormat.Words} is {numbers.Values[i]}; it should be a whole number from 0 to {uint.MaxValue}"));
            }
        }

        double? kept = saved.Contains(CheckpointFormat.Kept) ? Scalar<double>(saved, CheckpointFormat.Kept, read) : null;
        try
        {
            return MersenneTwister.Restore(new([.. words], CheckpointFormat.Number(saved, CheckpointFormat.Position, int.MaxValue), kept));
        }
        catch (ArgumentException problem)
        {
            throw new CheckpointException($"{saved.Source}: the generator cannot be restored: {problem.Message}");
        }
    }

    private static TOther Scalar<TOther>(SafeTensors saved, string name, HashSet<string> read)
        where TOther : struct, IBinaryFloatingPointIeee754<TOther>
    {
        var value = saved.Get<TOther>(name);
        read.Add(name);
        return value.Shape.IsScalar
            ? value.ToScalar()
            : throw new CheckpointException($"{saved.Source}: {name} has the shape {value.Shape}; it should be a scalar");
    }

    // The entries of a map that the file has; of the parameters it has every one.
    private static (Variable Variable, Tensor<T> Value)[] Entries(
        SafeTensors saved, string prefix, ReadOnlySpan<Variable> parameters, HashSet<string> read, bool all = false)
    {
        var entries = new List<(Variable, Tensor<T>)>();
        foreach (var parameter in parameters)
        {
            var name = prefix + parameter.Name;
            if (saved.Contains(name) || all)
            {
                var value = saved.Get<T>(name);
                read.Add(name);
                entries.Add(value.Shape == parameter.Shape
                    ? (parameter, value)
                    : throw new CheckpointException(
                        $"{saved.Source}: the tensor {name} has the shape {value.Shape}, and the parameter {parameter.Name} of this run {parameter.Shape}; load it into a model of the sizes that saved it"));
            }
        }

        return [.. entries];
    }

    private static string Names(ReadOnlySpan<Variable> parameters)
    {
        const int shown = 10;
        return parameters.IsEmpty ? "none" : string.Join(", ", parameters.ToArray().Take(shown).Select(parameter => parameter.Name))
            + (parameters.Length > shown ? $", … ({parameters.Length} in all)" : "");
    }
}
