using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// The nodes that some expressions depend on, each once, inputs before users. Every traversal of the library is a loop
/// over such an order, so a chain of a million nodes is a normal input. The order is stable: depth first, inputs from
/// left to right.
/// </summary>
[DebuggerDisplay("{Count} nodes")]
public sealed class TopologicalOrder
{
    private readonly Expr[] _nodes;

    // A node is looked up once when it is met, long before its position is known: what is stored of it is its number in
    // the order of meeting, and the position under that number.
    private readonly NodeNumbers _met;
    private readonly int[] _positions;

    // The edges, stored flat, so that a walk over the graph looks nothing up: the inputs of the node at position i stand
    // at _inputs[_starts[i].._starts[i + 1]].
    private readonly int[] _starts;
    private readonly int[] _inputs;

    private TopologicalOrder(Expr[] nodes, NodeNumbers met, int[] positions, int[] starts, int[] inputs)
    {
        _nodes = nodes;
        _met = met;
        _positions = positions;
        _starts = starts;
        _inputs = inputs;
    }

    /// <summary>The nodes, inputs before users.</summary>
    public ReadOnlySpan<Expr> Nodes => _nodes;

    /// <summary>The number of nodes.</summary>
    public int Count => _nodes.Length;

    /// <summary>The variables, in the order of their first appearance.</summary>
    public ImmutableArray<Variable> Variables => [.. _nodes.OfType<Variable>()];

    /// <summary>The number of edges: of operands of all nodes together.</summary>
    internal int EdgeCount => _inputs.Length;

    /// <summary>Orders what the roots depend on.</summary>
    /// <param name="roots">The expressions, roots included in the order.</param>
    public static TopologicalOrder Of(params ReadOnlySpan<Expr> roots)
    {
        var nodes = new List<Expr>();
        var met = new NodeNumbers();
        var positions = new List<int>();
        var starts = new List<int> { 0 };
        var inputs = new List<int>();
        var path = new Stack<(Application Node, int Met, int Next)>();

        // The positions of nodes that are placed and whose user is not: when a node is placed, its inputs are on top.
        var placed = new List<int>();
        foreach (var root in roots)
        {
            ArgumentNullException.ThrowIfNull(root, nameof(roots));
            Enter(root);
            while (path.TryPop(out var top))
            {
                if (top.Next < top.Node.Inputs.Length)
                {
                    path.Push((top.Node, top.Met, top.Next + 1));
                    Enter(top.Node.Input(top.Next));
                }
                else
                {
                    var ofNode = CollectionsMarshal.AsSpan(placed)[^top.Next..];
                    inputs.AddRange(ofNode);
                    placed.RemoveRange(placed.Count - top.Next, top.Next);
                    Place(top.Node, top.Met);
                }
            }
        }

        return new([.. nodes], met, [.. positions], [.. starts], [.. inputs]);

        void Enter(Expr node)
        {
            if (!met.TryAdd(node, out var number))
            {
                placed.Add(positions[number]);
                return;
            }

            positions.Add(-1);
            if (node is Application application)
            {
                path.Push((application, number, 0));
            }
            else
            {
                Place(node, number);
            }
        }

        void Place(Expr node, int number)
        {
            positions[number] = nodes.Count;
            placed.Add(nodes.Count);
            nodes.Add(node);
            starts.Add(inputs.Count);
        }
    }

    /// <summary>Takes an order that the caller has chosen, after checking that it is one.</summary>
    /// <param name="nodes">Nodes, each once, inputs before users.</param>
    /// <exception cref="ArgumentException">A node stands twice, or before one of its inputs.</exception>
    public static TopologicalOrder FromSequence(IEnumerable<Expr> nodes)
    {
        Expr[] sequence = [.. nodes];
        var met = new NodeNumbers();
        var positions = new int[sequence.Length];
        var starts = new int[sequence.Length + 1];
        var inputs = new List<int>();
        for (var i = 0; i < sequence.Length; i++)
        {
            if (sequence[i] is Application application)
            {
                foreach (var input in application.Inputs)
                {
                    inputs.Add(met.TryFind(input, out var position)
                        ? position
                        : throw new ArgumentException($"node {i}, {application.Primitive}, stands before its input {input}; order inputs before users", nameof(nodes)));
                }
            }

            starts[i + 1] = inputs.Count;
            positions[i] = i;
            if (!met.TryAdd(sequence[i], out _))
            {
                throw new ArgumentException($"node {i}, {sequence[i]}, stands twice; give each node once", nameof(nodes));
            }
        }

        return new(sequence, met, positions, starts, [.. inputs]);
    }

    /// <summary>Whether a node is in the order.</summary>
    /// <param name="node">A node.</param>
    public bool Contains(Expr node) => _met.TryFind(node, out _);

    /// <summary>Where a node stands.</summary>
    /// <param name="node">A node of this order.</param>
    /// <exception cref="ArgumentException">The node is not in this order.</exception>
    public int PositionOf(Expr node) => _met.TryFind(node, out var number)
        ? _positions[number]
        : throw new ArgumentException($"the expression {node} is not part of this graph", nameof(node));

    /// <summary>The positions of the inputs of the node at a position, one for each operand; none for a leaf.</summary>
    /// <param name="position">From 0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<int> InputsOf(int position) => _inputs.AsSpan(_starts[position].._starts[position + 1]);

    /// <summary>Who uses each node, and as which operand: the other direction of the edges.</summary>
    internal Uses Uses() => FunctionalGrad.Uses.Of(this);

    /// <summary>Marks the nodes that depend on any of the given ones (themselves included).</summary>
    internal bool[] DependingOn(ReadOnlySpan<Variable> variables)
    {
        var depends = new bool[_nodes.Length];
        foreach (var variable in variables)
        {
            if (_met.TryFind(variable, out var number))
            {
                depends[_positions[number]] = true;
            }
        }

        for (var i = 0; i < _nodes.Length; i++)
        {
            foreach (var input in InputsOf(i))
            {
                depends[i] |= depends[input];
            }
        }

        return depends;
    }
}
