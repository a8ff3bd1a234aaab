using System.Collections.Immutable;
using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// microgpt's 1,000 steps of training, one name each, Adam included; FunctionalGrad by the functions from state to state that
/// training steps give, one for each length of a name.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
internal sealed class GptTraining<T> : IComparison
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly GptByLoops<T> _byLoops = new();
    private readonly GptByVectors<T> _byVectors = new();
    private readonly ImmutableDictionary<int, GptLoss> _losses = GptSetup.Documents.Select(GptSetup.LengthOf).Distinct()
        .ToImmutableDictionary(length => length, length => new GptLoss(length));
    private readonly Point<T>[] _data;
    private readonly Point<T> _start = GptSetup.Start.To<T>();
    private ImmutableDictionary<int, Func<TrainingState<T>, Point<T>, double, TrainingState<T>>>? _steps;
    private ImmutableDictionary<int, CompiledFunction<T>>? _functions;

    public GptTraining() =>
        _data = [.. GptSetup.Documents.Select(document => _losses[GptSetup.LengthOf(document)].DataOf(document).To<T>())];

    public bool HasTuned => true;

    public int JobsPerCall => GptSetup.Steps;

    public long? WorkingBytes => null;

    public string Listing => "(the programs are those of the step on one name, one for each length)";

    // The gradients are built with the losses.
    public void Build()
    {
    }

    // Functions from state to state decide by themselves when to make code; a thousand steps are calls enough.
    public void Compile(CodeGeneration generation) =>
        _steps = _losses.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Step.ToFunction<T>());

    public void Check()
    {
        var expected = (T[])Straightforward();
        Agreement.Require<T>("training by the compiled steps", [expected], [(T[])Compiled()]);
        Agreement.Require<T>("the tuned version", [expected], [(T[])Tuned()]);
    }

    public object Straightforward() => By(_byLoops);

    public object Tuned() => By(_byVectors);

    public object Compiled()
    {
        var losses = new T[GptSetup.Steps];
        var state = TrainingState<T>.Start(_start);
        for (var step = 0; step < losses.Length; step++)
        {
            state = _steps![GptSetup.LengthOf(GptSetup.Documents[step])](state, _data[step], GptSetup.RateAt(step));
            losses[step] = state.Loss;
        }

        return losses;
    }

    /// <summary>The losses of all names, at the first parameters.</summary>
    public object FunctionAlone()
    {
        _functions ??= _losses.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Step.Loss.Compile<T>());
        var losses = new T[GptSetup.Steps];
        for (var step = 0; step < losses.Length; step++)
        {
            losses[step] = _functions[GptSetup.LengthOf(GptSetup.Documents[step])].Invoke(_start.With(_data[step]))[0].ToScalar();
        }

        return losses;
    }

    private static T[] By(IGptByHand<T> way)
    {
        var losses = new T[GptSetup.Steps];
        var state = GptState<T>.Start();
        for (var step = 0; step < losses.Length; step++)
        {
            losses[step] = way.Step(state, state, GptSetup.Documents[step], GptSetup.RateAt(step), step + 1);
        }

        return losses;
    }
}
