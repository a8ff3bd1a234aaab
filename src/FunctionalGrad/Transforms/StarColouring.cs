namespace FunctionalGrad;

/// <summary>
/// Colours for the columns of a symmetric pattern such that each entry (i, j) can be read off at (i, j) or at (j, i):
/// neighbours differ, and no path of four takes two colours only (a star colouring). An arrow needs two colours, where
/// columns alone would need as many as there are.
/// </summary>
/// <remarks>
/// Greedy, in two orders. A colour is forbidden to v that closes such a path with v at its end, v w x y, where x has
/// another neighbour y of the colour of w; or with v inside, y w v x, where w and x are neighbours of one colour.
/// </remarks>
internal static class StarColouring
{
    /// <param name="pattern">A symmetric pattern.</param>
    public static int[] Of(SparsityPattern pattern)
    {
        var natural = Enumerable.Range(0, pattern.Rows).ToArray();
        var largestFirst = natural.OrderByDescending(row => pattern.Row(row).Length).ToArray();
        var first = Greedy(natural, pattern);
        var second = Greedy(largestFirst, pattern);
        return ColumnColouring.Count(second) < ColumnColouring.Count(first) ? second : first;
    }

    private static int[] Greedy(int[] order, SparsityPattern pattern)
    {
        var colours = new int[order.Length];
        Array.Fill(colours, -1);

        // Of each vertex: the colours of its neighbours, and those of neighbours that have a second one of its own colour.
        var around = new ColourSet[order.Length];
        var centres = new ColourSet[order.Length];
        var firstOf = new Dictionary<(int Vertex, int Colour), int>();
        var forbidden = default(ColourSet);
        foreach (var v in order)
        {
            var neighbours = pattern.Row(v);
            if (neighbours.IsEmpty)
            {
                continue;
            }

            forbidden.Clear();
            foreach (var w in neighbours)
            {
                if (w != v && colours[w] >= 0)
                {
                    forbidden.Add(colours[w]);
                    forbidden.Add(in centres[w]);
                    if (firstOf.TryGetValue((v, colours[w]), out var other) && other != w)
                    {
                        forbidden.Add(in around[w]);
                        forbidden.Add(in around[other]);
                    }
                }
            }

            var colour = colours[v] = forbidden.FirstAbsent();
            foreach (var w in neighbours)
            {
                if (w == v)
                {
                    continue;
                }

                around[w].Add(colour);
                if (!firstOf.TryAdd((w, colour), v) && colours[w] >= 0)
                {
                    centres[v].Add(colours[w]);
                    centres[firstOf[(w, colour)]].Add(colours[w]);
                }

                if (colours[w] >= 0 && firstOf[(v, colours[w])] is var first && first != w)
                {
                    centres[w].Add(colour);
                    centres[first].Add(colour);
                }
            }
        }

        return colours;
    }
}
