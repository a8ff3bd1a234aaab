using System.Numerics;

namespace FunctionalGrad.Learning;

/// <content>Training as a fold: a lazy sequence of the states that repeated steps give. Take as many as you want.</content>
public sealed partial class Optimiser
{
    /// <summary>
    /// One step with a gradient that you have: for gradient descent the next state has the point <c>point − rate·gradient</c>.
    /// The given state stays as it was.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="state">Where training stands.</param>
    /// <param name="loss">The loss there.</param>
    /// <param name="gradient">The gradient there, such as a sum of those of parts of the data; a parameter missing from it
    /// has the gradient zero.</param>
    /// <param name="rate">The learning rate; it is rounded to the precision.</param>
    /// <exception cref="KeyNotFoundException">The gradient has a variable that the point has not.</exception>
    /// <exception cref="ArgumentException">The state has the moments of another optimiser.</exception>
    public TrainingState<T> Step<T>(TrainingState<T> state, T loss, GradientMap<Tensor<T>> gradient, double rate)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(gradient);
        // Run once, so nothing is gained by compiling it.
        var update = TrainingStep.UpdateBy<T>(this, [.. state.Point.Variables], outputs => at => Interpreter<T>.Evaluate(outputs.AsSpan(), at));
        return update(state, loss, gradient, rate);
    }

    /// <summary>
    /// <see cref="Step"/> for many steps: the same pure function of a state, the loss there, a gradient and the rate, as one
    /// compiled program. Make it once and call it often, from any thread.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="parameters">What a step moves: the variables of the states' points.</param>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// var step = Optimiser.GradientDescent.ToFunction&lt;double>(w);
    /// var start = TrainingState&lt;double>.Start(Point.Of((w, 2.0)));
    /// step(start, 9, GradientMap&lt;Tensor&lt;double>>.Of((w, 18.0)), 0.125).Point;      // { w ↦ -0.25 }
    /// </code></example>
    public Func<TrainingState<T>, T, GradientMap<Tensor<T>>, double, TrainingState<T>> ToFunction<T>(params ReadOnlySpan<Variable> parameters)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        TrainingStep.UpdateBy<T>(this, parameters, static outputs => outputs.AsSpan().Compile<T>().Invoke);

    /// <summary>Training on all data at every step: the states after 1, 2, 3, … steps, without end.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="loss">A scalar whose variables are the parameters.</param>
    /// <param name="start">The parameters to start from.</param>
    /// <param name="rate">The learning rate of each step.</param>
    /// <param name="keepGradient">Whether every state shows the gradient that its step saw, as in <see cref="TrainingStep.ToFunction{T}"/>.</param>
    /// <exception cref="ShapeException">The loss is not a scalar.</exception>
    public IEnumerable<TrainingState<T>> Train<T>(Expr loss, Point<T> start, Schedule rate, bool keepGradient = true)
        where T : struct, IBinaryFloatingPointIeee754<T> => Train(loss, _ => Point<T>.Empty, TrainingState<T>.Start(start), rate, keepGradient);

    /// <summary>Training on one batch of data a step: the states after each further step, without end.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="loss">A scalar whose variables are the parameters and those of the batches.</param>
    /// <param name="batch">The data of a step, counted from 0, as a point over the other variables of the loss.</param>
    /// <param name="start">The state to go on from; the variables of its point are the parameters.</param>
    /// <param name="rate">The learning rate of each step.</param>
    /// <param name="keepGradient">Whether every state shows the gradient that its step saw, as in <see cref="TrainingStep.ToFunction{T}"/>.</param>
    /// <exception cref="ShapeException">The loss is not a scalar.</exception>
    public IEnumerable<TrainingState<T>> Train<T>(
        Expr loss, Func<int, Point<T>> batch, TrainingState<T> start, Schedule rate, bool keepGradient = true)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(batch);
        return Train(_ => loss, step => (0, batch(step)), start, rate, keepGradient);
    }

    /// <summary>
    /// Training where the graph of the loss depends on the batch, for example on the length of a text: the states after
    /// each further step, without end. A graph is made, differentiated and compiled once for each key.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <typeparam name="TKey">What the graph depends on.</typeparam>
    /// <param name="loss">A pure function from a key to a scalar whose variables are the parameters and those of the
    /// batches with that key.</param>
    /// <param name="batch">The key and the data of a step, counted from 0.</param>
    /// <param name="start">The state to go on from; the variables of its point are the parameters.</param>
    /// <param name="rate">The learning rate of each step.</param>
    /// <param name="keepGradient">Whether every state shows the gradient that its step saw, as in <see cref="TrainingStep.ToFunction{T}"/>.</param>
    /// <exception cref="ArgumentException">The state has the moments of another optimiser, or a batch assigns a parameter.</exception>
    public IEnumerable<TrainingState<T>> Train<T, TKey>(
        Func<TKey, Expr> loss, Func<int, (TKey Key, Point<T> Data)> batch, TrainingState<T> start, Schedule rate, bool keepGradient = true)
        where T : struct, IBinaryFloatingPointIeee754<T>
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(rate);
        return States(loss, batch, start, rate, keepGradient);
    }

    private IEnumerable<TrainingState<T>> States<T, TKey>(
        Func<TKey, Expr> loss, Func<int, (TKey Key, Point<T> Data)> batch, TrainingState<T> start, Schedule rate, bool keepGradient)
        where T : struct, IBinaryFloatingPointIeee754<T>
        where TKey : notnull
    {
        // A memo of a pure function: what it holds can be made again at any time, and nobody outside sees it.
        var steps = new Dictionary<TKey, Func<TrainingState<T>, Point<T>, double, TrainingState<T>>>();
        for (var state = start; ;)
        {
            var (key, data) = batch(state.Step);
            if (!steps.TryGetValue(key, out var step))
            {
                steps.Add(key, step = TrainingStep.Of(loss(key), [.. start.Point.Variables], this).ToFunction<T>(keepGradient));
            }

            yield return state = step(state, data, rate(state.Step));
        }
    }
}
