using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>The weights of the net, or a gradient by them.</summary>
/// <param name="Embedding">A row of 16 numbers for each letter.</param>
/// <param name="Hidden">64 hidden units of 16 numbers.</param>
/// <param name="Output">A row of 64 numbers for each next letter.</param>
internal sealed record NetWeights(Matrix Embedding, Matrix Hidden, Matrix Output)
{
    public static NetWeights operator -(NetWeights left, NetWeights right) =>
        new(left.Embedding - right.Embedding, left.Hidden - right.Hidden, left.Output - right.Output);

    public static NetWeights operator *(double scale, NetWeights weights) =>
        new(scale * weights.Embedding, scale * weights.Hidden, scale * weights.Output);
}

/// <summary>
/// The net with its gradient worked out on paper, over plain immutable arrays: what automatic differentiation saves, and
/// what it is checked against.
/// </summary>
internal sealed class NetByHand : IStage<double>
{
    public string Name => "net-by-hand";

    public string Summary => "a small net from letter to next letter, its gradient written by hand";

    public string Method => "gradient descent, rate 1 falling to 0";

    public ImmutableArray<Variable> Parameters { get; } =
    [
        Expr.Variable("embedding", [Alphabet.Size, Net.Width]),
        Expr.Variable("hidden", [Net.HiddenUnits, Net.Width]),
        Expr.Variable("output", [Alphabet.Size, Net.HiddenUnits]),
    ];

    public int ParameterCount => Parameters.Sum(parameter => parameter.Shape.Size);

    public double Temperature => 0.5;

    public int Longest => IStage.LongestUnlessSaid;

    public (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator) =>
        generator.Fill(Parameters.AsSpan(), static g => g.Gauss(0, FormulaStage.Deviation));

    public IEnumerable<Learned<double>> Train(Lessons lessons, TrainingState<double> start)
    {
        var rate = Schedules.Linear(1, 0, lessons.Steps);
        var model = ToModel();
        for (var state = start; ;)
        {
            var weights = WeightsAt(state.Point);
            var (loss, gradient) = LossAndGradient(weights, lessons.Documents[state.Step % lessons.Documents.Length]);
            var learned = weights - (rate(state.Step) * gradient);
            state = new(state.Step + 1, Point<double>.Of(Entries(learned)), [], loss, GradientMap<Tensor<double>>.Of(Entries(gradient)), rate(state.Step));
            yield return new(state, model(state.Point), [loss]);
        }
    }

    public Func<Point<double>, NextLetter> ToModel() => point =>
    {
        var weights = new Lazy<NetWeights>(() => WeightsAt(point));
        return letters => Logits(weights.Value, letters[^1]);
    };

    /// <summary>The loss of a document and its gradient.</summary>
    internal static (double Loss, NetWeights Gradient) LossAndGradient(NetWeights weights, ImmutableArray<int> document)
    {
        var positions = document.Length - 1;
        var at = Enumerable.Range(0, positions).Select(position => Position(weights, document[position], document[position + 1], positions)).ToImmutableArray();
        return (
            at.Average(position => position.Surprise),
            new(
                // A row of the embedding is used wherever its letter stands, so its gradient is the sum over those places.
                Matrix.Generate(Alphabet.Size, Net.Width, (letter, k) =>
                    Matrix.Sum(positions, p => document[p] == letter ? at[p].ByEmbedded[k] : 0)),
                Matrix.Generate(Net.HiddenUnits, Net.Width, (unit, k) =>
                    Matrix.Sum(positions, p => at[p].ByWeighted[unit] * at[p].Embedded[k])),
                Matrix.Generate(Alphabet.Size, Net.HiddenUnits, (letter, unit) =>
                    Matrix.Sum(positions, p => at[p].ByLogits[letter] * at[p].Activated[unit]))));
    }

    private (Variable, Tensor<double>)[] Entries(NetWeights weights) =>
        [.. Parameters.Zip([weights.Embedding, weights.Hidden, weights.Output], (parameter, matrix) => (parameter, Tensor.Of(parameter.Shape, matrix.Entries.AsSpan())))];

    private NetWeights WeightsAt(Point<double> point)
    {
        return new(At(0), At(1), At(2));

        Matrix At(int i) => new(Parameters[i].Shape[0], Parameters[i].Shape[1], [.. point[Parameters[i]].Values]);
    }

    private static OnePosition Position(NetWeights weights, int letter, int target, int positions)
    {
        var embedded = weights.Embedding.Row(letter);
        var weighted = weights.Hidden.Times(embedded);
        var activated = Matrix.Vector(weighted.Length, i => Math.Max(weighted[i], 0));
        var probabilities = Softmax(weights.Output.Times(activated));

        // ∂(−ln p(target))/∂logitᵢ = pᵢ − [i = target]; the loss is the mean over the positions.
        var byLogits = Matrix.Vector(Alphabet.Size, i => (probabilities[i] - (i == target ? 1 : 0)) / positions);
        var byActivated = weights.Output.TransposeTimes(byLogits);
        var byWeighted = Matrix.Vector(weighted.Length, i => weighted[i] > 0 ? byActivated[i] : 0);
        return new(
            -Math.Log(probabilities[target]), embedded, activated, byLogits, byWeighted, weights.Hidden.TransposeTimes(byWeighted));
    }

    private static ImmutableArray<double> Logits(NetWeights weights, int letter)
    {
        var weighted = weights.Hidden.Times(weights.Embedding.Row(letter));
        return weights.Output.Times(Matrix.Vector(weighted.Length, i => Math.Max(weighted[i], 0)));
    }

    private static ImmutableArray<double> Softmax(ImmutableArray<double> logits)
    {
        var greatest = logits.Max();
        var powers = Matrix.Vector(logits.Length, i => Math.Exp(logits[i] - greatest));
        var total = powers.Sum();
        return Matrix.Vector(logits.Length, i => powers[i] / total);
    }

    private sealed record OnePosition(
        double Surprise,
        ImmutableArray<double> Embedded,
        ImmutableArray<double> Activated,
        ImmutableArray<double> ByLogits,
        ImmutableArray<double> ByWeighted,
        ImmutableArray<double> ByEmbedded);
}
