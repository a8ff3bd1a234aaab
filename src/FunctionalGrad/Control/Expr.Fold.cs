using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Loops over sequences.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The state after all items of a sequence, taken in order: s₀ = initial, sₜ₊₁ = step(sₜ, xₜ), and the value is sₙ. The
    /// graph holds one step, however long the sequence is. The step may use any other expression.
    /// </summary>
    /// <remarks>
    /// Reverse mode goes over the sequence backwards and needs the state before each step: it keeps all n of them, or with
    /// <paramref name="checkpointEvery"/> k only those before every k-th step, about n/k + k, and computes the others once more. The
    /// gradient is the same. An empty sequence gives the initial state. At kinks a step does what its operations do.
    /// </remarks>
    /// <param name="initial">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis: [n, …].</param>
    /// <param name="step">A pure function from state and item to the next state, of the same shape; called once, on variables.</param>
    /// <param name="checkpointEvery">From how many steps on the state is kept; every state when omitted. √n needs the least memory.</param>
    /// <exception cref="ShapeException">The sequence is a scalar, or a step gives the state another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="checkpointEvery"/> is less than 1.</exception>
    /// <example><code>
    /// Expr xs = Tensor.Of(1.0, 2, 3);
    /// Expr.Fold(0, xs, (sum, x) => sum + x.Square()).Evaluate();                                  // 14
    /// Differentiate.Derivative(w => Expr.Fold(1, xs, (s, x) => s * w + x), 2.0);                  // 18
    /// </code></example>
    public static Expr Fold(Expr initial, Expr sequence, Func<Expr, Expr, Expr> step, int? checkpointEvery = null)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(step);
        return Fold([initial], [sequence], (states, items) => [step(states[0], items[0])], checkpointEvery)[0];
    }

    /// <summary>A fold whose state is a pair, as of a position and a velocity.</summary>
    /// <inheritdoc cref="Fold(Expr, Expr, Func{Expr, Expr, Expr}, int?)"/>
    public static (Expr First, Expr Second) Fold(
        (Expr First, Expr Second) initial,
        Expr sequence,
        Func<(Expr First, Expr Second), Expr, (Expr First, Expr Second)> step,
        int? checkpointEvery = null)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(step);
        var states = Fold([initial.First, initial.Second], [sequence], (pair, items) => Array(step((pair[0], pair[1]), items[0])), checkpointEvery);
        return (states[0], states[1]);
    }

    /// <summary>A fold with any number of states, over any number of sequences of one length side by side.</summary>
    /// <inheritdoc cref="Fold(Expr, Expr, Func{Expr, Expr, Expr}, int?)"/>
    /// <param name="initial">The states before the first step.</param>
    /// <param name="sequences">At least one sequence; their first axes have the same extent.</param>
    /// <param name="step">From states and items to the next states.</param>
    /// <param name="checkpointEvery">From how many steps on the states are kept; every one when omitted.</param>
    /// <exception cref="ArgumentException">There is no sequence.</exception>
    public static ImmutableArray<Expr> Fold(
        ImmutableArray<Expr> initial,
        ImmutableArray<Expr> sequences,
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>, ImmutableArray<Expr>> step,
        int? checkpointEvery = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Folding.Run("fold", initial, sequences, Folding.LengthOf("fold", sequences), step, checkpointEvery);
    }

    /// <summary>
    /// The state after a number of equal steps: step(step(… step(initial))). A fold without a sequence, as for the steps of a
    /// method for differential equations.
    /// </summary>
    /// <param name="initial">The state before the first step.</param>
    /// <param name="times">The number of steps, 0 or more.</param>
    /// <param name="step">A pure function from the state to the next, of the same shape; called once, on a variable.</param>
    /// <param name="checkpointEvery">From how many steps on reverse mode keeps the state; every state when omitted.</param>
    /// <exception cref="ShapeException">A step gives the state another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is negative, or <paramref name="checkpointEvery"/> less than 1.</exception>
    /// <example><code>
    /// Expr.Repeat(1, 10, s => 2 * s).Evaluate();                                    // 1024
    /// Differentiate.Derivative(a => Expr.Repeat(1, 3, s => a * s), 2.0);            // 12
    /// </code></example>
    public static Expr Repeat(Expr initial, int times, Func<Expr, Expr> step, int? checkpointEvery = null)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(step);
        return Repeat([initial], times, states => [step(states[0])], checkpointEvery)[0];
    }

    /// <summary>Equal steps of a pair.</summary>
    /// <inheritdoc cref="Repeat(Expr, int, Func{Expr, Expr}, int?)"/>
    public static (Expr First, Expr Second) Repeat(
        (Expr First, Expr Second) initial,
        int times,
        Func<(Expr First, Expr Second), (Expr First, Expr Second)> step,
        int? checkpointEvery = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        var states = Repeat([initial.First, initial.Second], times, pair => Array(step((pair[0], pair[1]))), checkpointEvery);
        return (states[0], states[1]);
    }

    /// <summary>Equal steps of any number of states.</summary>
    /// <inheritdoc cref="Repeat(Expr, int, Func{Expr, Expr}, int?)"/>
    public static ImmutableArray<Expr> Repeat(
        ImmutableArray<Expr> initial, int times, Func<ImmutableArray<Expr>, ImmutableArray<Expr>> step, int? checkpointEvery = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        return Folding.Run("repeat", initial, [], times, (states, _) => step(states), checkpointEvery);
    }

    /// <summary>
    /// All states of a fold, side by side: sₜ₊₁ = step(sₜ, xₜ), and the value is [s₁, …, sₙ], with the initial state not among
    /// them, so that its last is the fold's value and there is one for each item.
    /// </summary>
    /// <param name="initial">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis: [n, …].</param>
    /// <param name="step">A pure function from state and item to the next state, of the same shape; called once, on variables.</param>
    /// <returns>The states along a new first axis: [n, …].</returns>
    /// <exception cref="ShapeException">The sequence is a scalar, or a step gives the state another shape.</exception>
    /// <example><code>
    /// Expr.Scan(1, Tensor.Of(2.0, 3, 4), (product, x) => product * x).Evaluate();      // [2, 6, 24]
    /// </code></example>
    public static Expr Scan(Expr initial, Expr sequence, Func<Expr, Expr, Expr> step)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(step);
        return Scan(initial, sequence, (state, item) =>
        {
            var next = step(state, item);
            return (next, next);
        }).Outputs;
    }

    /// <summary>A fold of which each step gives an output besides the next state.</summary>
    /// <param name="initial">The state before the first step.</param>
    /// <param name="sequence">The items, along the first axis: [n, …].</param>
    /// <param name="step">A pure function from state and item to the next state, of the same shape, and an output of any shape.</param>
    /// <returns>The state after the last step, and the outputs along a new first axis.</returns>
    /// <exception cref="ShapeException">The sequence is a scalar, or a step gives the state another shape.</exception>
    /// <example><code>
    /// // Differences of neighbours: the state is the item before.
    /// Expr.Scan(0, Tensor.Of(1.0, 4, 9), (before, x) => (x, x - before)).Outputs.Evaluate();      // [1, 3, 5]
    /// </code></example>
    public static (Expr Final, Expr Outputs) Scan(Expr initial, Expr sequence, Func<Expr, Expr, (Expr State, Expr Output)> step)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(step);
        var (states, outputs) = Scan([initial], [sequence], (states, items) =>
        {
            var (state, output) = step(states[0], items[0]);
            return ([state], [output]);
        });
        return (states[0], outputs[0]);
    }

    /// <summary>A scan with any number of states and outputs, over any number of sequences of one length side by side.</summary>
    /// <param name="initial">The states before the first step.</param>
    /// <param name="sequences">At least one sequence; their first axes have the same extent.</param>
    /// <param name="step">From states and items to the next states and the outputs.</param>
    /// <returns>The states after the last step, and each output along a new first axis.</returns>
    /// <exception cref="ArgumentException">There is no sequence.</exception>
    /// <exception cref="ShapeException">A sequence is a scalar, lengths differ, or a step gives a state another shape.</exception>
    public static (ImmutableArray<Expr> Final, ImmutableArray<Expr> Outputs) Scan(
        ImmutableArray<Expr> initial,
        ImmutableArray<Expr> sequences,
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>, (ImmutableArray<Expr> States, ImmutableArray<Expr> Outputs)> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Folding.Run("scan", initial, sequences, Folding.LengthOf("scan", sequences), step);
    }

    private static ImmutableArray<Expr> Array((Expr First, Expr Second) pair) => [pair.First, pair.Second];
}
