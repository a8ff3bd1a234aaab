using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// What graphs that differ only in the identity of their variables have in common: equal primitives, constants, shapes and
/// edges. Two graphs of equal form run the same program, and two functions whose graphs have the same form are equal.
/// </summary>
internal sealed class GraphForm : IEquatable<GraphForm>
{
    private readonly int[] _roots;
    private readonly int _hash;

    public GraphForm(ReadOnlySpan<Expr> roots)
    {
        Order = TopologicalOrder.Of(roots);
        _roots = new int[roots.Length];
        for (var i = 0; i < roots.Length; i++)
        {
            _roots[i] = Order.PositionOf(roots[i]);
        }

        _hash = HashOf(Order, _roots);
    }

    /// <summary>The nodes of the graph that it is the form of.</summary>
    public TopologicalOrder Order { get; }

    /// <summary>How many nodes the graph has.</summary>
    public int Count => Order.Count;

    public bool Equals(GraphForm? other)
    {
        if (other is null || _hash != other._hash || Count != other.Count || !_roots.AsSpan().SequenceEqual(other._roots))
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            var alike = (Order.Nodes[i], other.Order.Nodes[i]) switch
            {
                (Variable mine, Variable others) => mine.Shape == others.Shape,
                (Constant mine, Constant others) => mine.Value.BitEquals(others.Value),
                (Application mine, Application others) =>
                    mine.Primitive.Equals(others.Primitive) && Order.InputsOf(i).SequenceEqual(other.Order.InputsOf(i)),
                _ => false,
            };
            if (!alike)
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as GraphForm);

    public override int GetHashCode() => _hash;

    private static int HashOf(TopologicalOrder order, int[] roots)
    {
        var hash = default(HashCode);
        for (var i = 0; i < order.Count; i++)
        {
            switch (order.Nodes[i])
            {
                case Application application:
                    hash.Add(application.Primitive);
                    hash.AddBytes(MemoryMarshal.AsBytes(order.InputsOf(i)));
                    break;
                case Constant constant:
                    hash.Add(constant.Shape);
                    hash.AddBytes(MemoryMarshal.AsBytes(constant.Value.Values));
                    break;
                case var variable:
                    hash.Add(variable.Shape);
                    break;
            }
        }

        hash.AddBytes(MemoryMarshal.AsBytes(roots.AsSpan()));
        return hash.ToHashCode();
    }
}
