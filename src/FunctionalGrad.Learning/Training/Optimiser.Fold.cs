using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <content>Many steps as one call, for when nobody looks at the states in between.</content>
public sealed partial class Optimiser
{
    /// <summary>
    /// Many steps as one pure function: from a state and the batches to come to the state after them and the loss that each
    /// step started from. To the last bit it is what <see cref="Train{T, TKey}"/> comes to without the gradients, but the
    /// states in between exist only inside, in memory that is used again, <see cref="CompiledFold"/>. A graph is made, differentiated
    /// and compiled once for each key. Make the function once and call it often, from any thread.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <typeparam name="TKey">What the graph of the loss depends on, such as the length of a text.</typeparam>
    /// <param name="loss">A pure function from a key to a scalar whose variables are the parameters and those of the
    /// batches with that key.</param>
    /// <param name="parameters">What a step moves: the variables of the states' points.</param>
    /// <returns>A function that takes a batch, with the learning rate of its step, only once the step before is made: a
    /// sequence may end whenever it wants. No batches lead back to the state given.</returns>
    /// <example><code>
    /// var (w, x) = (Expr.Variable("w"), Expr.Variable("x"));
    /// var train = Optimiser.GradientDescent.ToFold&lt;double, int>(_ => (w - x).Square(), w);
    /// var (state, losses) = train(
    ///     TrainingState&lt;double>.Start(Point.Of((w, 4.0))),
    ///     [(0, Point.Of((x, 0.0)), 0.25), (0, Point.Of((x, 1.0)), 0.25)]);
    /// state.Point;      // { w ↦ 1.5 }
    /// losses[0];        // 16
    /// </code></example>
    public Func<TrainingState<T>, IEnumerable<(TKey Key, Point<T> Data, double Rate)>, (TrainingState<T> State, ImmutableArray<T> Losses)> ToFold<T, TKey>(
        Func<TKey, Expr> loss, params ReadOnlySpan<Variable> parameters)
        where T : struct, IBinaryFloatingPointIeee754<T>
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(loss);
        var fold = new StepFold<T, TKey>(loss, parameters, this);
        return (state, batches) =>
        {
            ArgumentNullException.ThrowIfNull(state);
            ArgumentNullException.ThrowIfNull(batches);
            return fold.Run(state, batches);
        };
    }

    /// <summary>Some steps on one batch of data each, at one go: the state after them and the loss that each started from.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="loss">A scalar whose variables are the parameters and those of the batches.</param>
    /// <param name="batch">The data of a step, counted from 0, as a point over the other variables of the loss.</param>
    /// <param name="start">The state to go on from; the variables of its point are the parameters.</param>
    /// <param name="rate">The learning rate of each step.</param>
    /// <param name="steps">How many steps, 0 or more.</param>
    /// <exception cref="ShapeException">The loss is not a scalar.</exception>
    /// <exception cref="ArgumentException">The state has the moments of another optimiser, or a batch assigns a parameter.</exception>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// var start = TrainingState&lt;double>.Start(Point.Of((w, 8.0)));
    /// var (state, losses) = Optimiser.GradientDescent.TrainAll(w.Square(), _ => Point&lt;double>.Empty, start, Schedules.Constant(0.25), steps: 3);
    /// state.Point;      // { w ↦ 1 }
    /// losses[2];        // 4
    /// </code></example>
    public (TrainingState<T> State, ImmutableArray<T> Losses) TrainAll<T>(
        Expr loss, Func<int, Point<T>> batch, TrainingState<T> start, Schedule rate, int steps)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(rate);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return ToFold<T, int>(_ => loss, [.. start.Point.Variables])(
            start, Enumerable.Range(start.Step, steps).Select(step => (0, batch(step), rate(step))));
    }
}
