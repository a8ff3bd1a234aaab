using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A graph evaluated at a point, every node of it, and the way back from a result that is not finite to what made it so.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
internal sealed class NonFiniteTrace<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>[] _values;
    private readonly Finiteness[] _finiteness;

    private NonFiniteTrace(TopologicalOrder order, Tensor<T>[] values)
    {
        Order = order;
        _values = values;
        _finiteness = Array.ConvertAll(values, value => Judge(value.Values));
    }

    /// <summary>How finite a tensor is; the greater, the worse.</summary>
    public enum Finiteness : byte
    {
        /// <summary>Every entry is a number.</summary>
        Finite,

        /// <summary>Some entry is infinite, none is NaN.</summary>
        Infinite,

        /// <summary>Some entry is NaN.</summary>
        NaN,
    }

    /// <summary>The nodes.</summary>
    public TopologicalOrder Order { get; }

    public static NonFiniteTrace<T> Of(ReadOnlySpan<Expr> roots, Point<T> at)
    {
        var order = TopologicalOrder.Of(roots);
        return new(order, [.. Interpreter<T>.Evaluate(order, order.Nodes, at)]);
    }

    /// <summary>How finite a node's value is.</summary>
    public Finiteness this[Expr node] => _finiteness[Order.PositionOf(node)];

    /// <summary>A node's value.</summary>
    public Tensor<double> Value(Expr node) => _values[Order.PositionOf(node)].To<double>();

    /// <summary>
    /// Where what is wrong with a result began, or null where it is finite. Of the nodes from which it came, the first in
    /// topological order all of whose inputs are finite; a NaN is followed to a NaN operand where there is one, and where
    /// there is none to the infinite one.
    /// </summary>
    /// <param name="result">A node of the order.</param>
    public NonFiniteExplanation? Explain(Expr result)
    {
        var root = Order.PositionOf(result);
        if (_finiteness[root] == Finiteness.Finite)
        {
            return null;
        }

        // Through which user a node came under suspicion; the root through itself.
        var through = new int[root + 1];
        Array.Fill(through, -1);
        through[root] = root;
        var first = root;
        for (var i = root; i >= 0; i--)
        {
            if (through[i] < 0)
            {
                continue;
            }

            var worst = Finiteness.Finite;
            foreach (var input in Order.InputsOf(i))
            {
                worst = (Finiteness)Math.Max((byte)worst, (byte)_finiteness[input]);
            }

            foreach (var input in Order.InputsOf(i))
            {
                if (worst != Finiteness.Finite && _finiteness[input] == worst && through[input] < 0)
                {
                    through[input] = i;
                }
            }

            first = worst == Finiteness.Finite ? i : first;
        }

        var path = new List<Expr> { Order.Nodes[first] };
        for (var i = first; through[i] != i; i = through[i])
        {
            path.Add(Order.Nodes[through[i]]);
        }

        path.Reverse();
        var place = PlaceOf(_values[first].Values, _finiteness[first]);
        return new(
            Order.Nodes[first],
            EntryText.Indices(Order.Nodes[first].Shape, place),
            double.CreateTruncating(_values[first].Values[place]),
            Inputs(first, place),
            [.. path]);
    }

    /// <summary>The inputs of a node: of an elementwise one their entries at a place.</summary>
    private ImmutableArray<Tensor<double>> Inputs(int position, int place)
    {
        var inputs = Order.InputsOf(position);
        var byEntry = Order.Nodes[position] is Application { Primitive: ElementwisePrimitive };
        var values = ImmutableArray.CreateBuilder<Tensor<double>>(inputs.Length);
        foreach (var input in inputs)
        {
            values.Add(byEntry ? double.CreateTruncating(_values[input].Values[place]) : _values[input].To<double>());
        }

        return values.MoveToImmutable();
    }

    private static int PlaceOf(ReadOnlySpan<T> values, Finiteness finiteness)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (finiteness == Finiteness.NaN ? T.IsNaN(values[i]) : T.IsInfinity(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static Finiteness Judge(ReadOnlySpan<T> values)
    {
        var worst = Finiteness.Finite;
        foreach (var value in values)
        {
            if (T.IsNaN(value))
            {
                return Finiteness.NaN;
            }

            worst = T.IsInfinity(value) ? Finiteness.Infinite : worst;
        }

        return worst;
    }
}
