using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>From functions of states and items to loops in the graph.</summary>
internal static class Folding
{
    /// <summary>The states after a number of steps, of which reverse mode keeps all or every so many.</summary>
    public static ImmutableArray<Expr> Run(
        string operation,
        ImmutableArray<Expr> initial,
        ImmutableArray<Expr> sequences,
        int length,
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>, ImmutableArray<Expr>> step,
        int? checkpointEvery)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(checkpointEvery ?? 1, 1, nameof(checkpointEvery));
        if (checkpointEvery is not { } every || every >= length)
        {
            return Plain(initial, sequences, length);
        }

        // A fold of folds: the outer one keeps its own states alone, and takes the steps of an inner one anew to go back over them.
        var (segments, rest) = Math.DivRem(length, every);
        var whole = segments * every;
        var states = Run(
            operation,
            initial,
            [.. sequences.Select(sequence => sequence.Slice(..whole).Reshape([segments, every, .. sequence.Shape.Extents[1..]]))],
            segments,
            (atStart, items) => Plain(atStart, items, every),
            null);
        return rest == 0 ? states : Plain(states, [.. sequences.Select(sequence => sequence.Slice(whole..))], rest);

        ImmutableArray<Expr> Plain(ImmutableArray<Expr> from, ImmutableArray<Expr> items, int steps) =>
            Run(operation, from, items, steps, (state, item) => (step(state, item), [])).Final;
    }

    /// <summary>The states after a number of steps, and the outputs of each.</summary>
    public static (ImmutableArray<Expr> Final, ImmutableArray<Expr> Outputs) Run(
        string operation,
        ImmutableArray<Expr> initial,
        ImmutableArray<Expr> sequences,
        int length,
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>, (ImmutableArray<Expr> States, ImmutableArray<Expr> Outputs)> step)
    {
        var states = Variables("s", [.. initial.Select(expression => expression.Shape)]);
        var items = Variables("x", [.. sequences.Select(sequence => Shape.Of(sequence.Shape.Extents[1..]))]);
        var (next, outputs) = step(ImmutableArray<Expr>.CastUp(states), ImmutableArray<Expr>.CastUp(items));
        RequireSame(operation, states, next);
        var loop = new Loop { Length = length };
        for (var i = 0; i < states.Length; i++)
        {
            loop.AddState(states[i], initial[i], next[i]);
        }

        for (var i = 0; i < items.Length; i++)
        {
            loop.AddItem(items[i], sequences[i]);
        }

        foreach (var output in outputs)
        {
            loop.AddOutput(output);
        }

        var (_, final, stacked) = loop.Build();
        return ([.. final], [.. stacked]);
    }

    /// <summary>The length that all sequences have.</summary>
    public static int LengthOf(string operation, ImmutableArray<Expr> sequences)
    {
        if (sequences.IsDefaultOrEmpty)
        {
            throw new ArgumentException($"{operation}: there is no sequence, so the number of steps is not known; give one, or use Expr.Repeat", nameof(sequences));
        }

        for (var i = 0; i < sequences.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(sequences[i], nameof(sequences));
            if (sequences[i].Shape.IsScalar)
            {
                throw new ShapeException($"{operation}: sequence {i} is a scalar, which has no items; give one of shape [n, …]");
            }

            if (sequences[i].Shape[0] != sequences[0].Shape[0])
            {
                throw new ShapeException(
                    $"{operation}: sequence {i} of shape {sequences[i].Shape} has {sequences[i].Shape[0]} items and sequence 0 of shape {sequences[0].Shape} has {sequences[0].Shape[0]}; sequences that go side by side have one length, so slice the longer");
            }
        }

        return sequences[0].Shape[0];
    }

    /// <summary>Fresh variables: a letter, with numbers where there are several.</summary>
    public static ImmutableArray<Variable> Variables(string letter, ImmutableArray<Shape> shapes) =>
        [.. shapes.Select((shape, i) => Expr.Variable(shapes.Length == 1 ? letter : $"{letter}{i + 1}", shape))];

    /// <summary>A condition, which must be a scalar.</summary>
    public static Expr Scalar(Expr condition, string what) =>
        condition is null ? throw new ArgumentException($"{what} is null; return a comparison")
        : condition.Shape.IsScalar ? condition
        : throw new ShapeException($"{what} has shape {condition.Shape} and must be a scalar; reduce it, as with .Max() where one entry decides and .Min() where all must");

    /// <summary>Throws where a step does not give each state back with its shape.</summary>
    public static void RequireSame(string operation, ImmutableArray<Variable> states, ImmutableArray<Expr> next)
    {
        if (next.IsDefault || next.Length != states.Length)
        {
            throw new ArgumentException($"{operation}: there are {states.Length} states and a step returned {(next.IsDefault ? 0 : next.Length)}; return the next value of each, in their order");
        }

        for (var i = 0; i < states.Length; i++)
        {
            if (next[i] is null)
            {
                throw new ArgumentException($"{operation}: the step returned null; return the next state");
            }

            if (next[i].Shape != states[i].Shape)
            {
                throw new ShapeException(
                    $"{operation}: state {i} has shape {states[i].Shape} before a step and {next[i].Shape} after it; a state keeps its shape, so begin with one of shape {next[i].Shape} (BroadcastTo) or reduce what the step returns");
            }
        }
    }
}
