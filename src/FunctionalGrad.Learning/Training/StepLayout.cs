using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad.Learning;

/// <summary>
/// Where everything that a step of training reads stands in one point, and everything that it gives in one row of results;
/// laid out once, so that a step does no more than fill in and take apart.
/// </summary>
internal sealed class StepLayout<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingStep _step;
    private readonly ImmutableArray<Variable> _parameters;
    private readonly ImmutableArray<Variable> _data;

    // A point over all that is read, and a map over the parameters: only their values change from step to step.
    private readonly Point<T> _read;
    private readonly Point<T> _point;
    private readonly GradientMap<Tensor<T>> _zeros;

    /// <param name="step">The step.</param>
    /// <param name="data">What it reads besides the state, the rate and the count.</param>
    /// <param name="seen">What a state is to show of it besides where it leads: nothing, the loss, or the loss and its gradient.</param>
    public StepLayout(TrainingStep step, ImmutableArray<Variable> data, ReadOnlySpan<Expr> seen)
    {
        (_step, _parameters, _data) = (step, step.Parameters, data);
        _read = Zeros([step.Rate, step.Count, .. _parameters, .. step.Before.SelectMany(moment => moment), .. data]);
        _point = Zeros(_parameters);
        _zeros = _point - _point;
        Outputs = [.. step.Next.Values, .. step.Moments.SelectMany(moment => moment.Values.ToArray()), .. seen];
    }

    /// <summary>What the program of the step computes.</summary>
    public ImmutableArray<Expr> Outputs { get; }

    /// <summary>Everything that a step reads, with a batch of data.</summary>
    public Point<T> At(TrainingState<T> state, Point<T> batch, double rate)
    {
        RequireNoParameter(batch, state.Point);
        var values = ValuesAt(state, rate);
        var before = values.Length - _data.Length;
        for (var i = 0; i < _data.Length; i++)
        {
            if (!batch.TryGetValue(_data[i], out var value))
            {
                // Left out, so that whoever evaluates says what is missing.
                return Point<T>.Of([.. _read.Variables.Take(before).Select((variable, k) => (variable, values[k]))]).With(batch);
            }

            values[before + i] = value;
        }

        return _read.WithValues(values);
    }

    /// <summary>Everything that a step reads, with a gradient in place of data; zero where it has no entry.</summary>
    public Point<T> At(TrainingState<T> state, GradientMap<Tensor<T>> gradient, double rate)
    {
        var given = gradient.Variables;
        for (var i = 0; i < given.Count; i++)
        {
            _ = state.Point[given[i]];
        }

        var values = ValuesAt(state, rate);
        var before = values.Length - _parameters.Length;
        for (var i = 0; i < _parameters.Length; i++)
        {
            values[before + i] = gradient.TryGetValue(_parameters[i], out var value) ? value : _zeros.Values[i];
        }

        return _read.WithValues(values);
    }

    /// <summary>The state after a step.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="values">What its program computed.</param>
    /// <param name="rate">The learning rate that it was made with.</param>
    public TrainingState<T> After(TrainingState<T> state, ImmutableArray<Tensor<T>> values, double rate)
    {
        var count = _parameters.Length;
        var moments = new GradientMap<Tensor<T>>[_step.Before.Length];
        for (var k = 0; k < moments.Length; k++)
        {
            moments[k] = _zeros.WithValues(values.AsSpan().Slice((1 + k) * count, count));
        }

        var seen = values.AsSpan()[((1 + moments.Length) * count)..];
        return new(
            state.Step + 1,
            _point.WithValues(values.AsSpan()[..count]),
            ImmutableCollectionsMarshal.AsImmutableArray(moments),
            seen.IsEmpty ? T.NaN : seen[0].ToScalar(),
            seen.Length > 1 ? _zeros.WithValues(seen[1..]) : GradientMap<Tensor<T>>.Zero,
            rate);
    }

    /// <summary>Throws where a batch of data assigns a parameter.</summary>
    public static void RequireNoParameter(Point<T> batch, Point<T> parameters)
    {
        var given = batch.Variables;
        for (var i = 0; i < given.Count; i++)
        {
            if (parameters.ContainsKey(given[i]))
            {
                throw new ArgumentException(
                    $"training: the batch assigns {given[i].Name}, which is a parameter; a batch may assign only the other variables of the loss", nameof(batch));
            }
        }
    }

    private static Point<T> Zeros(ImmutableArray<Variable> variables) =>
        Point<T>.Of([.. variables.Select(variable => (variable, Tensor<T>.Zeros(variable.Shape)))]);

    // The rate, the count, the parameters and the moments, with room for the data.
    private Tensor<T>[] ValuesAt(TrainingState<T> state, double rate)
    {
        var kept = _step.Before.Length;
        if (!state.Moments.IsEmpty && state.Moments.Length != kept)
        {
            throw new ArgumentException(
                $"training: the state has {state.Moments.Length} moments of each parameter and {_step.Optimiser} keeps {kept}; start anew from its point with TrainingState.Start", nameof(state));
        }

        var values = new Tensor<T>[_read.Count];
        (values[0], values[1]) = (T.CreateChecked(rate), T.CreateChecked(state.Step + 1));
        var next = 2;
        foreach (var parameter in _parameters)
        {
            values[next++] = state.Point[parameter];
        }

        for (var k = 0; k < kept; k++)
        {
            for (var i = 0; i < _parameters.Length; i++)
            {
                values[next++] = !state.Moments.IsEmpty && state.Moments[k].TryGetValue(_parameters[i], out var moment) ? moment : _zeros.Values[i];
            }
        }

        return values;
    }
}
