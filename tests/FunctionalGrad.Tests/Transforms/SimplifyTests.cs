using Xunit;

namespace FunctionalGrad.Tests.Transforms;

public sealed class SimplifyTests
{
    private readonly Variable _x = Expr.Variable("x");

    [Fact]
    public void Identities_apply_until_none_does() =>
        Assert.Same(_x, ((_x * 1) + (2 - Expr.Constant(2))).Simplify());

    [Fact]
    public void What_cannot_be_simplified_is_the_same_object()
    {
        var y = (_x * _x) + 3;
        Assert.Same(y, y.Simplify());
    }

    [Fact]
    public void A_product_with_zero_stays() => Assert.Equal("x · 0", (_x * 0).Simplify().ToString());

    [Fact]
    public void Constants_are_folded_where_the_result_is_no_larger()
    {
        Expr three = Expr.Constant(1) + 2;
        Assert.Equal("3", three.Simplify().ToString());
        Assert.Equal("6", Expr.Constant(Tensor.Of(1.0, 2, 3)).Sum().Simplify().ToString());
        Assert.IsType<Application>(Expr.Full([1000, 1000], 1).Simplify());
    }

    [Fact]
    public void Sharing_between_results_and_gradient_entries_is_kept()
    {
        var y = (_x * 1) + 3;
        Expr[] roots = [y, y * y];
        var simplified = roots.Simplify();
        Assert.Same(simplified[0], ((Application)simplified[1]).Input(0));

        var gradient = (y * y).Gradient().Simplify();
        Assert.Equal("∂/∂x", gradient.ToText().Split('\n')[^1][..4]);
        Assert.Equal(14.0, gradient.Evaluate(Point.Of((_x, 4.0)))[_x].ToScalar());
    }

    [Fact]
    public void A_chain_of_a_million_nodes_is_a_normal_input()
    {
        Expr chain = _x;
        for (var i = 0; i < 1_000_000; i++)
        {
            chain = -chain;
        }

        Assert.Same(_x, chain.Simplify());
        Assert.Same(chain, chain.ShareCommonSubexpressions());
    }
}
