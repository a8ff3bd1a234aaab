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
    private TrainingStep(Expr loss, GradientMap<Expr> gradient, ImmutableArray<Variable> parameters, Optimiser optimiser, TrainingStep? alike = null)
    {
        Rate = alike?.Rate ?? Expr.Variable("rate");
        Count = alike?.Count ?? Expr.Variable("t");
        Before = alike?.Before ?? [.. optimiser.Moments.Select(name => parameters.Select(
            parameter => Expr.Variable($"{name} {parameter.Name}", parameter.Shape)).ToImmutableArray())];
        (Loss, Gradient, Optimiser, Parameters) = (loss, gradient, optimiser, parameters);

        var used = optimiser.Prepare(gradient);
        var moved = parameters.Select((parameter, i) => (
            Parameter: parameter,
            After: optimiser.Move(parameter, used[parameter], [.. Before.Select(moment => moment[i])], Rate, Count))).ToArray();
        Next = GradientMap<Expr>.Of([.. moved.Select(move => (move.Parameter, move.After.Next))]);
        Moments = [.. Before.Select((_, k) => GradientMap<Expr>.Of([.. moved.Select(move => (move.Parameter, move.After.Moments[k]))]))];
    }

    /// <summary>What the step moves, in order.</summary>
    public ImmutableArray<Variable> Parameters { get; }

    /// <summary>The optimiser whose step it is.</summary>
    public Optimiser Optimiser { get; }

    /// <summary>The learning rate, a variable.</summary>
    public Variable Rate { get; }

    /// <summary>Which step it is, a variable: 1, 2, 3, ….</summary>
    public Variable Count { get; }

    /// <summary>The loss before the step.</summary>
    public Expr Loss { get; }

    /// <summary>The gradient of the loss by the parameters, as it is before an optimiser clips it.</summary>
    public GradientMap<Expr> Gradient { get; }

    /// <summary>The parameters after the step.</summary>
    public GradientMap<Expr> Next { get; }

    /// <summary>The moments after the step, one map for each name in <see cref="Optimiser.Moments"/>.</summary>
    public ImmutableArray<GradientMap<Expr>> Moments { get; }

    /// <summary>The moments before the step, in the order of <see cref="Moments"/>, each parameter by parameter.</summary>
    internal ImmutableArray<ImmutableArray<Variable>> Before { get; }

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

    /// <summary>The step on another loss, that reads the very same variables besides those of the data.</summary>
    internal static TrainingStep Of(Expr loss, TrainingStep alike) =>
        new(loss, loss.Gradient(alike.Parameters.AsSpan()), alike.Parameters, alike.Optimiser, alike);

    /// <summary>The moments before the step of one parameter: variables, in the order of <see cref="Optimiser.Moments"/>.</summary>
    /// <param name="parameter">A parameter.</param>
    /// <exception cref="KeyNotFoundException">It is no parameter of the step.</exception>
    public ImmutableArray<Variable> MomentsBefore(Variable parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var i = Parameters.IndexOf(parameter);
        return i >= 0
            ? [.. Before.Select(moment => moment[i])]
            : throw new KeyNotFoundException(
                $"training step: {parameter.Name} is no parameter; the parameters are {string.Join(", ", Parameters.Select(known => known.Name))}");
    }

    /// <summary>
    /// The step as a pure function from a state, the data as a point over the other variables of the loss, and the learning
    /// rate, to the next state: the whole graph as one compiled program. Make it once and call it often, from any thread.
    /// </summary>
    /// <typeparam name="T">The precision; the rate is rounded to it.</typeparam>
    /// <param name="keepGradient">Whether the next state shows the gradient that the step saw. A program that need not write
    /// it can put every entry to use as soon as it is known.</param>
    public Func<TrainingState<T>, Point<T>, double, TrainingState<T>> ToFunction<T>(bool keepGradient = true)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var data = TopologicalOrder.Of(Loss).Variables.RemoveRange(Parameters);
        var layout = new StepLayout<T>(this, data, keepGradient ? [Loss, .. Gradient.Values] : [Loss]);
        var program = layout.Outputs.AsSpan().Compile<T>();
        return (state, batch, rate) => layout.After(state, program.Invoke(layout.At(state, batch, rate)), rate);
    }

    /// <summary>The update alone, as a function of a gradient that is there: its entries are what the step reads as data.</summary>
    /// <param name="optimiser">Whose update it is.</param>
    /// <param name="parameters">What it moves.</param>
    /// <param name="program">From what the step gives to how it is computed.</param>
    internal static Func<TrainingState<T>, T, GradientMap<Tensor<T>>, double, TrainingState<T>> UpdateBy<T>(
        Optimiser optimiser, ReadOnlySpan<Variable> parameters, Func<ImmutableArray<Expr>, Func<Point<T>, ImmutableArray<Tensor<T>>>> program)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ImmutableArray<Variable> known = [.. parameters];
        var slots = known.Select(parameter => Expr.Variable($"∂{parameter.Name}", parameter.Shape)).ToImmutableArray();
        var gradientOfSlots = GradientMap<Expr>.Of([.. known.Zip(slots, (parameter, slot) => (parameter, (Expr)slot))]);
        var layout = new StepLayout<T>(new(Expr.Zero, gradientOfSlots, known, optimiser), slots, []);
        var run = program(layout.Outputs);
        return (state, loss, gradient, rate) =>
            layout.After(state, run(layout.At(state, gradient, rate)), rate) with { Loss = loss, Gradient = gradient };
    }
}
