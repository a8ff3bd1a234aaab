using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>One step of a fold: what to run, and the values of the variables that are not part of the state.</summary>
/// <typeparam name="T">The precision.</typeparam>
/// <param name="Function">A compiled function whose first results are the next state, in the order of the state's variables.</param>
/// <param name="Data">The values of its other variables.</param>
public readonly record struct FoldStep<T>(CompiledFunction<T> Function, Point<T> Data)
    where T : struct, IBinaryFloatingPointIeee754<T>;

/// <summary>What a fold comes to.</summary>
/// <typeparam name="T">The precision.</typeparam>
/// <param name="State">The state after the last step.</param>
/// <param name="Observed">For each step, the results that are not part of the state.</param>
public sealed record FoldResult<T>(Point<T> State, ImmutableArray<ImmutableArray<Tensor<T>>> Observed)
    where T : struct, IBinaryFloatingPointIeee754<T>;

/// <summary>Folds of compiled functions: a state goes through one step after the other.</summary>
public static class CompiledFold
{
    /// <summary>
    /// Applies steps to a state in order: state₀ → state₁ → …. It gives what as many calls of
    /// <see cref="CompiledFunction{T}.Invoke"/> would give, bit for bit, but the states in between exist only inside, in two
    /// sets of buffers that take turns, so a long run allocates next to nothing.
    /// </summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="initial">The state before the first step.</param>
    /// <param name="steps">The steps, taken from the sequence one by one.</param>
    /// <exception cref="ArgumentException">A function returns less than a state, or the data assigns a variable of the state.</exception>
    /// <exception cref="ShapeException">A result that should become a part of the state has another shape.</exception>
    /// <exception cref="UnboundVariableException">A function has a variable that neither the state nor the data assigns.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var rate = Expr.Variable("rate");
    /// var step = new Expr[] { x - rate * 2 * x, x.Square() }.Compile&lt;double&gt;();
    /// var data = Point.Of((rate, 0.25));
    /// CompiledFold.Run(Point.Of((x, 8.0)), [new(step, data), new(step, data)]).State;      // { x ↦ 2 }
    /// </code></example>
    public static FoldResult<T> Run<T>(Point<T> initial, IEnumerable<FoldStep<T>> steps)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(steps);
        var variables = initial.Variables.ToImmutableArray();
        var frames = new Dictionary<CompiledFunction<T>, Frame<T>>();
        var observed = ImmutableArray.CreateBuilder<ImmutableArray<Tensor<T>>>();
        T[][] current = [.. variables.Select(variable => initial[variable].Array)];
        var spare = NewBuffers(variables);
        T[] arena = [];
        try
        {
            foreach (var (function, data) in steps)
            {
                ArgumentNullException.ThrowIfNull(function, nameof(steps));
                ArgumentNullException.ThrowIfNull(data, nameof(steps));
                if (!frames.TryGetValue(function, out var frame))
                {
                    frames.Add(function, frame = new(function, variables));
                }

                if (arena.Length < frame.WorkingSize)
                {
                    arena = AlignedArray.Of<T>(frame.WorkingSize);
                }

                observed.Add(frame.Run(current, spare, arena, data));

                // The initial state is the caller's and is not written over.
                (current, spare) = (spare, observed.Count == 1 ? NewBuffers(variables) : current);
            }
        }
        finally
        {
            foreach (var frame in frames.Values)
            {
                frame.Release();
            }
        }

        return new(
            Point<T>.Of([.. variables.Select((variable, i) => (variable, Tensor<T>.Seal(variable.Shape, current[i])))]),
            observed.ToImmutable());

        static T[][] NewBuffers(ImmutableArray<Variable> variables) => [.. variables.Select(variable => AlignedArray.Of<T>(variable.Shape.Size))];
    }
}
