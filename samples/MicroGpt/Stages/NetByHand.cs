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
internal sealed class NetByHand : IStage
{
    public string Name => "net-by-hand";

    public string Summary => "a small net from letter to next letter, its gradient written by hand";

    public string Method => "gradient descent, rate 1 falling to 0";

    public int ParameterCount => (Alphabet.Size * Net.Width) + (Net.HiddenUnits * Net.Width) + (Alphabet.Size * Net.HiddenUnits);

    public double Temperature => 0.5;

    public int Longest => IStage.LongestUnlessSaid;

    public (IEnumerable<Learned> Training, MersenneTwister Next) Begin(
        ImmutableArray<ImmutableArray<int>> documents, int steps, MersenneTwister generator)
    {
        var (embedding, afterEmbedding) = Matrix.Draw(Alphabet.Size, Net.Width, FormulaStage.Deviation, generator);
        var (hidden, afterHidden) = Matrix.Draw(Net.HiddenUnits, Net.Width, FormulaStage.Deviation, afterEmbedding);
        var (output, next) = Matrix.Draw(Alphabet.Size, Net.HiddenUnits, FormulaStage.Deviation, afterHidden);
        return (Training(documents, Schedules.Linear(1, 0, steps), new(embedding, hidden, output)), next);
    }

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

    private static IEnumerable<Learned> Training(ImmutableArray<ImmutableArray<int>> documents, Schedule rate, NetWeights start)
    {
        var weights = start;
        for (var step = 0; ; step++)
        {
            var (loss, gradient) = LossAndGradient(weights, documents[step % documents.Length]);
            var learned = weights - (rate(step) * gradient);
            yield return new(step + 1, loss, letters => Logits(learned, letters[^1]));
            weights = learned;
        }
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
