namespace FunctionalGrad;

/// <summary>
/// Which entries of some results can move when which entries of some variables do. The pushforward of the results along
/// unknown tangents is a graph that is linear in those tangents, made by the same rules that differentiate; the index sets
/// walk through that graph. So a linear operation makes no entry of a Hessian, and softmax needs no word of its own.
/// </summary>
/// <remarks>
/// The pattern is that of the graph: it holds every entry that is not zero at some point, and an entry that is zero only
/// because terms cancel. A primitive with a general rule that stands in its own pushforward, and a gather at indices that
/// are no constants, count as dense.
/// </remarks>
internal static class Sparsity
{
    private static readonly int[] None = [];

    /// <summary>The pattern of the Jacobian of the results, one below the other, by the variables, one beside the other.</summary>
    public static SparsityPattern Of(ReadOnlySpan<Expr> results, ReadOnlySpan<Variable> variables)
    {
        var tangents = new Dictionary<Variable, Expr>();
        var moving = new Variable[variables.Length];
        var firstColumn = new Dictionary<Expr, int>();
        var columns = 0;
        for (var i = 0; i < moving.Length; i++)
        {
            moving[i] = Expr.Variable("v", variables[i].Shape);
            tangents[variables[i]] = moving[i];
            firstColumn[moving[i]] = columns;
            columns += variables[i].Shape.Size;
        }

        var moved = ForwardMode.Tangents(TopologicalOrder.Of(results), tangents, results);
        var sets = SetsOf(moved, moving, firstColumn, columns);

        var starts = new List<int> { 0 };
        var indices = new List<int>();
        for (var r = 0; r < moved.Length; r++)
        {
            for (var entry = 0; entry < results[r].Shape.Size; entry++)
            {
                indices.AddRange(sets[r]?[entry] ?? None);
                starts.Add(indices.Count);
            }
        }

        return SparsityPattern.Seal(starts.Count - 1, columns, [.. starts], [.. indices]);
    }

    /// <summary>For each root, and each entry of it, the columns that reach it in ascending order; null where none do.</summary>
    private static int[][]?[] SetsOf(Expr?[] roots, Variable[] moving, Dictionary<Expr, int> firstColumn, int columns)
    {
        var order = TopologicalOrder.Of([.. roots.OfType<Expr>()]);
        var depends = order.DependingOn(moving);
        var union = new IndexUnion(columns);
        var sets = new int[order.Count][][];
        var remaining = new int[order.Count];
        for (var position = 0; position < order.Count; position++)
        {
            foreach (var input in order.InputsOf(position))
            {
                remaining[input]++;
            }
        }

        foreach (var root in roots)
        {
            if (root is not null)
            {
                remaining[order.PositionOf(root)]++;
            }
        }

        for (var position = 0; position < order.Count; position++)
        {
            if (!depends[position])
            {
                continue;
            }

            sets[position] = order.Nodes[position] is Application node
                ? Through(node, order.InputsOf(position), sets, union)
                : OfVariable(order.Nodes[position], firstColumn);

            // What nobody will read again need not be kept.
            foreach (var input in order.InputsOf(position))
            {
                if (--remaining[input] == 0)
                {
                    sets[input] = null!;
                }
            }
        }

        return Array.ConvertAll(roots, root => root is null ? null : sets[order.PositionOf(root)]);
    }

    private static int[][] OfVariable(Expr variable, Dictionary<Expr, int> firstColumn)
    {
        var own = new int[variable.Shape.Size][];
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = [firstColumn[variable] + i];
        }

        return own;
    }

    private static int[][] Through(Application node, ReadOnlySpan<int> inputs, int[][][] sets, IndexUnion union)
    {
        var parts = new List<(int[][] Sets, LinkDiscovery.Reach Reach)>();
        for (var operand = 0; operand < inputs.Length; operand++)
        {
            if (sets[inputs[operand]] is { } own)
            {
                var reach = LinkDiscovery.Of(node, operand);
                if (reach.Kind != LinkDiscovery.ReachKind.Nothing)
                {
                    parts.Add((own, reach));
                }
            }
        }

        if (parts is [(var only, { Kind: LinkDiscovery.ReachKind.SameEntry })])
        {
            return only;
        }

        // What reaches every entry is the same for each.
        var everywhere = None;
        foreach (var (own, reach) in parts)
        {
            if (reach.Kind == LinkDiscovery.ReachKind.Everything)
            {
                foreach (var set in own)
                {
                    union.Add(set);
                }
            }
        }

        everywhere = union.Take();
        var value = new int[node.Shape.Size][];
        for (var entry = 0; entry < value.Length; entry++)
        {
            union.Add(everywhere);
            foreach (var (own, reach) in parts)
            {
                if (reach.Kind == LinkDiscovery.ReachKind.SameEntry)
                {
                    union.Add(own[entry]);
                }
                else if (reach.Links is { } links)
                {
                    foreach (var source in links[entry])
                    {
                        union.Add(own[source]);
                    }
                }
            }

            value[entry] = union.Take();
        }

        return value;
    }
}
