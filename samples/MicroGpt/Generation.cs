using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>Names from a saved model.</summary>
internal static class Generation
{
    public static void Run(string file, double? temperature, ulong? seed, int count, TextWriter output, CancellationToken cancellation)
    {
        var (stage, saved, single) = SavedRun.Open(file);
        var (model, kept) = single ? Restored<float>(file, saved, stage) : Restored<double>(file, saved, stage);
        var generator = seed is { } given ? MersenneTwister.FromSeed(given) : kept ?? throw new UserErrorException(
            $"{file} holds no random numbers to go on with; give a --seed");
        var sampling = new Sampling(temperature ?? stage.Temperature, stage.Longest);
        foreach (var name in Sampler.Names(model, sampling, generator).Take(count))
        {
            cancellation.ThrowIfCancellationRequested();
            output.WriteLine(name);
            output.Flush();
        }
    }

    private static (NextLetter Model, MersenneTwister? Generator) Restored<T>(string file, SafeTensors saved, IStage stage)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var learner = TrainingRun.In<T>(stage);
        var checkpoint = SavedRun.Restore(file, saved, learner);
        return (learner.ToModel()(checkpoint.State.Point), checkpoint.Generator);
    }
}
