using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Functions of one example made functions of many, as JAX's <c>vmap</c>.</content>
public static partial class Differentiate
{
    /// <summary>
    /// A function of one example made a function of a batch of them: argument and value get an axis that leads and counts
    /// the examples, y[i, …] = f(x[i, …]). The graph of the function is transformed, operation by operation; there is no
    /// loop, and its size does not depend on the batch. It nests, with itself and with every derivative.
    /// </summary>
    /// <remarks>
    /// A value that does not depend on the argument is repeated for each example. Where a branch, a kink or an index is
    /// concerned, each example is on its own. Gradients for each example are <c>Batch(Gradient(f))</c>.
    /// </remarks>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <returns>The function of a batch; it throws a <see cref="ShapeException"/> where its argument is a scalar, which has
    /// no axis of examples.</returns>
    /// <example><code>
    /// var f = (Expr x) => x.Square().Sum();
    /// Expr examples = Tensor.Of([2, 2], [1.0, 2, 3, 4]);
    /// Differentiate.Batch(f)(examples).Evaluate();                                // [5, 25]
    /// Differentiate.Batch(Differentiate.Gradient(f))(examples).Evaluate();        // [[2, 4], [6, 8]]
    /// </code></example>
    public static Func<Expr, Expr> Batch(Func<Expr, Expr> function)
    {
        var batch = BatchOf(One(OfOne(function)), []);
        return x => batch([x])[0];
    }

    /// <summary>A function of two arguments made a function of a batch of examples of one of them, or of both.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="over">The arguments that lead with an axis of examples, from 0; all examples share the others. None
    /// means both.</param>
    /// <returns>The function of a batch; it throws a <see cref="ShapeException"/> where an argument lacks the axis of
    /// examples or two of them have different numbers of examples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no argument of a number in <paramref name="over"/>.</exception>
    /// <example><code>
    /// // Many points, one direction.
    /// var dots = Differentiate.Batch((x, w) => Expr.Dot(x, w), over: [0]);
    /// dots(Tensor.Of([2, 2], [1.0, 2, 3, 4]), Tensor.Of(10.0, 1)).Evaluate();      // [12, 34]
    /// </code></example>
    public static Func<Expr, Expr, Expr> Batch(Func<Expr, Expr, Expr> function, params ReadOnlySpan<int> over)
    {
        var batch = BatchOf(One(OfTwo(function)), Places(over, 2));
        return (x, y) => batch([x, y])[0];
    }

    /// <summary>A function of three arguments made a function of a batch of examples of some or all of them.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="over">The arguments that lead with an axis of examples, from 0. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no argument of a number in <paramref name="over"/>.</exception>
    public static Func<Expr, Expr, Expr, Expr> Batch(Func<Expr, Expr, Expr, Expr> function, params ReadOnlySpan<int> over)
    {
        var batch = BatchOf(One(OfThree(function)), Places(over, 3));
        return (x, y, z) => batch([x, y, z])[0];
    }

    /// <summary>A function of several arguments made a function of a batch of examples of some or all of them.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="over">The arguments that lead with an axis of examples, from 0. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number in <paramref name="over"/> is negative; when the function is
    /// called, there is no such argument.</exception>
    public static Func<ImmutableArray<Expr>, Expr> Batch(Func<ImmutableArray<Expr>, Expr> function, params ReadOnlySpan<int> over)
    {
        ArgumentNullException.ThrowIfNull(function);
        var batch = BatchOf(One(function), Places(over, int.MaxValue));
        return arguments => batch(arguments)[0];
    }

    /// <summary>A function with two values, such as a value and its gradient, made a function of a batch.</summary>
    /// <param name="function">A function of any shape to any two shapes.</param>
    /// <example><code>
    /// var f = Differentiate.Batch(Differentiate.ValueAndGradient(x => Expr.Exp(x)));
    /// f(Tensor.Of(0.0, 0)).Item2.Evaluate();      // [1, 1]
    /// </code></example>
    public static Func<Expr, (Expr, Expr)> Batch(Func<Expr, (Expr, Expr)> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var batch = BatchOf(arguments => Two(function(arguments[0])), []);
        return x => batch([x]) is [var first, var second] ? (first, second) : default;
    }

    /// <summary>A function of two arguments with two values, such as a gradient by each, made a function of a batch.</summary>
    /// <param name="function">A function of any shapes to any two shapes.</param>
    /// <param name="over">The arguments that lead with an axis of examples, from 0. None means both.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no argument of a number in <paramref name="over"/>.</exception>
    /// <example><code>
    /// // The gradients of one model for each example.
    /// var gradients = Differentiate.Batch(Differentiate.Gradient((x, w) => Expr.Dot(x, w).Square()), over: [0]);
    /// gradients(Tensor.Of([2, 2], [1.0, 0, 0, 1]), Tensor.Of(3.0, 5)).Item2.Evaluate();      // [[6, 0], [0, 10]]
    /// </code></example>
    public static Func<Expr, Expr, (Expr, Expr)> Batch(Func<Expr, Expr, (Expr, Expr)> function, params ReadOnlySpan<int> over)
    {
        ArgumentNullException.ThrowIfNull(function);
        var batch = BatchOf(arguments => Two(function(arguments[0], arguments[1])), Places(over, 2));
        return (x, y) => batch([x, y]) is [var first, var second] ? (first, second) : default;
    }

    /// <summary>A function of several arguments with several values made a function of a batch.</summary>
    /// <param name="function">A function of any shapes to any shapes.</param>
    /// <param name="over">The arguments that lead with an axis of examples, from 0. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number in <paramref name="over"/> is negative; when the function is
    /// called, there is no such argument.</exception>
    public static Func<ImmutableArray<Expr>, ImmutableArray<Expr>> Batch(
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>> function, params ReadOnlySpan<int> over)
    {
        ArgumentNullException.ThrowIfNull(function);
        return BatchOf(function, Places(over, int.MaxValue));
    }

    private static Func<ImmutableArray<Expr>, ImmutableArray<Expr>> BatchOf(
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>> function, ImmutableArray<int> over) => arguments =>
        {
            var size = Examples(arguments, over);
            var shapes = arguments.Select((argument, i) => Leads(over, i) ? argument.Shape.Without([0]) : argument.Shape);
            var (variables, results) = Traced.Of(function, shapes);
            var given = new Dictionary<Variable, Batched>(arguments.Length);
            for (var i = 0; i < arguments.Length; i++)
            {
                given[variables[i]] = new(arguments[i], Leads(over, i));
            }

            return Batching.Whole(Batching.Of(results.AsSpan(), given, size), size);
        };

    private static bool Leads(ImmutableArray<int> over, int argument) => over.IsEmpty || over.Contains(argument);

    /// <summary>How many examples the arguments hold.</summary>
    private static int Examples(ImmutableArray<Expr> arguments, ImmutableArray<int> over)
    {
        if (arguments.IsDefaultOrEmpty || (!over.IsEmpty && over.Max() >= arguments.Length))
        {
            throw new ArgumentOutOfRangeException(
                nameof(over),
                $"batch: over names [{string.Join(", ", over)}] and the function is called with {(arguments.IsDefault ? 0 : arguments.Length)} arguments; arguments count from 0");
        }

        var first = -1;
        for (var i = 0; i < arguments.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(arguments[i], nameof(arguments));
            if (!Leads(over, i))
            {
                continue;
            }

            first = first < 0 ? i : first;
            var (one, other) = (arguments[first].Shape, arguments[i].Shape);
            if (other.IsScalar)
            {
                throw new ShapeException(
                    $"batch: argument {i} is a scalar and has no axis of examples; give it one entry for each example, or leave {i} out of over so that all examples share it");
            }

            if (one[0] != other[0])
            {
                throw new ShapeException(
                    $"batch: argument {first} {one} holds {one[0]} examples and argument {i} {other} holds {other[0]}; give both as many, or leave one out of over so that all examples share it");
            }
        }

        return arguments[first].Shape[0];
    }

    private static ImmutableArray<int> Places(ReadOnlySpan<int> over, int count)
    {
        foreach (var place in over)
        {
            if ((uint)place >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(over),
                    $"batch: there is no argument {place}; {(count == int.MaxValue ? "arguments count from 0" : $"the function's arguments go from 0 to {count - 1}")}");
            }
        }

        return [.. over];
    }

    private static Func<ImmutableArray<Expr>, ImmutableArray<Expr>> One(Func<ImmutableArray<Expr>, Expr> function) =>
        arguments => [function(arguments)];

    private static ImmutableArray<Expr> Two((Expr First, Expr Second) values) => [values.First, values.Second];
}
