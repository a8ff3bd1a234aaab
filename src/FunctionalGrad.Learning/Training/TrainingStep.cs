using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>
/// One step of training as a graph: from the parameters, the optimiser's moments, the data, the learning rate and the count
/// of the step, to the loss, its gradient, and the next parameters and moments. Like any graph it can be printed, evaluated
/// or differentiated; <see cref="ToFunction{T}"/> makes it a pure function from state to state.
/// </summary>
/// <example><code>
/// var w = Expr.Variable("w");
/// var step = TrainingStep.Of((w * 3 - 3).Square(), [w], Optimiser.GradientDescent);
/// step.Next[w];      // w − rate · 2 · (w · 3 − 3) · 3
/// </code></example>
public sealed class TrainingStep
{
    private readonly ImmutableArray<Variable> _parameters;
    private readonly ImmutableArray<ImmutableArray<Variable>> _before;

    private TrainingStep(Expr loss, GradientMap<Expr> gradient, ImmutableArray<Variable> parameters, Optimiser optimiser)
    {
        _parameters = parameters;
        _before = [.. optimiser.Moments.Select(name => parameters.Select(
            parameter => Expr.Variable($"{name} {parameter.Name}", parameter.Shape)).ToImmutableArray())];
        (Loss, Gradient, Optimiser) = (loss, gradient, optimiser);

        var used = optimiser.Prepare(gradient);
        var moved = parameters.Select((parameter, i) => (
            Parameter: parameter,
            After: optimiser.Move(parameter, used[parameter], [.. _before.Select(moment => moment[i])], Rate, Count))).ToArray();
        Next = GradientMap<Expr>.Of([.. moved.Select(move => (move.Parameter, move.After.Next))]);
        Moments = [.. _before.Select((_, k) => GradientMap<Expr>.Of([.. moved.Select(move => (move.Parameter, move.After.Moments[k]))]))];
    }

    /// <summary>The optimiser whose step it is.</summary>
    public Optimiser Optimiser { get; }

    /// <summary>The learning rate, a variable.</summary>
    public Variable Rate { get; } = Expr.Variable("rate");

    /// <summary>Which step it is, a variable: 1, 2, 3, ….</summary>
    public Variable Count { get; } = Expr.Variable("t");

    /// <summary>The loss before the step.</summary>
    public Expr Loss { get; }

    /// <summary>The gradient of the loss by the parameters, as it is before an optimiser clips it.</summary>
    public GradientMap<Expr> Gradient { get; }

    /// <summary>The parameters after the step.</summary>
    public GradientMap<Expr> Next { get; }

    /// <summary>The moments after the step, one map for each name in <see cref="Optimiser.Moments"/>.</summary>
    public ImmutableArray<GradientMap<Expr>> Moments { get; }

    private ImmutableArray<Expr> Outputs =>
        [Loss, .. Gradient.Values, .. Next.Values, .. Moments.SelectMany(moment => moment.Values.ToArray())];

    /// <summary>The step of an optimiser on a loss.</summary>
    /// <param name="loss">A scalar whose variables are the parameters and those of the data.</param>
    /// <param name="parameters">What the step moves.</param>
    /// <param name="optimiser">How it moves them.</param>
    /// <exception cref="ShapeException">The loss is not a scalar.</exception>
    public static TrainingStep Of(Expr loss, ReadOnlySpan<Variable> parameters, Optimiser optimiser)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimiser);
        return new(loss, loss.Gradient(parameters), [.. parameters], optimiser);
    }

    /// <summary>The moments before the step of one parameter: variables, in the order of <see cref="Optimiser.Moments"/>.</summary>
    /// <param name="parameter">A parameter.</param>
    /// <exception cref="KeyNotFoundException">It is no parameter of the step.</exception>
    public ImmutableArray<Variable> MomentsBefore(Variable parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var i = _parameters.IndexOf(parameter);
        return i >= 0
            ? [.. _before.Select(moment => moment[i])]
            : throw new KeyNotFoundException(
                $"training step: {parameter.Name} is no parameter; the parameters are {string.Join(", ", _parameters.Select(known => known.Name))}");
    }

    /// <summary>
    /// The step as a pure function from a state, the data as a point over the other variables of the loss, and the learning
    /// rate, to the next state. Make it once and call it often.
    /// </summary>
    /// <typeparam name="T">The precision; the rate is rounded to it.</typeparam>
    public Func<TrainingState<T>, Point<T>, double, TrainingState<T>> ToFunction<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> => FunctionOf(Program<T>(Outputs));

    /// <summary>The same update with numbers in place of the loss and its gradient; zero where the gradient has no entry.</summary>
    internal static TrainingState<T> Taken<T>(
        Optimiser optimiser, TrainingState<T> state, T loss, GradientMap<Tensor<T>> gradient, double rate)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        foreach (var variable in gradient.Variables)
        {
            _ = state.Point[variable];
        }

        var parameters = state.Point.Variables.ToImmutableArray();
        var slots = parameters.Select(parameter => Expr.Variable($"∂{parameter.Name}", parameter.Shape)).ToArray();
        var step = new TrainingStep(
            Expr.Zero, GradientMap<Expr>.Of([.. parameters.Zip(slots, (parameter, slot) => (parameter, (Expr)slot))]), parameters, optimiser);
        var data = Point<T>.Of([.. parameters.Zip(slots, (parameter, slot) => (
            slot, gradient.TryGetValue(parameter, out var value) ? value : Tensor<T>.Zeros(parameter.Shape)))]);

        // Run once, so nothing is gained by preparing it.
        var outputs = step.Outputs;
        return step.FunctionOf<T>(at => Interpreter<T>.Evaluate(outputs.AsSpan(), at))(state, data, rate) with { Loss = loss, Gradient = gradient };
    }

    // How the graph of a step is run: simplified, since a gradient and an update written out by rule repeat themselves.
    private static Func<Point<T>, ImmutableArray<Tensor<T>>> Program<T>(ImmutableArray<Expr> outputs)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        outputs = outputs.AsSpan().Simplify().AsSpan().ShareCommonSubexpressions();
        var order = TopologicalOrder.Of(outputs.AsSpan());
        return at => Interpreter<T>.Evaluate(order, outputs.AsSpan(), at);
    }

    // The function from state to state, given what runs the outputs at a point.
    private Func<TrainingState<T>, Point<T>, double, TrainingState<T>> FunctionOf<T>(Func<Point<T>, ImmutableArray<Tensor<T>>> program)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var count = _parameters.Length;
        return (state, data, rate) =>
        {
            var values = program(At(state, data, rate));
            return new(
                state.Step + 1,
                Point<T>.Of(Entries(1 + count)),
                [.. Moments.Select((_, k) => Map(1 + ((2 + k) * count)))],
                values[0].ToScalar(),
                Map(1),
                rate);

            GradientMap<Tensor<T>> Map(int from) => GradientMap<Tensor<T>>.Of(Entries(from));

            ReadOnlySpan<(Variable, Tensor<T>)> Entries(int from)
            {
                var entries = new (Variable, Tensor<T>)[count];
                for (var i = 0; i < count; i++)
                {
                    entries[i] = (_parameters[i], values[from + i]);
                }

                return entries;
            }
        };
    }

    // Everything that a step reads.
    private Point<T> At<T>(TrainingState<T> state, Point<T> data, double rate)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (!state.Moments.IsEmpty && state.Moments.Length != _before.Length)
        {
            throw new ArgumentException(
                $"training: the state has {state.Moments.Length} moments of each parameter and {Optimiser} keeps {_before.Length}; start anew from its point with TrainingState.Start", nameof(state));
        }

        var entries = new List<(Variable, Tensor<T>)>
        {
            (Rate, T.CreateChecked(rate)),
            (Count, T.CreateChecked(state.Step + 1)),
        };
        for (var i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i];
            entries.Add((parameter, state.Point[parameter]));
            for (var k = 0; k < _before.Length; k++)
            {
                entries.Add((_before[k][i], !state.Moments.IsEmpty && state.Moments[k].TryGetValue(parameter, out var moment)
                    ? moment
                    : Tensor<T>.Zeros(parameter.Shape)));
            }
        }

        foreach (var (variable, value) in data)
        {
            if (_parameters.Contains(variable))
            {
                throw new ArgumentException(
                    $"training: the batch assigns {variable.Name}, which is a parameter; a batch may assign only the other variables of the loss", nameof(data));
            }

            entries.Add((variable, value));
        }

        return Point<T>.Of([.. entries]);
    }
}
