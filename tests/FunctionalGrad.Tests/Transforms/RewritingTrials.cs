using Xunit;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>What simplification and sharing promise, tried on random graphs and their gradients.</summary>
public sealed class RewritingTrials
{
    private readonly Variable[] _variables = [Expr.Variable("a"), Expr.Variable("b", [3]), Expr.Variable("c", [2, 3])];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 300)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Values_are_kept_graphs_do_not_grow_and_a_second_time_changes_nothing(int seed)
    {
        var root = RandomScalar(new Random(seed));
        Expr[] roots = [root, .. root.Gradient(_variables).Values];
        var at = Point.Of(
            (_variables[0], 1.5), (_variables[1], Tensor.Of(0.5, -1, 2)), (_variables[2], Tensor.Of([2, 3], [1.0, 2, 3, -4, 5, 6])));
        var count = TopologicalOrder.Of(roots).Count;
        var values = Interpreter<double>.Evaluate(roots, at);

        Expr[] simplified = [.. roots.Simplify()];
        Assert.True(TopologicalOrder.Of(simplified).Count <= count, root.ToText());
        Assert.Equal(simplified, simplified.Simplify());
        Assert.Equal(values, Interpreter<double>.Evaluate(simplified, at));

        Expr[] shared = [.. roots.ShareCommonSubexpressions()];
        Assert.True(TopologicalOrder.Of(shared).Count <= count, root.ToText());
        Assert.Equal(shared, shared.ShareCommonSubexpressions());
        var sharedValues = Interpreter<double>.Evaluate(shared, at);
        for (var i = 0; i < roots.Length; i++)
        {
            Assert.True(Structure.Equal(roots[i], shared[i]) && Structure.Hash(roots[i]) == Structure.Hash(shared[i]), roots[i].ToText());
            Assert.True(values[i].BitEquals(sharedValues[i]), roots[i].ToText());
        }
    }

    // Divisors are at least 2, since an identity such as x + 0 = x may change the sign of a zero, which 1/0 would show.
    private Expr RandomScalar(Random random)
    {
        List<Expr> made = [.. _variables, 0, 1, 2, -1, Tensor.Of(1.0, 1, 1), Expr.Full([3], 1), Expr.Full([2, 3], 0)];
        for (var steps = random.Next(1, 50); steps > 0; steps--)
        {
            var (x, y, z) = (Pick(), Pick(), Pick());
            made.Add(random.Next(11) switch
            {
                0 => x + y,
                1 => x - y,
                2 => x * y,
                3 => x / ((y * y) + 2),
                4 => x > y,
                5 => Expr.Select(x, y, z),
                6 => -x,
                7 => -(-x),
                8 => x.Sum(),
                9 => x.Reshape([x.Shape.Size]).Reshape(x.Shape),
                _ => x.BroadcastTo([2, 3]),
            });
        }

        return made[^1].Sum();

        Expr Pick() => made[random.Next(2) == 0 ? random.Next(made.Count) : Math.Max(0, made.Count - 1 - random.Next(6))];
    }
}
