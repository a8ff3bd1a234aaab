using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// One run of one stage, from a seed: names are shuffled, the model is drawn, it learns one name a step, and then it makes
/// up names of its own. One stream of random numbers runs through all of it, so a seed settles everything.
/// </summary>
internal sealed class Experiment
{
    private readonly MersenneTwister _generator;

    private Experiment(IEnumerable<Learned> training, MersenneTwister generator)
    {
        Training = training;
        _generator = generator;
    }

    /// <summary>What was learned after each step; computed as it is asked for.</summary>
    public IEnumerable<Learned> Training { get; }

    public static Experiment Begin(IStage stage, ImmutableArray<string> names, int steps, ulong seed)
    {
        var (shuffled, afterShuffle) = MersenneTwister.FromSeed(seed).Shuffle(names.AsSpan());
        var (training, next) = stage.Begin([.. shuffled.Select(Alphabet.Encode)], steps, afterShuffle);
        return new(training.Take(steps), next);
    }

    /// <summary>Names that a model makes up, without end; each is made as it is asked for.</summary>
    public IEnumerable<string> Names(NextLetter model, Sampling sampling)
    {
        for (var generator = _generator; ;)
        {
            (var name, generator) = Sampler.Draw(model, sampling, generator);
            yield return name;
        }
    }
}
