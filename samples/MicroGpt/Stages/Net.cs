using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// A small network that sees one letter and weighs the next: an embedding, a hidden layer, an output layer. The loss is a
/// formula, and so is its gradient, which nobody had to work out.
/// </summary>
internal sealed class Net : IStage
{
    public const int Width = 16;
    public const int HiddenUnits = 64;
    public const int Parameters = (Alphabet.Size * Width) + (HiddenUnits * Width) + (Alphabet.Size * HiddenUnits);

    /// <summary>The standard deviation that weights are drawn with.</summary>
    public const double Deviation = 0.08;

    /// <summary>What logits are divided by before names are drawn: below 1, likely letters become likelier.</summary>
    public const double Temperature = 0.5;

    private readonly Variable _embedding = Expr.Variable("embedding", [Alphabet.Size, Width]);
    private readonly Layer _hidden = Layer.Of(Width, HiddenUnits, Activation.Relu, bias: false, name: " hidden");
    private readonly Layer _output = Layer.Of(HiddenUnits, Alphabet.Size, Activation.Linear, bias: false, name: " output");

    public string Name => "net";

    public string Summary => "a small net from letter to next letter, differentiated automatically";

    public string Method => "gradient descent, rate 1 falling to 0";

    public int ParameterCount => Parameters;

    public (IEnumerable<Learned> Training, MersenneTwister Next) Begin(
        ImmutableArray<ImmutableArray<int>> documents, int steps, MersenneTwister generator)
    {
        var (start, next) = Initial(generator);
        var losses = documents.Select(document => document.Length - 1).Distinct().ToImmutableDictionary(length => length, LossOf);
        var letter = Expr.Variable("letter");
        var weights = (Logits(letter) / Temperature).Softmax(-1);

        var training = GradientDescent
            .Train(length => losses[length].Loss, Batch, TrainingState<double>.Start(start), Schedules.Linear(1, 0, steps))
            .Select(state => new Learned(
                state.Step, state.Loss, letters => [.. weights.Evaluate(state.Point.With(letter, (double)letters[^1])).Values]));
        return (training, next);

        (int Length, Point<double> Data) Batch(int step)
        {
            var document = documents[step % documents.Length];
            return (document.Length - 1, losses[document.Length - 1].DataOf(document));
        }
    }

    /// <summary>The weights, drawn row by row.</summary>
    internal (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator)
    {
        var (embedding, afterEmbedding) = generator.Fill(_embedding.Shape, Draw);
        var (hidden, afterHidden) = _hidden.Initial(afterEmbedding, Draw);
        var (output, next) = _output.Initial(afterHidden, Draw);
        return (Point.Of((_embedding, embedding)).With(hidden).With(output), next);

        static (double Value, MersenneTwister Next) Draw(MersenneTwister generator) => generator.Gauss(0, Deviation);
    }

    /// <summary>The loss of a document with so many letters to guess.</summary>
    internal DocumentLoss LossOf(int length)
    {
        var letters = Expr.Variable("letters", [length]);
        var targets = Expr.Variable("targets", [length]);
        return new(Loss.CrossEntropy(Logits(letters), targets), letters, targets);
    }

    private Expr Logits(Expr letters) => _output.Apply(_hidden.Apply(_embedding.Gather(letters, 0)));
}

/// <summary>A loss as a formula over the letters of a document and those that follow them.</summary>
internal sealed record DocumentLoss(Expr Loss, Variable Letters, Variable Targets)
{
    /// <summary>A document as a point over the data variables.</summary>
    public Point<double> DataOf(ImmutableArray<int> document) => Point.Of(
        (Letters, Tensor.Generate(Letters.Shape, i => (double)document[i])),
        (Targets, Tensor.Generate(Targets.Shape, i => (double)document[i + 1])));
}
