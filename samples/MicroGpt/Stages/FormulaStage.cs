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

    /// <summary>The logits of the letter after each of some letters, [..., n] to [..., n, 27].</summary>
    protected abstract Expr Logits(Expr letters);

    /// <summary>The sum of the losses of names of several lengths.</summary>
    internal Expr LossOf(TextBatch names) => Loss.CrossEntropyByText(Logits(names.Tokens), names.Targets, names.Mask).Sum();

    // A graph for each number of names and each of a few lengths, to which all names of a part are padded.
    private IEnumerable<Learned<T>> Train<T>(Lessons lessons, TrainingState<T> start)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var longest = lessons.Documents.Max(LengthOf);
        var batches = lessons.SizesOfParts.SelectMany(count => LengthsUpTo(longest).Select(length => (Count: count, Length: length)))
            .ToImmutableDictionary(key => key, key => TextBatch.Variables(key.Count, key.Length));
        var rate = Schedules.Linear(Rate, 0, lessons.Steps);
        var model = ToModel<T>();
        return lessons.Batch <= Lessons.NamesOfPart ? AtOneGo() : Optimiser
            .TrainInParallel(MeanOver, Parts, start, rate, lessons.Workers, keepGradient: false)
            .Select(state => After(state, [state.Loss]));

        IEnumerable<Learned<T>> AtOneGo()
        {
            var train = Optimiser.ToFold<T, (int, int)>(MeanOver, Parameters.AsSpan());
            for (var state = start; ;)
            {
                (state, var losses) = train(state, lessons.StepsToPauseFrom(state.Step).Select(LessonOf));
                yield return After(state, losses);
            }
        }

        Learned<T> After(TrainingState<T> state, ImmutableArray<T> losses) =>
            new(state, model(state.Point), [.. losses.Select(double.CreateChecked)]);

        ((int, int), Point<T>, double) LessonOf(int step)
        {
            var (key, data) = Parts(step)[0];
            return (key, data, rate(step));
        }

        Expr MeanOver((int, int) key) => LossOf(batches[key]) / lessons.Batch;

        ImmutableArray<((int, int), Point<T>)> Parts(int step) => [.. lessons.PartsOf(step).Select(PartOf)];

        ((int, int), Point<T>) PartOf(ImmutableArray<ImmutableArray<int>> names)
        {
            var key = (names.Length, TextBatch.PaddedPositions(names.Max(LengthOf), longest));
            return (key, batches[key].PointOf<T>(names.AsSpan()));
        }
    }

    // A program for each of a few lengths; what stands behind the letters so far is not looked at.
    private Func<Point<T>, NextLetter> ToModel<T>()
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var programs = LengthsUpTo(Longest).ToImmutableDictionary(positions => positions, positions => new Lazy<NextLetterProgram<T>>(() => NextLetterIn<T>(positions)));
        return point => letters => programs[TextBatch.PaddedPositions(letters.Length, Longest)].Value.LogitsAt(point, letters);
    }

    private static IEnumerable<int> LengthsUpTo(int longest) =>
        Enumerable.Range(1, longest).Select(length => TextBatch.PaddedPositions(length, longest)).Distinct();

    private int LengthOf(ImmutableArray<int> document) => Math.Min(document.Length - 1, Context);

    private NextLetterProgram<T> NextLetterIn<T>(int positions)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var letters = Expr.Variable("letters", [positions]);
        return new(Logits(letters).Compile<T>(), letters);
    }

    private sealed record NextLetterProgram<T>(CompiledFunction<T> Logits, Variable Letters)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        public ImmutableArray<double> LogitsAt(Point<T> parameters, ImmutableArray<int> letters)
        {
            var padded = Tensor.Generate(Letters.Shape, i => i < letters.Length ? T.CreateChecked(letters[i]) : T.Zero);
            return [.. Logits.Invoke(parameters.With(Letters, padded))[0].At(letters.Length - 1).To<double>().Values];
        }
    }
}
