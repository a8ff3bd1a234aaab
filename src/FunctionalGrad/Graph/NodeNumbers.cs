using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// Numbers nodes in the order in which they are added. A hash table by reference and nothing else: ordering a graph spends
/// most of its time here, and the general dictionary takes nearly twice as long.
/// </summary>
internal sealed class NodeNumbers
{
    private Slot[] _slots = new Slot[16];

    /// <summary>How many nodes have numbers.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a node, which is given the next one if it has none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="number">Its number, from 0.</param>
    /// <returns>Whether the node is new.</returns>
    public bool TryAdd(Expr node, out int number)
    {
        var hash = RuntimeHelpers.GetHashCode(node);
        ref var slot = ref Find(_slots, node, hash);
        if (slot.Node is not null)
        {
            number = slot.Number;
            return false;
        }

        number = Count++;
        slot = new(node, hash, number);

        // Half of the slots stay empty, so that searches end soon.
        if (2 * Count > _slots.Length)
        {
            Grow();
        }

        return true;
    }

    /// <summary>The number of a node, where it has one.</summary>
    public bool TryFind(Expr node, out int number)
    {
        ref var slot = ref Find(_slots, node, RuntimeHelpers.GetHashCode(node));
        number = slot.Number;
        return slot.Node is not null;
    }

    /// <summary>The slot of a node, or the empty one where it belongs.</summary>
    private static ref Slot Find(Slot[] slots, Expr node, int hash)
    {
        var mask = slots.Length - 1;
        var place = hash & mask;
        while (slots[place].Node is { } other && !ReferenceEquals(other, node))
        {
            place = (place + 1) & mask;
        }

        return ref slots[place];
    }

    private void Grow()
    {
        var larger = new Slot[2 * _slots.Length];
        foreach (var slot in _slots)
        {
            if (slot.Node is not null)
            {
                Find(larger, slot.Node, slot.Hash) = slot;
            }
        }

        _slots = larger;
    }

    private readonly record struct Slot(Expr? Node, int Hash, int Number);
}
