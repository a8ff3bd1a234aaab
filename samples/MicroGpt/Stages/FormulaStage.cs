using System.Collections.Immutable;
using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// A stage that is a formula from letters to logits. Its loss is a formula too, and so is the gradient, which nobody had to
/// work out; an optimiser makes steps of both.
/// </summary>
internal abstract class FormulaStage : IStage<double>, IStage<float>
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

    IEnumerable<Learned<double>> IStage<double>.Train(Lessons lessons, TrainingState<double> start) => Train(lessons, start);

    IEnumerable<Learned<float>> IStage<float>.Train(Lessons lessons, TrainingState<float> start) => Train(lessons, start);

    Func<Point<double>, NextLetter> IStage<double>.ToModel() => ToModel<double>();

    Func<Point<float>, NextLetter> IStage<float>.ToModel() => ToModel<float>();

    /// <summary>The loss of a document with so many letters to guess.</summary>
    internal DocumentLoss LossOf(int length)
    {
        var letters = Expr.Variable("letters", [length]);
        var targets = Expr.Variable("targets", [length]);
        return new(Loss.CrossEntropy(Logits(letters), targets), letters, targets);
    }

    /// <summary>The logits of the letter after each of some letters, [..., n] to [..., n, 27].</summary>
    protected abstract Expr Logits(Expr letters);

    /// <summary>The sum of the losses of names of several lengths.</summary>
    internal Expr LossOf(TextBatch names) => Loss.CrossEntropyByText(Logits(names.Tokens), names.Targets, names.Mask).Sum();

    private IEnumerable<Learned<T>> Train<T>(Lessons lessons, TrainingState<T> start)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var model = ToModel<T>();
        var states = lessons.Batch == 1 ? NameByName(lessons, start) : InBatches(lessons, start);
        return states.Select(state => new Learned<T>(state, model(state.Point)));
    }

    // Nothing is padded: a graph for each length.
    private IEnumerable<TrainingState<T>> NameByName<T>(Lessons lessons, TrainingState<T> start)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var losses = lessons.Documents.Select(LengthOf).Distinct().ToImmutableDictionary(length => length, LossOf);
        return Optimiser.Train(length => losses[length].Loss, Next, start, RateOver(lessons.Steps), keepGradient: false);

        (int Length, Point<T> Data) Next(int step)
        {
            var document = lessons.Documents[step % lessons.Documents.Length];
            var length = LengthOf(document);
            return (length, losses[length].DataOf<T>(document));
        }
    }

    // A graph for each number of names and each of a few lengths, to which all names of a part are padded.
    private IEnumerable<TrainingState<T>> InBatches<T>(Lessons lessons, TrainingState<T> start)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var longest = lessons.Documents.Max(LengthOf);
        var lengths = Enumerable.Range(1, longest).Select(length => TextBatch.PaddedPositions(length, longest)).Distinct();
        var counts = new[] { Math.Min(lessons.Batch, Lessons.NamesOfPart), lessons.Batch % Lessons.NamesOfPart }.Where(count => count > 0).Distinct();
        var batches = counts.SelectMany(count => lengths.Select(length => (count, length)))
            .ToImmutableDictionary(key => key, key => TextBatch.Variables(key.count, key.length));
        return lessons.Batch <= Lessons.NamesOfPart
            ? Optimiser.Train(MeanOver, step => Parts(step)[0], start, RateOver(lessons.Steps), keepGradient: false)
            : Optimiser.TrainInParallel(MeanOver, Parts, start, RateOver(lessons.Steps), lessons.Workers, keepGradient: false);

        Expr MeanOver((int, int) key) => LossOf(batches[key]) / lessons.Batch;

        ImmutableArray<((int, int), Point<T>)> Parts(int step) => [.. lessons.PartsOf(step).Select(Part)];

        ((int, int), Point<T>) Part(ImmutableArray<ImmutableArray<int>> names)
        {
            var key = (names.Length, TextBatch.PaddedPositions(names.Max(LengthOf), longest));
            return (key, batches[key].PointOf<T>(names.AsSpan()));
        }
    }

    private Func<Point<T>, NextLetter> ToModel<T>()
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var nextLetters = Enumerable.Range(1, Longest).Select(length => new Lazy<NextLetterProgram<T>>(() => NextLetterAfter<T>(length))).ToImmutableArray();
        return point => letters => nextLetters[letters.Length - 1].Value.LogitsAt(point, letters);
    }

    private Schedule RateOver(int steps) => Schedules.Linear(Rate, 0, steps);

    private int LengthOf(ImmutableArray<int> document) => Math.Min(document.Length - 1, Context);

    private NextLetterProgram<T> NextLetterAfter<T>(int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var letters = Expr.Variable("letters", [length]);
        return new(Logits(letters).At(-1).Compile<T>(), letters);
    }

    private sealed record NextLetterProgram<T>(CompiledFunction<T> Logits, Variable Letters)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        public ImmutableArray<double> LogitsAt(Point<T> parameters, ImmutableArray<int> letters)
        {
            var at = parameters.With(Letters, Tensor.Generate(Letters.Shape, i => T.CreateChecked(letters[i])));
            return [.. Logits.Invoke(at)[0].To<double>().Values];
        }
    }
}

/// <summary>A loss as a formula over the letters of a document and those that follow them.</summary>
internal sealed record DocumentLoss(Expr Loss, Variable Letters, Variable Targets)
{
    /// <summary>A document as a point over the data variables.</summary>
    public Point<T> DataOf<T>(ImmutableArray<int> document)
        where T : struct, IBinaryFloatingPointIeee754<T> => Point.Of(
        (Letters, Tensor.Generate(Letters.Shape, i => T.CreateChecked(document[i]))),
        (Targets, Tensor.Generate(Targets.Shape, i => T.CreateChecked(document[i + 1]))));
}
