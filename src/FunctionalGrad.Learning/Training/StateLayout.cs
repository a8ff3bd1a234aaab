using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad.Learning;

/// <summary>
/// A state of training as one row of tensors, in the order in which a step reads and gives them: the parameters, then each
/// moment of all of them.
/// </summary>
internal sealed class StateLayout<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingStep _step;

    // A point and a map over the parameters: only their values change from step to step.
    private readonly Point<T> _point;
    private readonly GradientMap<Tensor<T>> _zeros;

    public StateLayout(TrainingStep step)
    {
        _step = step;
        Variables = [.. step.Parameters, .. step.Before.SelectMany(moment => moment)];
        _point = Point<T>.Of([.. step.Parameters.Select(variable => (variable, Tensor<T>.Zeros(variable.Shape)))]);
        _zeros = _point - _point;
    }

    /// <summary>What a step reads of a state, in order.</summary>
    public ImmutableArray<Variable> Variables { get; }

    /// <summary>What a step gives of a state, in that order too.</summary>
    public static ImmutableArray<Expr> Next(TrainingStep step) =>
        [.. step.Next.Values, .. step.Moments.SelectMany(moment => moment.Values.ToArray())];

    /// <summary>A gradient over the parameters.</summary>
    public GradientMap<Tensor<T>> Gradient(ReadOnlySpan<Tensor<T>> values) => _zeros.WithValues(values);

    /// <summary>Writes the parameters and moments of a state down in order; a moment that it lacks is zero.</summary>
    public void Write(TrainingState<T> state, Span<Tensor<T>> row)
    {
        var kept = _step.Before.Length;
        if (!state.Moments.IsEmpty && state.Moments.Length != kept)
        {
            throw new ArgumentException(
                $"training: the state has {state.Moments.Length} moments of each parameter and {_step.Optimiser} keeps {kept}; start anew from its point with TrainingState.Start", nameof(state));
        }

        var next = 0;
        foreach (var parameter in _step.Parameters)
        {
            row[next++] = state.Point[parameter];
        }

        for (var k = 0; k < kept; k++)
        {
            for (var i = 0; i < _step.Parameters.Length; i++)
            {
                row[next++] = !state.Moments.IsEmpty && state.Moments[k].TryGetValue(_step.Parameters[i], out var moment) ? moment : _zeros.Values[i];
            }
        }
    }

    /// <summary>The state that stands in a row.</summary>
    public TrainingState<T> Read(ReadOnlySpan<Tensor<T>> row, int step, T loss, GradientMap<Tensor<T>> gradient, double rate)
    {
        var count = _step.Parameters.Length;
        var moments = new GradientMap<Tensor<T>>[_step.Before.Length];
        for (var k = 0; k < moments.Length; k++)
        {
            moments[k] = _zeros.WithValues(row.Slice((1 + k) * count, count));
        }

        return new(step, _point.WithValues(row[..count]), ImmutableCollectionsMarshal.AsImmutableArray(moments), loss, gradient, rate);
    }
}
