using Xunit;

namespace FunctionalGrad.Tests.Printing;

public sealed class ExpressionTextTests
{
    private readonly Variable _x = Expr.Variable("x");

    [Fact]
    public void What_is_used_more_than_once_is_named_once()
    {
        var y = (_x * _x) + 1;
        Assert.Equal("let t1 = x · x + 1\nt1 · t1 / 2", (y * y / 2).ToText());
        Assert.Equal("x · 3 + x", ((_x * 3) + _x).ToText());
    }

    [Fact]
    public void Broadcasts_of_leaves_stay_where_they_are_and_those_of_results_share_the_result()
    {
        var v = Expr.Variable("v", [3]);
        Assert.Equal("v · x + x", ((v * _x) + _x).ToText());
        var sum = v.Sum();
        Assert.Equal("let t1 = sum(v, axes: [0])\nv / t1 − t1", ((v / sum) - sum).ToText());
    }

    [Fact]
    public void Names_of_parts_keep_clear_of_names_of_variables()
    {
        var y = Expr.Variable("t1") + _x;
        Assert.Equal("let t2 = t1 + x\nt2 · t2", (y * y).ToText());
    }

    [Fact]
    public void Several_results_and_gradients_share_their_parts()
    {
        var y = _x + 1;
        Expr[] results = [y, y * 2];
        Assert.Equal("let t1 = x + 1\n[0] = t1\n[1] = t1 · 2", results.ToText());

        var other = Expr.Variable("x");
        Assert.Equal("∂/∂x = x′\n∂/∂x′ = x", (_x * other).Gradient().ToText());
        Assert.Equal("", GradientMap<Expr>.Zero.ToText());
    }

    [Fact]
    public void A_line_never_grows_long_however_deep_the_expression()
    {
        Expr chain = _x;
        for (var i = 0; i < 1_000_000; i++)
        {
            chain = -chain;
        }

        var text = chain.ToText();
        Assert.InRange(text.Length, 1_000_000, 10_000_000);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 1, 500));
    }

    [Fact]
    public void A_line_break_in_a_name_does_not_break_the_line() =>
        Assert.Equal("a\\nb + 1", (Expr.Variable("a\nb") + 1).ToText());
}
