using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// What is known of the adjoints at one moment of a reverse pass: an immutable map from nodes to numbers, in which a missing
/// node counts as zero. A step of a pass makes a new map that shares all but a few entries' places with the one before, so
/// that every moment of a pass can be kept. The part of it that belongs to variables is a gradient.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
/// <example><code>
/// var x = Expr.Variable("x");
/// var trace = (x * x).TraceGradient(Point.Of((x, 3.0)));
/// trace[0].After;             // { x · x ↦ 1 }
/// trace[1].After[x];          // 6
/// trace[0].After.Gradient;    // { x ↦ 0 }
/// </code></example>
public sealed class AdjointMap<T> : IReadOnlyDictionary<Expr, Tensor<T>>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Shown = 10;

    // By position, the latest node first: that is the order in which adjoints are defined.
    private readonly ImmutableSortedDictionary<int, Tensor<T>> _adjoints;
    private readonly TopologicalOrder _order;
    private readonly ImmutableArray<Variable> _variables;

    private AdjointMap(TopologicalOrder order, ImmutableArray<Variable> variables, ImmutableSortedDictionary<int, Tensor<T>> adjoints) =>
        (_order, _variables, _adjoints) = (order, variables, adjoints);

    /// <inheritdoc/>
    public int Count => _adjoints.Count;

    /// <summary>The nodes that have an entry, users before their inputs.</summary>
    public IEnumerable<Expr> Keys => _adjoints.Keys.Reverse().Select(position => _order.Nodes[position]);

    /// <summary>The adjoints, in the order of <see cref="Keys"/>.</summary>
    public IEnumerable<Tensor<T>> Values => _adjoints.Values.Reverse();

    /// <summary>The gradient so far: the entries of the variables that the pass is by; zero where a variable has none yet.</summary>
    public GradientMap<Tensor<T>> Gradient => GradientMap<Tensor<T>>.Of(
        [.. _variables.Select(variable => (variable, TryGetValue(variable, out var adjoint) ? adjoint : Tensor<T>.Zeros(variable.Shape)))]);

    /// <summary>The adjoint of a node.</summary>
    /// <param name="node">A node that has an entry.</param>
    /// <exception cref="KeyNotFoundException">It has none at this moment, or is not part of the graph.</exception>
    public Tensor<T> this[Expr node] => TryGetValue(node, out var adjoint)
        ? adjoint
        : throw new KeyNotFoundException(
            $"the map has no adjoint of {node} at this step; look at a later step, or use TryGetValue and count a missing one as zero");

    /// <summary>Whether a node has an entry.</summary>
    /// <param name="key">The node.</param>
    public bool ContainsKey(Expr key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(Expr key, [MaybeNullWhen(false)] out Tensor<T> value)
    {
        ArgumentNullException.ThrowIfNull(key);
        value = null;
        return _order.Contains(key) && _adjoints.TryGetValue(_order.PositionOf(key), out value);
    }

    /// <summary>The entries in braces, in the order of <see cref="Keys"/>, abridged when there are many.</summary>
    public override string ToString()
    {
        var entries = string.Join(", ", this.Take(Shown).Select(entry => $"{entry.Key} ↦ {entry.Value}"));
        var rest = Count > Shown ? string.Create(CultureInfo.InvariantCulture, $", … ({Count} in all)") : "";
        return Count == 0 ? "{ }" : $"{{ {entries}{rest} }}";
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Expr, Tensor<T>>> GetEnumerator()
    {
        foreach (var (position, adjoint) in _adjoints.Reverse())
        {
            yield return new(_order.Nodes[position], adjoint);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static AdjointMap<T> Empty(TopologicalOrder order, ImmutableArray<Variable> variables) =>
        new(order, variables, ImmutableSortedDictionary<int, Tensor<T>>.Empty);

    /// <summary>A new map in which one node has another adjoint.</summary>
    internal AdjointMap<T> With(int position, Tensor<T> adjoint) => new(_order, _variables, _adjoints.SetItem(position, adjoint));
}
