using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// How often each letter followed each other one, with one added to every count so that nothing is impossible. The table
/// is a fold over the names: every step makes a new one.
/// </summary>
internal sealed class Counts : IStage<double>
{
    private readonly Variable _counts = Expr.Variable("counts", [Alphabet.Size, Alphabet.Size]);

    public string Name => "counts";

    public string Summary => "a table of which letter followed which, and how often";

    public string Method => "counting, one added to every count";

    public ImmutableArray<Variable> Parameters => [_counts];

    public int ParameterCount => Parameters.Sum(parameter => parameter.Shape.Size);

    public double Temperature => 1;

    public int Longest => IStage.LongestUnlessSaid;

    /// <summary>Nothing is drawn: every count is 0.</summary>
    public (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator) =>
        (Point.Of((_counts, Tensor<double>.Zeros(_counts.Shape))), generator);

    public IEnumerable<Learned<double>> Train(Lessons lessons, TrainingState<double> start)
    {
        var model = ToModel();
        for (var state = start; ;)
        {
            var document = lessons.Documents[state.Step % lessons.Documents.Length];
            var table = state.Point[_counts];
            state = TrainingState<double>.Start(Point.Of((_counts, With(table, document)))) with
            {
                Step = state.Step + 1,
                Loss = LossOf(table, document),
            };
            yield return new(state, model(state.Point), [state.Loss]);
        }
    }

    public Func<Point<double>, NextLetter> ToModel() => point => letters => [.. Probabilities(point[_counts], letters[^1]).Select(Math.Log)];

    private static double LossOf(Tensor<double> table, ImmutableArray<int> document) =>
        document.Zip(document.Skip(1), (from, to) => -Math.Log(Probabilities(table, from)[to])).Average();

    private static Tensor<double> With(Tensor<double> table, ImmutableArray<int> document)
    {
        var counts = table.ToArray();
        for (var i = 1; i < document.Length; i++)
        {
            counts[(document[i - 1] * Alphabet.Size) + document[i]]++;
        }

        return Tensor.Of(table.Shape, counts);
    }

    private static ImmutableArray<double> Probabilities(Tensor<double> table, int from)
    {
        var row = table.Values.Slice(from * Alphabet.Size, Alphabet.Size);
        var total = (double)Alphabet.Size;
        foreach (var count in row)
        {
            total += count;
        }

        var probabilities = ImmutableArray.CreateBuilder<double>(row.Length);
        foreach (var count in row)
        {
            probabilities.Add((count + 1) / total);
        }

        return probabilities.MoveToImmutable();
    }
}
