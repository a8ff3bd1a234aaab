using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Diagnosis;

/// <summary>A function and its derivative as a program to read.</summary>
public sealed class ShowTests
{
    [Fact]
    public void A_function_and_its_gradient_share_their_parts() =>
        Assert.Equal(
            "given x [3]\nlet t1 [3] = sin(x)\nlet t2 [3] = t1 · cos(x)\nf = sum(t1 · t1, axes: [0])\n∂f/∂x [3] = t2 + t2",
            Differentiate.Show(x => (Sin(x) * Sin(x)).Sum(), [3]));

    [Fact]
    public void Shapes_and_simplification_are_optional()
    {
        var x = Variable("x", [3]);
        Assert.StartsWith("given x\nf = sum(x · 1", (x * 1).Sum().Show(new(Simplify: false, Shapes: false)), StringComparison.Ordinal);
        Assert.StartsWith("given x [3]\nf = sum(x,", (x * 1).Sum().Show(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_no_scalar_shows_its_pushforward() =>
        Assert.Equal("given x [2], dx [2]\nlet t1 [2] = exp(x)\nf [2] = t1\ndf [2] = dx · t1", Differentiate.Show(Exp, [2], new(Simplify: false)));

    [Fact]
    public void Several_arguments_and_variables_of_one_name()
    {
        Assert.Equal("given x, y\nf = x · y\n∂f/∂x = y\n∂f/∂y = x", Differentiate.Show((x, y) => x * y));
        var (a, b) = (Variable("a"), Variable("a"));
        Assert.Equal("given a, a′\nf = a + a′", (a + b).Show().Split("\n∂")[0]);
        Assert.Equal("f = 2", Constant(2).Show());
        Assert.Equal("given x, y, z\nf = x + y + z\n∂f/∂x = 1\n∂f/∂y = 1\n∂f/∂z = 1", Differentiate.Show(x => x[0] + x[1] + x[2], [[], [], []]));
    }
}
