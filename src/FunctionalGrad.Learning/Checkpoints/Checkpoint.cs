using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>
/// A training run written down: its state, the generator of its random numbers, and what tells it from other runs. Restored
/// from its file, training goes on as if it had never stopped, bit for bit. An immutable value.
/// </summary>
/// <remarks>
/// The file is one of <see cref="SafeTensors"/>, so other tools can read the parameters (<c>parameter/NAME</c>). Parameters are
/// kept by the names of their variables. The text holds a SHA-256 digest of all the rest: a file that changed by a single bit
/// is refused.
/// </remarks>
/// <typeparam name="T">The precision of the training.</typeparam>
/// <example><code>
/// var w = Expr.Variable("w");
/// var states = Optimiser.GradientDescent.Train(w * w, Point.Of((w, 8.0)), Schedules.Constant(0.25));
/// var saved = Checkpoint.Of(states.First()).WithRun("seed", "42").ToSafeTensors();
/// saved.Get&lt;double>("parameter/w");                                // 4
/// Checkpoint&lt;double>.From(saved, [w]).State.Point;                 // { w ↦ 4 }
/// Checkpoint&lt;double>.From(saved, [w]).State == states.First();     // True
/// </code></example>
public sealed partial class Checkpoint<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    internal Checkpoint(
        TrainingState<T> state,
        MersenneTwister? generator,
        ImmutableSortedDictionary<string, string> run,
        ImmutableSortedDictionary<string, Tensor<T>> records)
    {
        (State, Generator, Run, Records) = (state, generator, run, records);
    }

    /// <summary>Where training stands: parameters, moments of the optimiser, step, and what the last step saw.</summary>
    public TrainingState<T> State { get; }

    /// <summary>Where the random numbers stand, if any are still to be drawn.</summary>
    public MersenneTwister? Generator { get; }

    /// <summary>What tells this run from others, such as its seed, its sizes and a hash of its data.</summary>
    public ImmutableSortedDictionary<string, string> Run { get; }

    /// <summary>What else was kept, by name, such as the losses of all steps so far.</summary>
    public ImmutableSortedDictionary<string, Tensor<T>> Records { get; }

    /// <summary>This checkpoint with a generator.</summary>
    /// <param name="generator">Where the random numbers stand.</param>
    public Checkpoint<T> WithGenerator(MersenneTwister generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new(State, generator, Run, Records);
    }

    /// <summary>This checkpoint with one more setting of the run, added or replaced.</summary>
    /// <param name="setting">Which setting.</param>
    /// <param name="value">Its value, as text.</param>
    public Checkpoint<T> WithRun(string setting, string value)
    {
        ArgumentNullException.ThrowIfNull(setting);
        ArgumentNullException.ThrowIfNull(value);
        return new(State, Generator, Run.SetItem(setting, value), Records);
    }

    /// <summary>This checkpoint with more settings of the run, added or replaced.</summary>
    /// <param name="settings">The settings and their values.</param>
    public Checkpoint<T> WithRun(IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(State, Generator, Run.SetItems(settings), Records);
    }

    /// <summary>This checkpoint with one more record, added or replaced.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="record">What to keep.</param>
    public Checkpoint<T> WithRecord(string name, Tensor<T> record)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(record);
        return new(State, Generator, Run, Records.SetItem(name, record));
    }

    /// <summary>Saves the file, replacing one that is there: at every moment the old one or the new one is there, whole.</summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <exception cref="IOException">The file cannot be written, or somebody else is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path) => ToSafeTensors().Write(path);

    /// <summary>The checkpoint in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The variables that the run trains; the file has a tensor of the name and shape of each, and no other.</param>
    /// <param name="run">The settings of the run that is to go on: all that the file has, with the same values. Not compared when omitted.</param>
    /// <exception cref="CheckpointException">The file is damaged, is no checkpoint, or is one of another run; the message says
    /// what differs, and both values.</exception>
    /// <exception cref="ArgumentException">Two parameters have one name.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Checkpoint<T> Load(string path, ReadOnlySpan<Variable> parameters, IReadOnlyDictionary<string, string>? run = null) =>
        From(SafeTensors.Read(path), parameters, run);
}

/// <summary>Makes checkpoints, and looks into files that may be some.</summary>
public static class Checkpoint
{
    /// <summary>A checkpoint of where training stands.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="state">Where training stands.</param>
    /// <exception cref="ArgumentException">Two parameters have one name, by which a file could not tell them apart.</exception>
    public static Checkpoint<T> Of<T>(TrainingState<T> state)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(state);
        CheckpointFormat.RequireDistinctNames([.. state.Point.Variables]);
        return new(
            state,
            null,
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, Tensor<T>>(StringComparer.Ordinal));
    }

    /// <summary>
    /// The settings of the run that a checkpoint is of, before its parameters are known: from them, the model can be made that
    /// has those parameters.
    /// </summary>
    /// <param name="saved">What a file holds.</param>
    /// <exception cref="CheckpointException">It is no checkpoint, or it was changed after it was saved.</exception>
    public static ImmutableSortedDictionary<string, string> RunOf(SafeTensors saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        CheckpointFormat.Require(saved);
        return CheckpointFormat.RunIn(saved);
    }
}
