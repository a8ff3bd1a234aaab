using System.Collections.Immutable;
using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// One run of one stage, from a seed: names are shuffled, the model is drawn, it learns one name a step or several, and then
/// it makes up names of its own. One stream of random numbers runs through all of it, so a seed settles everything.
/// </summary>
internal sealed class Experiment<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    internal Experiment(TrainingState<T> start, IEnumerable<Learned<T>> training, MersenneTwister generator) =>
        (Start, Training, Generator) = (start, training, generator);

    /// <summary>Where training stands before the first of the steps to come.</summary>
    public TrainingState<T> Start { get; }

    /// <summary>What was learned, after each step or after as many as were made at one go; computed as it is asked for.</summary>
    public IEnumerable<Learned<T>> Training { get; }

    /// <summary>Where the random numbers stand after the model was drawn: those of the names that it makes up.</summary>
    public MersenneTwister Generator { get; }

    /// <summary>Names that a model makes up, without end; each is made as it is asked for.</summary>
    public IEnumerable<string> Names(NextLetter model, Sampling sampling) => Sampler.Names(model, sampling, Generator);
}

/// <summary>Begins experiments.</summary>
internal static class Experiment
{
    /// <param name="resumed">What was saved of the same run, to go on from; none to begin.</param>
    /// <param name="pause">Whether to show what was learned after a step, counted from 1; after every one where nothing is given.</param>
    public static Experiment<T> Begin<T>(
        IStage<T> stage,
        ImmutableArray<string> names,
        int steps,
        ulong seed,
        Checkpoint<T>? resumed = null,
        int batch = 1,
        int? workers = null,
        Func<int, bool>? pause = null)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (shuffled, afterShuffle) = MersenneTwister.FromSeed(seed).Shuffle(names.AsSpan());
        var (point, next) = stage.Initial(afterShuffle);
        var start = resumed?.State ?? TrainingState<T>.Start(point.To<T>());
        var lessons = new Lessons([.. shuffled.Select(Alphabet.Encode)], steps, batch, workers, pause is null ? null : step => step == steps || pause(step));
        return new(start, Training(), resumed?.Generator ?? next);

        IEnumerable<Learned<T>> Training()
        {
            if (start.Step == steps)
            {
                yield break;
            }

            foreach (var learned in stage.Train(lessons, start))
            {
                yield return learned;
                if (learned.Step == steps)
                {
                    yield break;
                }
            }
        }
    }
}
