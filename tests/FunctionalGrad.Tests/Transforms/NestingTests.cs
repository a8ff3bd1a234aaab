using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>Derivatives inside functions that are differentiated do not confuse their variables with outer ones.</summary>
public sealed class NestingTests
{
    public static TheoryData<string, Func<Func<Expr, Expr>, Func<Expr, Expr>>, Func<Func<Expr, Expr>, Func<Expr, Expr>>> Modes => new()
    {
        { "forward in forward", Differentiate.Derivative, Differentiate.Derivative },
        { "reverse in forward", Differentiate.Derivative, Differentiate.Gradient },
        { "forward in reverse", Differentiate.Gradient, Differentiate.Derivative },
        { "reverse in reverse", Differentiate.Gradient, Differentiate.Gradient },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void Perturbations_are_not_confused(
        string mix, Func<Func<Expr, Expr>, Func<Expr, Expr>> outer, Func<Func<Expr, Expr>, Func<Expr, Expr>> inner)
    {
        // d/dx [x · d/dy (x + y)] = d/dx [x · 1] = 1; a system that confuses the two says 2.
        Assert.Equal(1, outer(x => x * inner(y => x + y)(1))(1).Evaluate().ToScalar());

        // d/dx [x · d/dy (x · y)] = d/dx x² = 2x
        Assert.Equal(6, outer(x => x * inner(y => x * y)(2))(3).Evaluate().ToScalar());

        // The inner derivative is taken at the outer variable: d/dx [d/dy (x²·y³) at y = x] = d/dx 3x⁴ = 12x³
        Assert.Equal(12.0 * 8, outer(x => inner(y => x.Square() * Pow(y, 3))(x))(2).Evaluate().ToScalar(), 1e-12);

        // The argument of the inner function is itself a function of the outer variable.
        Assert.True(
            Math.Abs(outer(x => inner(y => Sin(y) * x)(x.Square()))(0.5).Evaluate().ToScalar()
                - (Math.Cos(0.25) - (0.5 * 2 * 0.5 * Math.Sin(0.25)))) < 1e-12,
            mix);
    }

    [Fact]
    public void Each_call_of_a_derivative_has_variables_of_its_own()
    {
        var derivative = Differentiate.Derivative(x => x.Square());
        var sum = Differentiate.Derivative(x => derivative(x) * derivative(2 * x));

        // d/dx (2x·4x) = 16x
        Assert.Equal(48, sum(3).Evaluate().ToScalar());
    }

    [Fact]
    public void A_gradient_of_an_expression_can_be_differentiated_by_the_same_variable_again()
    {
        var x = Variable("x");
        Expr f = Pow(x, 5);
        for (var order = 0; order < 4; order++)
        {
            f = f.Gradient(x)[x];
        }

        Assert.Equal(240, f.Evaluate(Point.Of((x, 2.0))).ToScalar());
    }

    [Fact]
    public void Mixed_partials_do_not_depend_on_the_order()
    {
        var x = Variable("x");
        var y = Variable("y");
        Expr f = Sin(x * y) + (Pow(x, 3) * y.Square());
        var at = Point.Of((x, 0.4), (y, 1.1));
        var xy = f.Gradient(x)[x].Gradient(y)[y].Evaluate(at).ToScalar();
        var yx = f.Gradient(y)[y].Gradient(x)[x].Evaluate(at).ToScalar();
        Assert.Equal(xy, yx, 1e-14);
    }
}
