namespace FunctionalGrad;

/// <summary>
/// An order of nodes in which a value is used soon after it is computed: a node that has just become ready goes before those
/// that could have gone earlier. A gradient then follows its part of the function closely, and few values wait in memory.
/// </summary>
internal sealed class Locality
{
    // What takes no more operations than this on variables and constants waits for whoever needs it first.
    private const int MostOnDemand = 3;

    // A function of so many operations on lanes may begin as others do.
    private const int LeastOfFunction = 10;

    private readonly TopologicalOrder _order;
    private readonly Uses _uses;
    private readonly bool[] _isPlaced;

    // How many operations a node takes from variables and constants, at most one more than go on demand.
    private readonly int[] _operations;

    private Locality(TopologicalOrder order, Uses uses)
    {
        (_order, _uses, _isPlaced) = (order, uses, new bool[order.Count]);
        _operations = new int[order.Count];
        for (var i = 0; i < order.Count; i++)
        {
            var operations = 0;
            foreach (var input in order.InputsOf(i))
            {
                operations += _operations[input];
            }

            // What only looks at a variable or a constant takes none. Of a computed value it counts, so that nothing on demand is deep.
            var looks = order.Nodes[i] is not Application { Primitive: not (Broadcast or Reshape or Slice or Permute) };
            _operations[i] = looks && operations == 0 ? 0 : Math.Min(operations + 1, MostOnDemand + 1);
        }
    }

    /// <summary>
    /// The positions of all nodes: variables, constants and what only looks at them otherwise in their order, then the rest,
    /// inputs before users.
    /// </summary>
    public static IEnumerable<int> Of(TopologicalOrder order, Uses uses) => new Locality(order, uses).All();

    private IEnumerable<int> All()
    {
        for (var i = 0; i < _order.Count; i++)
        {
            if (_operations[i] == 0)
            {
                _isPlaced[i] = true;
                yield return i;
            }
        }

        var missing = new int[_order.Count];
        var ready = new Stack<int>();
        for (var i = _order.Count - 1; i >= 0; i--)
        {
            foreach (var input in _order.InputsOf(i))
            {
                missing[i] += _operations[input] > MostOnDemand ? 1 : 0;
            }

            if (missing[i] == 0)
            {
                ready.Push(i);
            }
        }

        var placed = new List<int>();
        while (ready.TryPop(out var next))
        {
            placed.Clear();
            Place(next, placed);
            if (placed.Count > 0 && IsFunction(next))
            {
                PlaceFunctionsOf(_order.InputsOf(next)[0], placed);
            }

            foreach (var position in placed)
            {
                yield return position;
                var users = _uses[position];
                for (var k = users.Length - 1; k >= 0; k--)
                {
                    var user = users[k].User;
                    missing[user] -= _operations[position] > MostOnDemand ? 1 : 0;
                    if (missing[user] == 0 && !_isPlaced[user])
                    {
                        ready.Push(user);
                    }
                }
            }
        }
    }

    // Functions of the same value stand side by side: what they have in common, as sine and cosine do, is then done once.
    private void PlaceFunctionsOf(int position, List<int> placed)
    {
        foreach (var use in _uses[position])
        {
            if (IsFunction(use.User))
            {
                Place(use.User, placed);
            }
        }
    }

    private bool IsFunction(int position) =>
        _order.InputsOf(position).Length == 1
        && _order.Nodes[position] is Application { Primitive: ElementwisePrimitive { Weight: >= LeastOfFunction } };

    // Places a node after what it needs on demand: as deep as operations go on demand, at most.
    private void Place(int position, List<int> placed)
    {
        if (_isPlaced[position])
        {
            return;
        }

        _isPlaced[position] = true;
        foreach (var input in _order.InputsOf(position))
        {
            Place(input, placed);
        }

        placed.Add(position);
    }
}
