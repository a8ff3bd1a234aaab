using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>Makes up names: letter after letter, each drawn by its weight, until a boundary is drawn.</summary>
internal static class Sampler
{
    private const int Longest = 16;

    public static (string Name, MersenneTwister Next) Draw(NextLetter weights, MersenneTwister generator)
    {
        var letters = new List<int> { Alphabet.Boundary };
        while (letters.Count <= Longest)
        {
            (var letter, generator) = generator.Choice(weights([.. letters]).AsSpan());
            if (letter == Alphabet.Boundary)
            {
                break;
            }

            letters.Add(letter);
        }

        return (string.Concat(letters.Skip(1).Select(Alphabet.Letter)), generator);
    }
}
