using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>An expression where a batch of examples runs.</summary>
/// <param name="Value">One value for each example along a leading axis, or one that all examples share.</param>
/// <param name="IsBatched">Which of the two.</param>
internal readonly record struct Batched(Expr Value, bool IsBatched);

/// <summary>
/// Batching: one walk over a graph for one example makes the graph for all of them. A node that depends on no batched
/// variable stays as it is; every other one gets an axis that leads, by the batching rule in its primitive's declaration.
/// </summary>
public static class Batching
{
    /// <summary>
    /// The values of an expression at a whole batch of points: entry [i, …] is the expression at the i-th entries of what
    /// stands for the variables. No loop: the graph has about as many nodes as the expression, whatever the size of the
    /// batch.
    /// </summary>
    /// <param name="expression">The expression for one example.</param>
    /// <param name="batches">For each variable that differs between examples, its values: the variable's shape behind one
    /// more axis. The other variables are shared by all examples.</param>
    /// <returns>The values, of the expression's shape behind that axis; repeated where it depends on no such variable.</returns>
    /// <exception cref="ShapeException">What stands for a variable has another shape than the variable behind one axis, two
    /// of those axes have different extents, or nothing stands for any variable.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var w = Expr.Variable("w");
    /// var values = (w * x.Square()).Batch(new Dictionary&lt;Variable, Expr&gt; { [x] = Tensor.Of(1.0, 2, 3) });
    /// values.Evaluate(Point.Of((w, 10.0)));      // [10, 40, 90]
    /// </code></example>
    public static Expr Batch(this Expr expression, IReadOnlyDictionary<Variable, Expr> batches)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Batch([expression], batches)[0];
    }

    /// <summary>The values of several expressions at a batch of points; what they share stays shared.</summary>
    /// <param name="expressions">The expressions for one example.</param>
    /// <param name="batches">For each variable that differs between examples, its values behind one more axis.</param>
    /// <returns>The values in the same order.</returns>
    /// <exception cref="ShapeException">The batches do not fit the variables or each other, or there are none.</exception>
    public static ImmutableArray<Expr> Batch(this ReadOnlySpan<Expr> expressions, IReadOnlyDictionary<Variable, Expr> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var leading = new Dictionary<Variable, Batched>(batches.Count);
        (Variable Variable, Expr Batch)? first = null;
        foreach (var (variable, batch) in batches)
        {
            first ??= (variable, batch);
            RequireFit(variable, batch, first.Value);
            leading[variable] = new(batch, true);
        }

        var size = first?.Batch.Shape[0]
            ?? throw new ShapeException("batch: no variable is given a batch, so there is no number of examples; name at least one");
        return Whole(Of(expressions, leading, size), size);
    }

    /// <summary>
    /// The roots at a batch of examples. For a primitive that holds a graph of its own: the graph with a batch for some of
    /// its parameters, and which of its results then are batches.
    /// </summary>
    /// <param name="roots">The graph for one example.</param>
    /// <param name="variables">What stands for variables, batched or shared; those not named stay, shared.</param>
    /// <param name="size">The number of examples.</param>
    internal static Batched[] Of(ReadOnlySpan<Expr> roots, IReadOnlyDictionary<Variable, Batched> variables, int size)
    {
        var order = TopologicalOrder.Of(roots);
        var made = new Batched[order.Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = order.Nodes[i] switch
            {
                Variable variable when variables.TryGetValue(variable, out var given) => given,
                Application application => Applied(application, order.InputsOf(i)),
                var leaf => new(leaf, false),
            };
        }

        var results = new Batched[roots.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = made[order.PositionOf(roots[i])];
        }

        return results;

        Batched Applied(Application application, ReadOnlySpan<int> positions)
        {
            var inputs = new Expr[positions.Length];
            var batched = new bool[positions.Length];
            for (var k = 0; k < inputs.Length; k++)
            {
                (inputs[k], batched[k]) = made[positions[k]];
            }

            return batched.Contains(true)
                ? new(AtOnce(application, inputs, batched, size), true)
                : new(application.With(inputs), false);
        }
    }

    /// <summary>The results as batches: what all examples share is repeated for each.</summary>
    internal static ImmutableArray<Expr> Whole(ReadOnlySpan<Batched> results, int size)
    {
        var whole = new Expr[results.Length];
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = results[i].IsBatched ? results[i].Value : results[i].Value.Repeat(size);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(whole);
    }

    private static Expr AtOnce(Application application, ReadOnlySpan<Expr> inputs, ReadOnlySpan<bool> batched, int size)
    {
        var values = application.Primitive.Batch(application, inputs, batched, size) ?? OneByOne(application, inputs, batched, size);
        var wanted = application.Shape.Behind(size);
        return values.Shape == wanted
            ? values
            : throw new ShapeException(
                $"batch: the batching rule of {application.Primitive} gave {values.Shape} for {size} examples of shape {application.Shape}; it should give {wanted}, the examples leading");
    }

    /// <summary>For a primitive without a batching rule: the examples taken apart, and what it makes of each put together.</summary>
    private static Expr OneByOne(Application application, ReadOnlySpan<Expr> inputs, ReadOnlySpan<bool> batched, int size)
    {
        if (size == 0)
        {
            return Expr.Zeros(application.Shape.Behind(0));
        }

        var values = new Expr[size];
        var operands = new Expr[inputs.Length];
        for (var example = 0; example < size; example++)
        {
            for (var k = 0; k < operands.Length; k++)
            {
                operands[k] = batched[k] ? inputs[k].At(example) : inputs[k];
            }

            values[example] = application.Primitive.Apply(operands);
        }

        return Expr.Stack(values);
    }

    private static void RequireFit(Variable variable, Expr batch, (Variable Variable, Expr Batch) first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Shape.IsScalar || batch.Shape != variable.Shape.Behind(batch.Shape[0]))
        {
            throw new ShapeException(
                $"batch: {variable.Name} has shape {variable.Shape} and its batch {batch.Shape}; a batch has the shape of one example behind one axis that counts the examples");
        }

        if (batch.Shape[0] != first.Batch.Shape[0])
        {
            throw new ShapeException(
                $"batch: {first.Batch.Shape[0]} examples for {first.Variable.Name} {first.Batch.Shape} and {batch.Shape[0]} for {variable.Name} {batch.Shape}; give every batched variable as many");
        }
    }
}
