using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <content>Training where the data of a step come in parts, which cores share out among them.</content>
public sealed partial class Optimiser
{
    /// <summary>
    /// Training on the sum of the losses of parts: the states after each further step, without end. How a batch is cut into
    /// parts settles the states to the last bit, whatever the number of workers, since the gradients of the parts are added
    /// in a fixed order, <see cref="DataParallel"/>. A graph is made, differentiated and compiled once for each key.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <typeparam name="TKey">What the graph of a part depends on, such as how many texts it has and of what length.</typeparam>
    /// <param name="loss">A pure function from a key to a scalar whose variables are the parameters and those of the parts
    /// with that key. For the mean over n parts, divide by n here.</param>
    /// <param name="parts">The parts of a step, counted from 0: the key and the data of each.</param>
    /// <param name="start">The state to go on from; the variables of its point are the parameters.</param>
    /// <param name="rate">The learning rate of each step.</param>
    /// <param name="workers">How many threads compute, 1 or more; as many as there are cores where none is given.</param>
    /// <param name="keepGradient">Whether every state shows the gradient that its step saw.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no worker.</exception>
    /// <example><code>
    /// var (w, x) = (Expr.Variable("w"), Expr.Variable("x"));
    /// var states = Optimiser.GradientDescent.TrainInParallel&lt;double, int>(
    ///     _ => (w - x).Square() / 2,
    ///     step => [(0, Point.Of((x, 1.0))), (0, Point.Of((x, 3.0)))],
    ///     TrainingState&lt;double>.Start(Point.Of((w, 0.0))),
    ///     Schedules.Constant(0.25));
    /// states.First().Loss;      // 5
    /// states.First().Point;     // { w ↦ 1 }
    /// </code></example>
    public IEnumerable<TrainingState<T>> TrainInParallel<T, TKey>(
        Func<TKey, Expr> loss,
        Func<int, ImmutableArray<(TKey Key, Point<T> Data)>> parts,
        TrainingState<T> start,
        Schedule rate,
        int? workers = null,
        bool keepGradient = true)
        where T : struct, IBinaryFloatingPointIeee754<T>
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(rate);
        if (workers is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(given, nameof(workers));
        }

        return StatesInParallel(loss, parts, start, rate, workers, keepGradient);
    }

    private IEnumerable<TrainingState<T>> StatesInParallel<T, TKey>(
        Func<TKey, Expr> loss,
        Func<int, ImmutableArray<(TKey Key, Point<T> Data)>> parts,
        TrainingState<T> start,
        Schedule rate,
        int? workers,
        bool keepGradient)
        where T : struct, IBinaryFloatingPointIeee754<T>
        where TKey : notnull
    {
        ImmutableArray<Variable> parameters = [.. start.Point.Variables];
        var update = ToFunction<T>(parameters.AsSpan());

        // A memo of a pure function, as for other training. Workers only read it: what they need is in it before they start.
        var programs = new Dictionary<TKey, CompiledGradient<T>>();
        for (var state = start; ;)
        {
            var point = state.Point;
            var now = parts(state.Step);
            foreach (var (key, data) in now)
            {
                StepLayout<T>.RequireNoParameter(data, point);
                if (!programs.ContainsKey(key))
                {
                    programs.Add(key, loss(key).CompileWithGradient<T>(parameters.AsSpan()));
                }
            }

            var (value, gradient) = DataParallel.Gradient(part => programs[part.Key].Invoke(point.With(part.Data)), now, workers);
            var next = update(state, value, gradient, rate(state.Step));
            yield return state = keepGradient ? next : next with { Gradient = GradientMap<Tensor<T>>.Zero };
        }
    }
}
