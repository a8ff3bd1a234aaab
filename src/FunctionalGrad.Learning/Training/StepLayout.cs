using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>
/// Where everything that a step of training reads stands in one point, and everything that it gives in one row of results;
/// laid out once, so that a step does no more than fill in and take apart.
/// </summary>
internal sealed class StepLayout<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly StateLayout<T> _state;
    private readonly ImmutableArray<Variable> _parameters;
    private readonly ImmutableArray<Variable> _data;

    // A point over all that is read: only the values change from step to step.
    private readonly Point<T> _read;

    /// <param name="step">The step.</param>
    /// <param name="data">What it reads besides the state, the rate and the count.</param>
    /// <param name="seen">What a state is to show of it besides where it leads: nothing, the loss, or the loss and its gradient.</param>
    public StepLayout(TrainingStep step, ImmutableArray<Variable> data, ReadOnlySpan<Expr> seen)
    {
        (_state, _parameters, _data) = (new(step), step.Parameters, data);
        _read = Zeros([step.Rate, step.Count, .. _state.Variables, .. data]);
        Outputs = [.. StateLayout<T>.Next(step), .. seen];
    }

    /// <summary>What the program of the step computes.</summary>
    public ImmutableArray<Expr> Outputs { get; }

    /// <summary>Everything that a step reads, with a batch of data.</summary>
    public Point<T> At(TrainingState<T> state, Point<T> batch, double rate)
    {
        RequireNoParameter(batch, state.Point);
        var values = ValuesAt(state, rate);
        return Filled(_read, values, values.Length - _data.Length, _data, batch);
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
            values[before + i] = gradient.TryGetValue(_parameters[i], out var value) ? value : Tensor<T>.Zeros(_parameters[i].Shape);
        }

        return _read.WithValues(values);
    }

    /// <summary>The state after a step.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="values">What its program computed.</param>
    /// <param name="rate">The learning rate that it was made with.</param>
    public TrainingState<T> After(TrainingState<T> state, ImmutableArray<Tensor<T>> values, double rate)
    {
        var seen = values.AsSpan()[_state.Variables.Length..];
        return _state.Read(
            values.AsSpan(),
            state.Step + 1,
            seen.IsEmpty ? T.NaN : seen[0].ToScalar(),
            seen.Length > 1 ? _state.Gradient(seen[1..]) : GradientMap<Tensor<T>>.Zero,
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

    /// <summary>A point with values that are known and behind them those that a batch has of some variables.</summary>
    /// <param name="template">A point over all of the variables.</param>
    /// <param name="values">The values, of which the first ones are known.</param>
    /// <param name="known">How many are.</param>
    /// <param name="data">The variables of the others.</param>
    /// <param name="batch">Their values. What it lacks is left out, so that whoever evaluates says what is missing.</param>
    public static Point<T> Filled(Point<T> template, Tensor<T>[] values, int known, ImmutableArray<Variable> data, Point<T> batch)
    {
        for (var i = 0; i < data.Length; i++)
        {
            if (!batch.TryGetValue(data[i], out var value))
            {
                return Point<T>.Of([.. template.Variables.Take(known).Select((variable, k) => (variable, values[k]))]).With(batch);
            }

            values[known + i] = value;
        }

        return template.WithValues(values);
    }

    /// <summary>A point over some variables whose values are still to be given.</summary>
    public static Point<T> Zeros(ReadOnlySpan<Variable> variables) =>
        Point<T>.Of(Array.ConvertAll(variables.ToArray(), variable => (variable, Tensor<T>.Zeros(variable.Shape))));

    // The rate, the count, the parameters and the moments, with room for the data.
    private Tensor<T>[] ValuesAt(TrainingState<T> state, double rate)
    {
        var values = new Tensor<T>[_read.Count];
        (values[0], values[1]) = (T.CreateChecked(rate), T.CreateChecked(state.Step + 1));
        _state.Write(state, values.AsSpan(2));
        return values;
    }
}
