using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// A stage that is a formula from letters to logits. Its loss is a formula too, and so is the gradient, which nobody had to
/// work out; an optimiser makes steps of both.
/// </summary>
internal abstract class FormulaStage : IStage
{
    /// <summary>The standard deviation that weights are drawn with.</summary>
    public const double Deviation = 0.08;

    public abstract string Name { get; }

    public abstract string Summary { get; }

    public string Method => FormattableString.Invariant($"{Optimiser}, rate {Rate} falling to 0");

    public abstract ImmutableArray<Variable> Parameters { get; }

    public int ParameterCount => Parameters.Sum(parameter => parameter.Shape.Size);

    public double Temperature => 0.5;

    public virtual int Longest => IStage.LongestUnlessSaid;

    protected abstract Optimiser Optimiser { get; }

    /// <summary>The learning rate of the first step.</summary>
    protected abstract double Rate { get; }

    /// <summary>How many letters of a document are looked at; the rest is left out.</summary>
    protected virtual int Context => int.MaxValue;

    /// <summary>The weights, drawn row by row.</summary>
    public (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator) =>
        generator.Fill(Parameters.AsSpan(), static g => g.Gauss(0, Deviation));

    public IEnumerable<Learned> Train(ImmutableArray<ImmutableArray<int>> documents, int steps, TrainingState<double> start)
    {
        var losses = documents.Select(LengthOf).Distinct().ToImmutableDictionary(length => length, LossOf);
        var model = ToModel();
        return Optimiser
            .Train(length => losses[length].Loss, Batch, start, Schedules.Linear(Rate, 0, steps))
            .Select(state => new Learned(state, model(state.Point)));

        (int Length, Point<double> Data) Batch(int step)
        {
            var document = documents[step % documents.Length];
            var length = LengthOf(document);
            return (length, losses[length].DataOf(document));
        }
    }

    public Func<Point<double>, NextLetter> ToModel()
    {
        var nextLetters = Enumerable.Range(1, Longest).Select(length => new Lazy<NextLetterFormula>(() => NextLetterAfter(length))).ToImmutableArray();
        return point => letters => nextLetters[letters.Length - 1].Value.LogitsAt(point, letters);
    }

    /// <summary>The loss of a document with so many letters to guess.</summary>
    internal DocumentLoss LossOf(int length)
    {
        var letters = Expr.Variable("letters", [length]);
        var targets = Expr.Variable("targets", [length]);
        return new(Loss.CrossEntropy(Logits(letters), targets), letters, targets);
    }

    /// <summary>The logits of the letter after each of some letters, [n] to [n, 27].</summary>
    protected abstract Expr Logits(Expr letters);

    private int LengthOf(ImmutableArray<int> document) => Math.Min(document.Length - 1, Context);

    private NextLetterFormula NextLetterAfter(int length)
    {
        var letters = Expr.Variable("letters", [length]);
        return new(Logits(letters).At(-1), letters);
    }

    private sealed record NextLetterFormula(Expr Logits, Variable Letters)
    {
        public ImmutableArray<double> LogitsAt(Point<double> parameters, ImmutableArray<int> letters) =>
            [.. Logits.Evaluate(parameters.With(Letters, Tensor.Generate(Letters.Shape, i => (double)letters[i]))).Values];
    }
}

/// <summary>A loss as a formula over the letters of a document and those that follow them.</summary>
internal sealed record DocumentLoss(Expr Loss, Variable Letters, Variable Targets)
{
    /// <summary>A document as a point over the data variables.</summary>
    public Point<double> DataOf(ImmutableArray<int> document) => Point.Of(
        (Letters, Tensor.Generate(Letters.Shape, i => (double)document[i])),
        (Targets, Tensor.Generate(Targets.Shape, i => (double)document[i + 1])));
}
