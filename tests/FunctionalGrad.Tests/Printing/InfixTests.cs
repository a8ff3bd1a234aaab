using System.Diagnostics;
using Xunit;

namespace FunctionalGrad.Tests.Printing;

public sealed class InfixTests
{
    private readonly Variable _x = Expr.Variable("x");
    private readonly Variable _y = Expr.Variable("y");
    private readonly Variable _z = Expr.Variable("z");

    [Fact]
    public void Parentheses_stand_where_the_text_would_read_otherwise_without_them()
    {
        Assert.Equal("x − (y − z)", (_x - (_y - _z)).ToString());
        Assert.Equal("x − y − z", (_x - _y - _z).ToString());
        Assert.Equal("x + (y − z)", (_x + (_y - _z)).ToString());
        Assert.Equal("x / (y · z)", (_x / (_y * _z)).ToString());
        Assert.Equal("x · (y / z)", (_x * (_y / _z)).ToString());
        Assert.Equal("(x + y) · z", ((_x + _y) * _z).ToString());
        Assert.Equal("(x > y) > z", ((_x > _y) > _z).ToString());
        Assert.Equal("x > (y > z)", (_x > (_y > _z)).ToString());
    }

    [Fact]
    public void Associative_operations_need_no_parentheses()
    {
        Assert.Equal("x · y · z", (_x * (_y * _z)).ToString());
        Assert.Equal("x · y · z", (_x * _y * _z).ToString());
        Assert.Equal("x + y + z", (_x + (_y + _z)).ToString());
    }

    [Fact]
    public void A_sign_never_follows_a_symbol()
    {
        Assert.Equal("−x · y", (-(_x * _y)).ToString());
        Assert.Equal("(−x) · y", (-_x * _y).ToString());
        Assert.Equal("x · (−y)", (_x * -_y).ToString());
        Assert.Equal("x + (−y)", (_x + -_y).ToString());
        Assert.Equal("−(−x)", (-(-_x)).ToString());
        Assert.Equal("−(x + y)", (-(_x + _y)).ToString());
    }

    [Fact]
    public void Negative_constants_stand_in_parentheses_in_products_and_after_symbols()
    {
        Assert.Equal("x · (-1)", (_x * -1).ToString());
        Assert.Equal("(-1) · x", (-1 * _x).ToString());
        Assert.Equal("-1 + x", (-1 + _x).ToString());
        Assert.Equal("x + (-1) + y", (_x + (-1 + _y)).ToString());
        Assert.Equal("x > -1", (_x > -1).ToString());
        Assert.Equal("−(-1)", (-Expr.Constant(-1)).ToString());
    }

    [Fact]
    public void Numbers_print_shortest_and_the_same_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            Assert.Equal("x · 0.1 + 1E-09", ((_x * 0.1) + 1e-9).ToString());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Calls_print_operands_then_parameters_and_broadcasts_print_nothing()
    {
        var v = Expr.Variable("v", [2, 3]);
        Assert.Equal("sum(v + 1, axes: [0])", (v + 1).Sum(0).ToString());
        Assert.Equal("reshape(v, to: [6])", v.Reshape([6]).ToString());
        Assert.Equal("select(x > 0, x, −x)", Expr.Select(_x > 0, _x, -_x).ToString());
        Assert.Equal("[1, 2, 3] · x", (Expr.Constant(Tensor.Of(1.0, 2, 3)) * _x).ToString());
        Assert.Equal("constant[30, 50]", Expr.Constant(Tensor<double>.Zeros([30, 50])).ToString());
    }

    [Fact]
    public void Two_variables_of_one_name_are_told_apart()
    {
        Assert.Equal("x · x′", (_x * Expr.Variable("x")).ToString());
        Assert.Equal("x · x″ + x′", ((_x * Expr.Variable("x")) + Expr.Variable("x′")).ToString());
    }

    [Fact]
    public void Sharing_that_would_blow_up_the_line_is_named()
    {
        Expr sum = _x;
        for (var i = 0; i < 10; i++)
        {
            sum += sum;
        }

        Assert.StartsWith("let t1 = x + x; let t2 = t1 + t1; ", sum.ToString());
        Assert.EndsWith("; t9 + t9", sum.ToString());
    }

    [Fact]
    public void A_large_expression_is_cut_and_says_how_large_it_is()
    {
        Expr chain = _x;
        for (var i = 0; i < 100; i++)
        {
            chain = (chain * _y) + i;
        }

        Assert.EndsWith("+ 98) · y + 99 (302 nodes)", chain.ToString());
        Assert.Contains("…", chain.ToString());
    }

    [Fact]
    public void Looking_at_a_million_nodes_takes_no_time()
    {
        Expr chain = _x;
        for (var i = 0; i < 1_000_000; i++)
        {
            chain = -chain;
        }

        _ = chain.ToString();
        var watch = Stopwatch.StartNew();
        var text = chain.ToString();
        Assert.EndsWith("(more than 1000 nodes)", text);
        Assert.True(text.Length < 1000 && watch.Elapsed < TimeSpan.FromSeconds(0.1), $"{text.Length} characters in {watch.Elapsed}");
    }
}
