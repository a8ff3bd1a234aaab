namespace FunctionalGrad;

/// <summary>
/// What nodes contribute to their operands in one reverse pass. A rule that pulls back to all operands at once is asked once
/// for each node, however many of its operands are wanted.
/// </summary>
internal sealed class PulledNodes(TopologicalOrder order, bool[] wanted)
{
    private readonly Dictionary<int, Flow?[]> _atOnce = [];

    /// <summary>contribution(u → v), from the whole cotangent of u, by the position of u.</summary>
    public Flow? Contribution(int user, int operand, Flow cotangent)
    {
        var node = (Application)order.Nodes[user];
        if (node.Primitive.Rule is not Rule.General { PullbackAtOnce: not null } general)
        {
            return Contributions.Pull(node.Primitive.Rule, node, operand, cotangent);
        }

        if (!_atOnce.TryGetValue(user, out var contributions))
        {
            var isWanted = Array.ConvertAll(order.InputsOf(user).ToArray(), input => wanted[input]);
            _atOnce.Add(user, contributions = Contributions.PullAtOnce(general, node, cotangent, isWanted));
        }

        return contributions[operand];
    }
}
