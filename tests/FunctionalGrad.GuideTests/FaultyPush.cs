namespace FunctionalGrad.GuideTests;

/// <summary>
/// The tutorials' pass on the library's own graph, with one bug: what the pages should show, computed another way.
/// </summary>
internal static class FaultyPush
{
    public static Dictionary<string, double> Cells(Expr root, Point<double> at, string bug)
    {
        var order = TopologicalOrder.Of(root);
        var cells = new double[order.Count];
        var rounds = bug is "zero" or "twice" ? 2 : 1;
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < cells.Length && bug == "zero"; i++)
            {
                cells[i] = order.Nodes[i] is Variable ? cells[i] : 0;
            }

            cells[order.Count - 1] = 1;
            foreach (var u in bug == "order" ? Outwards(order) : [.. Enumerable.Range(0, order.Count).Reverse()])
            {
                if (order.Nodes[u] is not Application user)
                {
                    continue;
                }

                var inputs = order.InputsOf(u);
                for (var operand = 0; operand < inputs.Length; operand++)
                {
                    if (bug == "set" && inputs[..operand].Contains(inputs[operand]))
                    {
                        continue;
                    }

                    var partial = ((Rule.Elementwise)user.Primitive.Rule).Partial(user, operand)?.Evaluate(at).ToScalar() ?? 0;
                    cells[inputs[operand]] = (bug == "assign" ? 0 : cells[inputs[operand]]) + (partial * cells[u]);
                }
            }
        }

        return order.Variables.ToDictionary(variable => variable.Name, variable => cells[order.PositionOf(variable)]);
    }

    private static List<int> Outwards(TopologicalOrder order)
    {
        List<int> found = [order.Count - 1];
        for (var next = 0; next < found.Count; next++)
        {
            found.AddRange(order.InputsOf(found[next]).ToArray().Distinct().Where(input => !found.Contains(input)).ToArray());
        }

        return found;
    }
}
