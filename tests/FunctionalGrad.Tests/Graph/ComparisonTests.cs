using Xunit;

namespace FunctionalGrad.Tests.Graph;

public sealed class ComparisonTests
{
    private static readonly Expr X = Tensor.Of(1.0, 2, 3, double.NaN);

    public static TheoryData<string, Expr, double[]> Relations => new()
    {
        { "x > 2", X > 2, [0, 0, 1, 0] },
        { "x >= 2", X >= 2, [0, 1, 1, 0] },
        { "x < 2", X < 2, [1, 0, 0, 0] },
        { "x <= 2", X <= 2, [1, 1, 0, 0] },
        { "x = 2", Expr.Equal(X, 2), [0, 1, 0, 0] },
        { "x ≠ 2", Expr.NotEqual(X, 2), [1, 0, 1, 1] },
        { "2 > x", 2 > X, [1, 0, 0, 0] },
        { "x > 1 and x < 3", (X > 1) & (X < 3), [0, 1, 0, 0] },
        { "x < 2 or x > 2", (X < 2) | (X > 2), [1, 0, 1, 0] },
        { "not x > 2", !(X > 2), [1, 1, 0, 1] },
        { "any number but 0 holds", (X - 1) & 5, [0, 1, 1, 1] },
        { "of any two numbers", (X - 1) | (X - 2), [1, 1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Relations))]
    public void A_comparison_is_1_where_it_holds_and_0_elsewhere(string relation, Expr comparison, double[] holds)
    {
        Assert.Equal(Tensor.Of(holds), comparison.Evaluate());
        Assert.True(Tensor.Of(holds).To<float>().Equals(comparison.Evaluate(Point<float>.Empty)), relation);
    }

    [Fact]
    public void A_comparison_has_no_derivative_but_zero()
    {
        var x = Expr.Variable("x", [2]);
        Expr[] comparisons = [x > 1, x >= 1, x < 1, x <= 1, Expr.Equal(x, 1), Expr.NotEqual(x, 1), (x > 0) & (x < 2), (x > 0) | (x > 2), !x];
        Assert.All(comparisons, comparison =>
        {
            var at = Point.Of((x, Tensor.Of(1.0, 3.0)));
            Assert.Equal(Tensor.Of(0.0, 0.0), comparison.Sum().Gradient(x)[x].Evaluate(at));
            Assert.Equal(Tensor.Of(0.0, 0.0), comparison.Pushforward(GradientMap<Expr>.Of((x, Tensor.Of(1.0, 1.0)))).Evaluate(at));
        });
    }

    [Fact]
    public void A_choice_takes_x_where_the_condition_holds_and_y_elsewhere()
    {
        Expr condition = Tensor.Of(0.0, 1, -1, double.NaN, -0.0);
        Assert.Equal(Tensor.Of(2.0, 1, 1, 1, 2), Expr.Select(condition, 1, 2).Evaluate());
    }
}
