using System.Text.Json;
using FunctionalGrad.Tests.Architecture;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

/// <summary>Figures that the published Python programs print, to be met whatever order sums are taken in.</summary>
internal sealed record Oracle(double[] Losses, string[]? Samples)
{
    /// <summary>How far from them a loss may be, relative to it.</summary>
    public const double Tolerance = 1e-9;

    /// <summary>The figures of a stage of MicroGpt on the names that come with it.</summary>
    public static Oracle OfGivenNames(string stage)
    {
        using var stream = typeof(Oracle).Assembly.GetManifestResourceStream("given-names.json")!;
        return Of(JsonDocument.Parse(stream), stage);
    }

    /// <summary>The figures of a stage on names.txt, which is outside the project.</summary>
    public static Oracle OfNames(string stage) => Of(JsonDocument.Parse(File.ReadAllText(Shared("oracles", "names.json"))), stage);

    /// <summary>Steps, losses and accuracies of the moons.</summary>
    public static double[][] OfMoons()
    {
        using var stream = typeof(Oracle).Assembly.GetManifestResourceStream("moons.json")!;
        return JsonSerializer.Deserialize<double[][]>(stream)!;
    }

    /// <summary>A file of the folder <c>shared</c> beside this project; where there is none, the test is skipped.</summary>
    public static string Shared(params string[] parts)
    {
        for (var folder = Repository.Root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine([folder, "shared", .. parts]);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"no folder above {Repository.Root} has {Path.Combine(["shared", .. parts])}, which this test compares with");
        return "";
    }

    public void IsMetBy(IReadOnlyList<double> losses)
    {
        Assert.Equal(Losses.Length, losses.Count);
        for (var i = 0; i < losses.Count; i++)
        {
            Assert.True(
                Math.Abs(losses[i] - Losses[i]) <= Tolerance * Losses[i], $"step {i + 1}: the loss is {losses[i]:R} and should be {Losses[i]:R}");
        }
    }

    private static Oracle Of(JsonDocument document, string stage)
    {
        var figures = document.RootElement.GetProperty(stage);
        return new(
            figures.GetProperty("losses").Deserialize<double[]>()!,
            figures.TryGetProperty("samples", out var samples) ? samples.Deserialize<string[]>() : null);
    }
}
