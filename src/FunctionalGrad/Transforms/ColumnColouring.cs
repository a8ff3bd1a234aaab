namespace FunctionalGrad;

/// <summary>
/// Colours for the columns of a pattern such that no row has two columns of one colour: then one pushforward, along the sum
/// of the columns' directions, gives every column of a colour at once. Greedy, in two orders; at least as many colours as
/// the largest row has entries are needed, and the search ends where that is reached.
/// </summary>
internal static class ColumnColouring
{
    public static int[] Of(SparsityPattern pattern)
    {
        var byColumn = pattern.Transpose();
        var bound = pattern.LargestRow;
        var natural = Enumerable.Range(0, pattern.Columns).ToArray();
        var best = Greedy(natural, byColumn);
        if (Count(best) > bound)
        {
            var largestFirst = natural.OrderByDescending(column => byColumn.Row(column).Length).ToArray();
            var other = Greedy(largestFirst, byColumn);
            best = Count(other) < Count(best) ? other : best;
        }

        return best;
    }

    /// <summary>How many colours there are; they are numbered from 0.</summary>
    public static int Count(ReadOnlySpan<int> colours)
    {
        var count = 0;
        foreach (var colour in colours)
        {
            count = Math.Max(count, colour + 1);
        }

        return count;
    }

    /// <summary>Each column takes the first colour that none of its rows has; an empty column takes none, which is −1.</summary>
    private static int[] Greedy(int[] order, SparsityPattern byColumn)
    {
        var colours = new int[order.Length];
        var ofRow = new ColourSet[byColumn.Columns];
        var taken = default(ColourSet);
        foreach (var column in order)
        {
            colours[column] = -1;
            if (byColumn.Row(column).IsEmpty)
            {
                continue;
            }

            taken.Clear();
            foreach (var row in byColumn.Row(column))
            {
                taken.Add(in ofRow[row]);
            }

            var colour = taken.FirstAbsent();
            colours[column] = colour;
            foreach (var row in byColumn.Row(column))
            {
                ofRow[row].Add(colour);
            }
        }

        return colours;
    }
}
