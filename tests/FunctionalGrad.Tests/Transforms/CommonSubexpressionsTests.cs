using Xunit;

namespace FunctionalGrad.Tests.Transforms;

public sealed class CommonSubexpressionsTests
{
    private readonly Variable _x = Expr.Variable("x");

    [Fact]
    public void Equal_parts_become_one_node()
    {
        var y = (_x + 1) * (_x + 1);
        var shared = y.ShareCommonSubexpressions();
        Assert.Equal(6, TopologicalOrder.Of(y).Count);
        Assert.Equal(4, TopologicalOrder.Of(shared).Count);
        Assert.Same(shared, shared.ShareCommonSubexpressions());
    }

    [Fact]
    public void Unequal_constants_and_namesakes_stay_apart()
    {
        var zeros = (_x + 0.0) * (_x + -0.0);
        Assert.Same(zeros, zeros.ShareCommonSubexpressions());
        var namesakes = (_x + 1) * (Expr.Variable("x") + 2);
        Assert.Same(namesakes, namesakes.ShareCommonSubexpressions());
    }

    [Fact]
    public void Results_and_gradient_entries_share_with_each_other()
    {
        Expr[] roots = [_x + 1, _x + 1];
        var shared = roots.ShareCommonSubexpressions();
        Assert.Same(shared[0], shared[1]);

        var y = Expr.Variable("y");
        var gradient = (_x + y).Gradient().ShareCommonSubexpressions();
        Assert.Same(gradient[_x], gradient[y]);
    }
}
