using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// The reverse pass as every tutorial has it, users before inputs and each contribution added where it belongs, but as a
/// fold: the map is not updated, each step returns a new one. It gives what pulling gives, up to the order of sums.
/// </summary>
internal static class PushFold
{
    public static ImmutableArray<PushStep<T>> Of<T>(Expr root, Point<T> at, ReadOnlySpan<Variable> variables)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var order = TopologicalOrder.Of(root);
        ImmutableArray<Variable> by = variables.IsEmpty ? order.Variables : [.. variables];
        var wanted = order.DependingOn(by.AsSpan());
        var rootPosition = order.PositionOf(root);
        if (!wanted[rootPosition])
        {
            return [];
        }

        // The expressions first: what is added to which entry. A map of expressions would do; an array is that map's latest.
        var flows = new Flow?[order.Count];
        flows[rootPosition] = new Flow(1);
        var pulled = new PulledNodes(order, wanted);
        List<(int Key, Application User, int Operand, Expr Contribution, Expr Sum)> pushed = [];
        for (var u = rootPosition; u >= 0; u--)
        {
            if (flows[u] is not { } cotangent || order.Nodes[u] is not Application user)
            {
                continue;
            }

            var inputs = order.InputsOf(u);
            for (var operand = 0; operand < inputs.Length; operand++)
            {
                var v = inputs[operand];
                if (wanted[v] && pulled.Contribution(u, operand, cotangent) is { } contribution)
                {
                    flows[v] = flows[v] is { } sofar ? sofar + contribution : contribution;
                    pushed.Add((v, user, operand, contribution.Value, flows[v]!.Value.Value));
                }
            }
        }

        Expr[] expressions = [.. pushed.Select(step => step.Contribution), .. pushed.Select(step => step.Sum)];
        var numbers = Interpreter<T>.Evaluate(expressions, at);
        var steps = ImmutableArray.CreateBuilder<PushStep<T>>(pushed.Count + 1);
        var before = AdjointMap<T>.Empty(order, by);
        var after = before.With(rootPosition, Tensor.Full(root.Shape, T.One));
        steps.Add(new(root, null, before, after));
        for (var i = 0; i < pushed.Count; i++)
        {
            var (key, user, operand, contribution, _) = pushed[i];
            (before, after) = (after, after.With(key, numbers[pushed.Count + i]));
            steps.Add(new(order.Nodes[key], new(user, operand, contribution, numbers[i]), before, after));
        }

        return steps.MoveToImmutable();
    }
}
