using System.Collections;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// A reverse pass as a list of steps, from the root to the variables, in the order in which the library pulls. Immutable:
/// every intermediate map is still there, so a pass can be looked at in any order, backwards too.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
/// <example><code>
/// var w = Expr.Variable("w");
/// var trace = (w * 3 - 3).Square().TraceGradient(Point.Of((w, 2.0)));
/// trace.Count;                // 4
/// trace[2];                   // adjoint(w · 3) = 2 · (w · 3 − 3) = 6
/// trace[3].Uses[0];           // 2 · (w · 3 − 3) · 3 = 18
/// trace.Value;                // 9
/// trace.Gradient;             // { w ↦ 18 }
/// </code></example>
public sealed class GradientTrace<T> : IReadOnlyList<TraceStep<T>>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly AdjointMap<T> _last;

    private GradientTrace(TopologicalOrder order, ImmutableArray<Tensor<T>> values, ImmutableArray<TraceStep<T>> steps, AdjointMap<T> last) =>
        (Order, Values, Steps, _last) = (order, values, steps, last);

    /// <summary>The nodes of the graph, inputs before users; the root comes last.</summary>
    public TopologicalOrder Order { get; }

    /// <summary>The values of the nodes at the point, in the same order.</summary>
    public ImmutableArray<Tensor<T>> Values { get; }

    /// <summary>The steps, the root's first.</summary>
    public ImmutableArray<TraceStep<T>> Steps { get; }

    /// <summary>The value of the root.</summary>
    public Tensor<T> Value => Values[^1];

    /// <summary>The last map of the pass: what <c>Gradient</c> gives, bit for bit.</summary>
    public GradientMap<Tensor<T>> Gradient => _last.Gradient;

    /// <inheritdoc/>
    public int Count => Steps.Length;

    /// <inheritdoc/>
    public TraceStep<T> this[int index] => Steps[index];

    /// <inheritdoc/>
    public IEnumerator<TraceStep<T>> GetEnumerator() => Steps.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static GradientTrace<T> Of(Expr root, Point<T> at, ReadOnlySpan<Variable> variables)
    {
        var order = TopologicalOrder.Of(root);
        ImmutableArray<Variable> by = variables.IsEmpty ? order.Variables : [.. variables];
        var contributions = new List<(int Node, Use Use, Expr Value)>();
        var adjoints = ReverseMode.Pull(
            order, [root], [1], by.AsSpan(), (node, use, flow, _) => contributions.Add((node, use, flow.Value)));

        // One run for all numbers, so that each is what the gradient's own run would give.
        var defined = Enumerable.Range(0, order.Count).Where(i => adjoints[i] is not null).Reverse().ToArray();
        Expr[] wanted = [.. order.Nodes, .. contributions.Select(each => each.Value), .. defined.Select(i => adjoints[i]!.Value.Value)];
        var numbers = Interpreter<T>.Evaluate(wanted, at);

        var steps = new TraceStep<T>[defined.Length];
        var map = AdjointMap<T>.Empty(order, by);
        var next = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            var v = defined[i];
            var uses = ImmutableArray.CreateBuilder<TracedUse<T>>();
            for (; next < contributions.Count && contributions[next].Node == v; next++)
            {
                var (_, use, contribution) = contributions[next];
                uses.Add(new((Application)order.Nodes[use.User], use.Operand, contribution, numbers[order.Count + next]));
            }

            var adjoint = numbers[order.Count + contributions.Count + i];
            var after = map.With(v, adjoint);
            steps[i] = new(order.Nodes[v], numbers[v], uses.DrainToImmutable(), adjoints[v]!.Value.Value, adjoint, map, after);
            map = after;
        }

        return new(order, numbers[..order.Count], ImmutableCollectionsMarshal.AsImmutableArray(steps), map);
    }
}
