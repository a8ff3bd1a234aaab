using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>Steps of training whose losses have several graphs, as one fold: all of them read and give the same state.</summary>
internal sealed class StepFold<T, TKey>
    where T : struct, IBinaryFloatingPointIeee754<T>
    where TKey : notnull
{
    private readonly Func<TKey, Expr> _loss;
    private readonly TrainingStep _alike;
    private readonly StateLayout<T> _state;

    // A memo of a pure function: what it holds can be made again at any time, and nobody outside sees it.
    private readonly ConcurrentDictionary<TKey, Program> _programs = [];

    public StepFold(Func<TKey, Expr> loss, ReadOnlySpan<Variable> parameters, Optimiser optimiser)
    {
        _loss = loss;
        _alike = TrainingStep.Of(Expr.Zero, parameters, optimiser);
        _state = new(_alike);
    }

    public (TrainingState<T> State, ImmutableArray<T> Losses) Run(TrainingState<T> state, IEnumerable<(TKey Key, Point<T> Data, double Rate)> batches)
    {
        var row = new Tensor<T>[_state.Variables.Length];
        _state.Write(state, row);
        var last = state.Rate;
        var fold = CompiledFold.Run(StepLayout<T>.Zeros(_state.Variables.AsSpan()).WithValues(row), Steps());
        if (fold.Observed.IsEmpty)
        {
            return (state, []);
        }

        for (var i = 0; i < row.Length; i++)
        {
            row[i] = fold.State[_state.Variables[i]];
        }

        ImmutableArray<T> losses = [.. fold.Observed.Select(seen => seen[0].ToScalar())];
        return (_state.Read(row, state.Step + losses.Length, losses[^1], GradientMap<Tensor<T>>.Zero, last), losses);

        IEnumerable<FoldStep<T>> Steps()
        {
            var count = state.Step;
            foreach (var (key, data, rate) in batches)
            {
                StepLayout<T>.RequireNoParameter(data, state.Point);
                (last, count) = (rate, count + 1);
                yield return _programs.GetOrAdd(key, Compiled).At(data, rate, count);
            }
        }
    }

    private Program Compiled(TKey key)
    {
        var step = TrainingStep.Of(_loss(key), _alike);
        var data = TopologicalOrder.Of(step.Loss).Variables.RemoveRange(step.Parameters);
        Expr[] outputs = [.. StateLayout<T>.Next(step), step.Loss];
        return new(outputs.AsSpan().Compile<T>(), data, StepLayout<T>.Zeros([step.Rate, step.Count, .. data]));
    }

    private sealed record Program(CompiledFunction<T> Function, ImmutableArray<Variable> Data, Point<T> Read)
    {
        public FoldStep<T> At(Point<T> batch, double rate, int count)
        {
            var values = new Tensor<T>[Read.Count];
            (values[0], values[1]) = (T.CreateChecked(rate), T.CreateChecked(count));
            return new(Function, StepLayout<T>.Filled(Read, values, 2, Data, batch));
        }
    }
}
