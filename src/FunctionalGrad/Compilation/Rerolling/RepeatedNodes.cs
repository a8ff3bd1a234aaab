namespace FunctionalGrad;

/// <summary>
/// The operations of a graph in order, each with a token that it has in common with those that could be the same operation of
/// another step: equal primitives, shapes, and kinds of operands. Slices count as equal wherever they begin.
/// </summary>
internal sealed class RepeatedNodes
{
    // The steps of larger tensors are not much code for what they do, and their values are not to be moved.
    private const int LargestTensor = 256;

    private readonly TopologicalOrder _order;
    private readonly int[] _positions;
    private readonly int[] _places;

    public RepeatedNodes(TopologicalOrder order)
    {
        _order = order;
        _places = new int[order.Count];
        var positions = new List<int>();
        for (var i = 0; i < order.Count; i++)
        {
            _places[i] = order.Nodes[i] is Application ? positions.Count : -1;
            if (_places[i] >= 0)
            {
                positions.Add(i);
            }
        }

        _positions = [.. positions];
    }

    public int Count => _positions.Length;

    /// <summary>Where in the order an operation stands.</summary>
    public int PositionOf(int place) => _positions[place];

    /// <summary>Which operation a node of the order is; −1 for a variable or a constant.</summary>
    public int PlaceOf(int position) => _places[position];

    public Application At(int place) => (Application)_order.Nodes[_positions[place]];

    /// <summary>The positions of the operands.</summary>
    public ReadOnlySpan<int> OperandsOf(int place) => _order.InputsOf(_positions[place]);

    /// <summary>A token for each operation. One that is never part of a loop has one of its own.</summary>
    public int[] Tokens()
    {
        var known = new Dictionary<Kind, int>();
        var tokens = new int[Count];
        for (var i = 0; i < tokens.Length; i++)
        {
            var node = At(i);
            if (node.Shape.Size > LargestTensor)
            {
                tokens[i] = -1 - i;
                continue;
            }

            var kind = Kind.Of(node);
            if (!known.TryGetValue(kind, out tokens[i]))
            {
                known.Add(kind, tokens[i] = known.Count);
            }
        }

        return tokens;
    }

    private readonly record struct Kind(Primitive? Primitive, Shape Shape, Shape Source, int Constants)
    {
        public static Kind Of(Application node)
        {
            var constants = 0;
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                constants = (constants * 2) + (node.Input(i) is Constant ? 1 : 0);
            }

            return node.Primitive is Slice ? new(null, node.Shape, node.Input(0).Shape, constants) : new(node.Primitive, node.Shape, Shape.Scalar, constants);
        }
    }
}
