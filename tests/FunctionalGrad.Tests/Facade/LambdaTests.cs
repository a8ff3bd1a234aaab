using System.Linq.Expressions;
using Xunit;

namespace FunctionalGrad.Tests.Facade;

/// <summary>Plain lambdas, their derivatives, and what they may hold.</summary>
public class LambdaTests
{
    private const double Third = 1.0 / 3;
    private readonly double _field = 1.5;

    private double Property => _field * 2;

    [Fact]
    public void One_number()
    {
        var f = Differentiate.Lambda((double x) => Math.Sin(x) * x);
        Assert.Equal(Math.Sin(0.5) * 0.5, f.Value(0.5), 15);
        Assert.Equal((Math.Cos(0.5) * 0.5) + Math.Sin(0.5), f.Derivative(0.5), 15);
        Assert.Equal((2 * Math.Cos(0.5)) - (Math.Sin(0.5) * 0.5), f.SecondDerivative(0.5), 15);
        Assert.Equal((f.Value(0.5), f.Derivative(0.5)), f.ValueAndDerivative(0.5));
        Assert.Equal("x ↦ sin(x) · x", f.ToString());
    }

    [Fact]
    public void Two_to_six_numbers()
    {
        Assert.Equal((4.0, 3.0), Differentiate.Lambda((double x, double y) => x * y).Gradient(3, 4));
        Assert.Equal((20.0, 15.0, 12.0), Differentiate.Lambda((double x, double y, double z) => x * y * z).Gradient(3, 4, 5));
        Assert.Equal((2.0, 1.0, 4.0, 3.0), Differentiate.Lambda((double a, double b, double c, double d) => (a * b) + (c * d)).Gradient(1, 2, 3, 4));
        Assert.Equal(
            (7.0, (2.0, 1.0, 1.0, 1.0, -1.0)),
            Differentiate.Lambda((double a, double b, double c, double d, double e) => (a * b) + c + d - e + 3).ValueAndGradient(1, 2, 3, 4, 5));
        Assert.Equal(
            "[[0, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 12]]",
            Differentiate.Lambda((double a, double b, double c, double d, double e, double f) => (a * b) + c + d - e + (f * f * f)).Hessian(1, 2, 3, 4, 5, 2).ToString());
    }

    [Fact]
    public void Single_precision()
    {
        var f = Differentiate.Lambda((float x, float y) => (MathF.Sin(x * y) * 2) + (float)Math.Cos(x) + (x / 3));
        Assert.Equal((2 * MathF.Sin(0.5f)) + MathF.Cos(0.5f) + (0.5f / 3), f.Value(0.5f, 1), 1e-6f);
        Assert.Equal((2 * MathF.Cos(0.5f)) - MathF.Sin(0.5f) + (1f / 3), f.Gradient(0.5f, 1).ByX, 1e-6f);
    }

    [Fact]
    public void An_array_of_numbers()
    {
        var f = Differentiate.Lambda(4, (double[] x) => (x[0] * x[1]) + (x[2] / x[x.Length - 1]));
        Assert.Equal(2.75, f.Value([1, 2, 3, 4]));
        Assert.Equal("[2, 1, 0.25, -0.1875]", f.Gradient([1, 2, 3, 4]).ToString());
        Assert.Equal("(2.75, [2, 1, 0.25, -0.1875])", f.ValueAndGradient([1, 2, 3, 4]).ToString());
        Assert.Equal("[[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -0.0625], [0, 0, -0.0625, 0.09375]]", f.Hessian([1, 2, 3, 4]).ToString());

        // The expression is over one vector, as the library's other doors want it.
        var x = Assert.Single(f.Variables);
        Assert.Equal("[4]", x.Shape.ToString());
        Assert.Equal("[2, 1, 0.25, -0.1875]", f.Expression.Gradient(x).Evaluate(Point.Of((x, Tensor.Of(1.0, 2, 3, 4))))[x].ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => Differentiate.Lambda(0, (double[] y) => y[0]));
    }

    [Fact]
    public void Arithmetic_and_constants()
    {
        var f = Differentiate.Lambda((double x) => -(+x - (2 * x / 4)) + Third + Math.PI + double.Pi + 3);
        Assert.Equal(-1 + Third + (2 * Math.PI) + 3, f.Value(2), 15);
        Assert.Equal(-0.5, f.Derivative(2));
    }

    [Fact]
    public void A_branch_that_is_not_taken_contributes_nothing()
    {
        var f = Differentiate.Lambda((double x) => x > 0 && Math.Log(x) < 100 ? Math.Log(x) : 0);
        Assert.Equal((0, 0), f.ValueAndDerivative(0));
        Assert.Equal((0, 0), f.ValueAndDerivative(-1));
        Assert.Equal((Math.Log(2), 0.5), f.ValueAndDerivative(2));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(double.NaN)]
    public void Conditions(double at)
    {
        Expression<Func<double, double>>[] all =
        [
            x => x > 0 ? 1 : 2,
            x => x >= 1 ? 1 : 2,
            x => x < 0.5 ? 1 : 2,
            x => x <= 0.5 ? 1 : 2,
            x => x == 1 ? 1 : 2,
            x => x != 1 ? 1 : 2,
            x => !(x > 0) ? 1 : 2,
            x => x > 0 && x < 1 ? 1 : 2,
            x => x < 0 || x > 1 ? 1 : 2,
            x => x > 0 & x < 1 ? 1 : 2,
            x => x < 0 | x > 1 ? 1 : 2,
            x => x > 0 ^ x > 1 ? 1 : 2,
            x => (x > 0 ? x > 1 : x < -0.5) ? 1 : 2,
            x => (x > 0) == (x > 1) ? 1 : 2,
            x => double.IsNaN(x) ? 1 : x > 0 ? 3 : 4,
            x => true || x > 0 ? 1 : 2,
            x => Math.Sign(x) > 0 ? x : -x,
            x => (int)(x * 3) / 2,
        ];
        foreach (var lambda in all)
        {
            var function = Differentiate.Lambda(lambda);
            if (lambda.ToString().Contains("Sign") || lambda.Body.NodeType == ExpressionType.Convert)
            {
                // Math.Sign throws for NaN, and a NaN as a whole number is what the machine makes of it.
                if (double.IsNaN(at))
                {
                    continue;
                }
            }

            var wanted = lambda.Compile()(at);
            Assert.Equal(wanted, function.Value(at));
            Assert.Equal(wanted, function.Expression.Evaluate(Point.Of((function.Variables[0], at))).ToScalar());
            Assert.Equal(wanted, function.Expression.Compile<double>().Invoke(Point.Of((function.Variables[0], at)))[0].ToScalar());
        }
    }

    [Fact]
    public void What_is_captured_is_read_when_the_lambda_is_read()
    {
        var rate = 2.0;
        double[] weights = [1, 2, 3];
        List<double> list = [4, 5];
        var table = new double[,] { { 6, 7 }, { 8, 9 } };
        var i = 1;
        var f = Differentiate.Lambda((double x) =>
            (rate * x) + (weights[i + 1] * x) + (list[1] * x) + (table[1, 0] * x) + (_field * x) + (Property * x) + (Math.Max(rate, 3) * x) + (weights.Sum() * x));
        rate = 100;
        weights[2] = 100;
        Assert.Equal(2 + 3 + 5 + 8 + 1.5 + 3 + 3 + 6, f.Derivative(1));
    }

    [Fact]
    public void Other_lambdas_are_read_where_they_are_called()
    {
        Expression<Func<double, double>> square = x => x * x;
        Expression<Func<double, double, double>> both = (x, y) => square.Compile()(x) + square.Compile().Invoke(y);
        var f = Differentiate.Lambda((double x) => both.Compile()(x, x + 1) + ((Func<double, double>)(t => t * 3))(x));
        Assert.Equal((4 * 2) + 2 + 3, f.Derivative(2));
        var g = Differentiate.Lambda((double x) => f.Value(x) + f.Derivative(x * x) + f.SecondDerivative(x));
        Assert.Equal(13 + (4 * 2 * 2), g.Derivative(2));
        var h = Differentiate.Lambda((double x, double y) => x * x * y);
        Assert.Equal(6 * 2, Differentiate.Lambda((double x) => h.Gradient(x, 3).ByX).Derivative(1) * 2);
        var v = Differentiate.Lambda(2, (double[] x) => x[0] * x[1]);
        Assert.Equal(7, Differentiate.Lambda((double x) => v.Value(new[] { x, x + 1 })).Derivative(3));
        Assert.Equal(Math.Cos(0.5) - Math.Sin(0.5), Differentiate.Lambda((double x) => Math.SinCos(x).Sin + Math.SinCos(x).Cos).Derivative(0.5), 15);
    }

    [Fact]
    public void The_expression_is_for_everything_else()
    {
        var f = Differentiate.Lambda((double x, double y) => Math.Exp(x) * y);
        var (x, y) = (f.Variables[0], f.Variables[1]);
        Assert.Equal("exp(x) · y", f.Expression.ToString());
        Assert.Equal("exp(x)", f.Expression.Gradient(x)[x].Gradient(y)[y].Simplify().ToString());
        Assert.Equal(Math.Exp(1) * 3, f.Expression.CompileWithGradient<double>(x).Invoke(Point.Of((x, 1.0), (y, 3.0))).Gradient[x].ToScalar(), 14);
    }

    [Fact]
    public void A_tree_may_be_deep()
    {
        var x = Expression.Parameter(typeof(double), "x");
        Expression sum = x;
        for (var i = 0; i < 100_000; i++)
        {
            sum = i % 2 == 0 ? Expression.Add(sum, x) : Expression.Add(Expression.Constant(0.5), sum);
        }

        var f = Differentiate.Lambda(Expression.Lambda<Func<double, double>>(sum, x));
        Assert.Equal((50_001 * 2) + 25_000, f.Value(2));
        Assert.Equal(50_001, f.Derivative(2));
    }

    [Fact]
    public void A_tree_may_share_its_parts()
    {
        var x = Expression.Parameter(typeof(double), "x");
        Expression doubled = x;
        for (var i = 0; i < 60; i++)
        {
            doubled = Expression.Add(doubled, doubled);
        }

        Assert.Equal(Math.ScaleB(1, 60), Differentiate.Lambda(Expression.Lambda<Func<double, double>>(doubled, x)).Derivative(1));
    }

    [Fact]
    public void Any_number_of_threads_may_use_a_function()
    {
        var f = Differentiate.Lambda((double x, double y) => Math.Sin(x * y) + (x * x));
        var gradients = new (double, double)[256];
        Parallel.For(0, gradients.Length, i => gradients[i] = f.Gradient(i / 256.0, 2));
        for (var i = 0; i < gradients.Length; i++)
        {
            Assert.Equal(f.Gradient(i / 256.0, 2), gradients[i]);
        }
    }
}
