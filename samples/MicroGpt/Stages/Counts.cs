using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// How often each letter followed each other one, with one added to every count so that nothing is impossible. The table
/// is a fold over the names: every step makes a new one.
/// </summary>
internal sealed class Counts : IStage
{
    private static readonly ImmutableArray<int> Nothing = ImmutableArray.Create(new int[Alphabet.Size * Alphabet.Size]);

    public string Name => "counts";

    public string Summary => "a table of which letter followed which, and how often";

    public string Method => "counting, one added to every count";

    public int ParameterCount => Alphabet.Size * Alphabet.Size;

    public double Temperature => 1;

    public int Longest => IStage.LongestUnlessSaid;

    public (IEnumerable<Learned> Training, MersenneTwister Next) Begin(
        ImmutableArray<ImmutableArray<int>> documents, int steps, MersenneTwister generator) =>
        (Training(documents), generator);

    private static IEnumerable<Learned> Training(ImmutableArray<ImmutableArray<int>> documents)
    {
        var table = Nothing;
        for (var step = 0; ; step++)
        {
            var document = documents[step % documents.Length];
            var loss = Loss(table, document);
            var learned = With(table, document);
            yield return new(step + 1, loss, letters => [.. Probabilities(learned, letters[^1]).Select(Math.Log)]);
            table = learned;
        }
    }

    private static double Loss(ImmutableArray<int> table, ImmutableArray<int> document) =>
        document.Zip(document.Skip(1), (from, to) => -Math.Log(Probabilities(table, from)[to])).Average();

    private static ImmutableArray<int> With(ImmutableArray<int> table, ImmutableArray<int> document)
    {
        var counts = table.ToBuilder();
        for (var i = 1; i < document.Length; i++)
        {
            counts[(document[i - 1] * Alphabet.Size) + document[i]]++;
        }

        return counts.MoveToImmutable();
    }

    private static ImmutableArray<double> Probabilities(ImmutableArray<int> table, int from)
    {
        var row = table.AsSpan(from * Alphabet.Size, Alphabet.Size);
        var total = Alphabet.Size;
        foreach (var count in row)
        {
            total += count;
        }

        var probabilities = ImmutableArray.CreateBuilder<double>(row.Length);
        foreach (var count in row)
        {
            probabilities.Add((count + 1.0) / total);
        }

        return probabilities.MoveToImmutable();
    }
}
