namespace FunctionalGrad;

/// <summary>
/// An order of nodes in which a value is used soon after it is computed: a node that has just become ready goes before those
/// that could have gone earlier. A gradient then follows its part of the function closely, and few values wait in memory.
/// </summary>
internal static class Locality
{
    /// <summary>The positions of all nodes: variables and constants in their order, then the rest, inputs before users.</summary>
    public static IEnumerable<int> Of(TopologicalOrder order, Uses uses)
    {
        var missing = new int[order.Count];
        var ready = new Stack<int>();
        for (var i = order.Count - 1; i >= 0; i--)
        {
            foreach (var input in order.InputsOf(i))
            {
                missing[i] += order.InputsOf(input).IsEmpty ? 0 : 1;
            }

            if (missing[i] == 0 && !order.InputsOf(i).IsEmpty)
            {
                ready.Push(i);
            }
        }

        for (var i = 0; i < order.Count; i++)
        {
            if (order.InputsOf(i).IsEmpty)
            {
                yield return i;
            }
        }

        while (ready.TryPop(out var next))
        {
            yield return next;
            var users = uses[next];
            for (var k = users.Length - 1; k >= 0; k--)
            {
                if (--missing[users[k].User] == 0)
                {
                    ready.Push(users[k].User);
                }
            }
        }
    }
}
