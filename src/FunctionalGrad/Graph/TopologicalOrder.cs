using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// The nodes that some expressions depend on, each once, inputs before users. Every traversal of the library is a loop
/// over such an order, so a chain of a million nodes is a normal input. The order is stable: depth first, inputs from
/// left to right.
/// </summary>
public sealed class TopologicalOrder
{
    private readonly Expr[] _nodes;
    private readonly Dictionary<Expr, int> _positions;

    private TopologicalOrder(Expr[] nodes, Dictionary<Expr, int> positions)
    {
        _nodes = nodes;
        _positions = positions;
    }

    /// <summary>The nodes, inputs before users.</summary>
    public ReadOnlySpan<Expr> Nodes => _nodes;

    /// <summary>The number of nodes.</summary>
    public int Count => _nodes.Length;

    /// <summary>The variables, in the order of their first appearance.</summary>
    public ImmutableArray<Variable> Variables => [.. _nodes.OfType<Variable>()];

    /// <summary>Orders what the roots depend on.</summary>
    /// <param name="roots">The expressions, roots included in the order.</param>
    public static TopologicalOrder Of(params ReadOnlySpan<Expr> roots)
    {
        var nodes = new List<Expr>();
        var positions = new Dictionary<Expr, int>();
        var path = new Stack<(Application Node, int Next)>();
        foreach (var root in roots)
        {
            Enter(root);
            while (path.TryPop(out var top))
            {
                if (top.Next == top.Node.Inputs.Length)
                {
                    positions[top.Node] = nodes.Count;
                    nodes.Add(top.Node);
                }
                else
                {
                    path.Push((top.Node, top.Next + 1));
                    Enter(top.Node.Input(top.Next));
                }
            }
        }

        return new([.. nodes], positions);

        // An application gets its position only when its inputs have theirs; −1 marks it as already entered.
        void Enter(Expr node)
        {
            ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(positions, node, out var seen);
            if (seen)
            {
                return;
            }

            if (node is Application application)
            {
                position = -1;
                path.Push((application, 0));
            }
            else
            {
                position = nodes.Count;
                nodes.Add(node);
            }
        }
    }

    /// <summary>Takes an order that the caller has chosen, after checking that it is one.</summary>
    /// <param name="nodes">Nodes, each once, inputs before users.</param>
    /// <exception cref="ArgumentException">A node stands twice, or before one of its inputs.</exception>
    public static TopologicalOrder FromSequence(IEnumerable<Expr> nodes)
    {
        Expr[] sequence = [.. nodes];
        var positions = new Dictionary<Expr, int>();
        for (var i = 0; i < sequence.Length; i++)
        {
            if (sequence[i] is Application application)
            {
                foreach (var input in application.Inputs)
                {
                    if (!positions.ContainsKey(input))
                    {
                        throw new ArgumentException($"node {i}, {application.Primitive}, stands before its input {input}; order inputs before users", nameof(nodes));
                    }
                }
            }

            if (!positions.TryAdd(sequence[i], i))
            {
                throw new ArgumentException($"node {i}, {sequence[i]}, stands twice; give each node once", nameof(nodes));
            }
        }

        return new(sequence, positions);
    }

    /// <summary>Whether a node is in the order.</summary>
    /// <param name="node">A node.</param>
    public bool Contains(Expr node) => _positions.ContainsKey(node);

    /// <summary>Where a node stands.</summary>
    /// <param name="node">A node of this order.</param>
    /// <exception cref="ArgumentException">The node is not in this order.</exception>
    public int PositionOf(Expr node) => _positions.TryGetValue(node, out var position)
        ? position
        : throw new ArgumentException($"the expression {node} is not part of this graph", nameof(node));

    /// <summary>Who uses each node, and as which operand: the other direction of the edges.</summary>
    internal Uses Uses() => FunctionalGrad.Uses.Of(this);

    /// <summary>Marks the nodes that depend on any of the given ones (themselves included).</summary>
    internal bool[] DependingOn(ReadOnlySpan<Variable> variables)
    {
        var depends = new bool[_nodes.Length];
        foreach (var variable in variables)
        {
            if (_positions.TryGetValue(variable, out var position))
            {
                depends[position] = true;
            }
        }

        for (var i = 0; i < _nodes.Length; i++)
        {
            if (_nodes[i] is Application application)
            {
                foreach (var input in application.Inputs)
                {
                    depends[i] |= depends[_positions[input]];
                }
            }
        }

        return depends;
    }
}
