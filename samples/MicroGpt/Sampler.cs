using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>How names are made up.</summary>
/// <param name="Temperature">What logits are divided by, above 0: below 1, likely letters become likelier.</param>
/// <param name="Longest">How many letters a name may have.</param>
internal sealed record Sampling(double Temperature, int Longest);

/// <summary>Makes up names: letter after letter, each drawn by its weight, until a boundary is drawn.</summary>
internal static class Sampler
{
    /// <summary>Names without end; each is made as it is asked for.</summary>
    public static IEnumerable<string> Names(NextLetter model, Sampling sampling, MersenneTwister generator)
    {
        while (true)
        {
            (var name, generator) = Draw(model, sampling, generator);
            yield return name;
        }
    }

    public static (string Name, MersenneTwister Next) Draw(NextLetter model, Sampling sampling, MersenneTwister generator)
    {
        var letters = new List<int> { Alphabet.Boundary };
        while (letters.Count <= sampling.Longest)
        {
            (var letter, generator) = generator.Choice(Weights(model([.. letters]), sampling.Temperature).AsSpan());
            if (letter == Alphabet.Boundary)
            {
                break;
            }

            letters.Add(letter);
        }

        return (string.Concat(letters.Skip(1).Select(Alphabet.Letter)), generator);
    }

    // The difference comes first, so that the smallest temperature makes zeros of it and no NaN.
    private static ImmutableArray<double> Weights(ImmutableArray<double> logits, double temperature)
    {
        var greatest = logits.Max();
        return [.. logits.Select(logit => logit == greatest ? 1 : Math.Exp((logit - greatest) / temperature))];
    }
}
