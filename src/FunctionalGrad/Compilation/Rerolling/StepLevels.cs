namespace FunctionalGrad;

/// <summary>
/// Tells what goes from step to step from what each step does for itself. On even levels stand nodes that take nothing from
/// what they gave before: all steps can do those at once, over lanes. On odd levels stands what has to be done step after step.
/// A node takes from its own level and from those below.
/// </summary>
internal static class StepLevels
{
    // Less work between two things that go from step to step is as well done among them.
    private const int LeastBetween = 16;

    /// <summary>Gives each node of a step a level.</summary>
    /// <param name="operands">The operands of each node.</param>
    /// <param name="primitives">What each node does.</param>
    /// <returns>The level of each node, and the nodes in an order in which each comes after all that it takes from, former steps included, where it can.</returns>
    public static (int[] Levels, int[] Order) Of(StepOperand[][] operands, ReadOnlySpan<Primitive> primitives)
    {
        var (levels, isMapped, componentOf) = (new int[operands.Length], new bool[operands.Length], new int[operands.Length]);
        var (number, order) = (0, new List<int>());
        foreach (var component in Components(operands))
        {
            number++;
            order.AddRange(component);
            component.ForEach(node => componentOf[node] = number);
            var mapped = component.Count == 1 && IsMapped(primitives[component[0]]) && !Former(component[0]).Any(IsInside);
            var level = mapped ? 0 : 1;
            foreach (var former in component.SelectMany(Former).Where(former => !IsInside(former)))
            {
                level = Math.Max(level, levels[former] + (isMapped[former] == mapped ? 0 : 1));
            }

            component.ForEach(node => (levels[node], isMapped[node]) = (level, mapped));
        }

        var between = 0;
        for (var node = 0; node < levels.Length; node++)
        {
            between += isMapped[node] && levels[node] > 1 ? WeightOf(primitives[node]) : 0;
        }

        return (between >= LeastBetween ? levels : Array.ConvertAll(levels, level => Math.Min(level, 1)), [.. order]);

        IEnumerable<int> Former(int node) => operands[node].OfType<StepOperand.OfStep>().Select(former => former.Node);

        bool IsInside(int node) => componentOf[node] == number;
    }

    /// <summary>How many operations on lanes a node takes.</summary>
    public static int WeightOf(Primitive primitive) => primitive is ElementwisePrimitive elementwise ? elementwise.Weight : 0;

    private static bool IsMapped(Primitive primitive) => primitive is ElementwisePrimitive or Reshape or Broadcast or Slice or Permute;

    // Nodes that take from one another from step to step come together, each component after those that it takes from:
    // Tarjan's algorithm, without recursion.
    private static IEnumerable<List<int>> Components(StepOperand[][] operands)
    {
        var (met, low) = (new int[operands.Length], new int[operands.Length]);
        var isOpen = new bool[operands.Length];
        var open = new Stack<int>();
        var path = new Stack<(int Node, int Next)>();
        var count = 0;
        for (var root = 0; root < operands.Length; root++)
        {
            if (met[root] == 0)
            {
                path.Push((root, 0));
            }

            while (path.TryPop(out var top))
            {
                var (node, next) = top;
                if (met[node] == 0)
                {
                    met[node] = low[node] = ++count;
                    isOpen[node] = true;
                    open.Push(node);
                }

                if (next < operands[node].Length)
                {
                    if (operands[node][next] is not StepOperand.OfStep { Node: var former } || (met[former] > 0 && !isOpen[former]))
                    {
                        path.Push((node, next + 1));
                    }
                    else if (met[former] > 0)
                    {
                        low[node] = Math.Min(low[node], low[former]);
                        path.Push((node, next + 1));
                    }
                    else
                    {
                        // Looked at again when the former one is done.
                        path.Push((node, next));
                        path.Push((former, 0));
                    }
                }
                else if (low[node] == met[node])
                {
                    var component = new List<int>();
                    do
                    {
                        component.Add(open.Pop());
                        isOpen[component[^1]] = false;
                    }
                    while (component[^1] != node);
                    yield return component;
                }
            }
        }
    }
}
