using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>Names from a saved model.</summary>
internal static class Generation
{
    public static void Run(string file, double? temperature, ulong? seed, int count, TextWriter output, CancellationToken cancellation)
    {
        var (stage, checkpoint) = SavedRun.Open(file);
        var generator = seed is { } given ? MersenneTwister.FromSeed(given) : checkpoint.Generator ?? throw new UserErrorException(
            $"{file} holds no random numbers to go on with; give a --seed");
        var sampling = new Sampling(temperature ?? stage.Temperature, stage.Longest);
        foreach (var name in Sampler.Names(stage.ToModel()(checkpoint.State.Point), sampling, generator).Take(count))
        {
            cancellation.ThrowIfCancellationRequested();
            output.WriteLine(name);
            output.Flush();
        }
    }
}
