using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>Taylor mode: equal to nested derivatives, for every primitive, at kinks and behind masks, in graphs that stay small.</summary>
public sealed class TaylorTests
{
    public static TheoryData<int> Places => [.. Enumerable.Range(0, Primitive.All.Length)];

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_primitive_has_the_series_of_its_nested_derivatives(int place)
    {
        foreach (var example in Primitive.All[place].Examples)
        {
            var at = Primitives.Samples.Operands(example, seed: place);
            var random = new Random(place);
            var direction = example.Operands.Select(operand => Primitives.Samples.Direction(operand, random)).ToArray();

            // Bent as well as moved, so that the second coefficients of the operands count too.
            Equal(t => example.Primitive.Apply([.. at.Select((x, i) => Operand(example.Operands[i], x, direction[i], t))]), 0, 4, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void At_kinks_it_gives_what_nesting_gives(int place)
    {
        var primitive = Primitive.All[place];
        foreach (var kink in primitive.Kinks)
        {
            for (var operand = 0; operand < kink.At.Length; operand++)
            {
                var moving = operand;
                Expr Along(Expr t) => primitive.Apply([.. kink.At.Select((x, i) => i == moving ? t : (Expr)x)]);
                var derivatives = Differentiate.Taylor(Along, 1, kink.At[operand]);
                Assert.Equal(kink.Partials[operand], derivatives[1]);
            }
        }
    }

    [Fact]
    public void Compositions_agree_to_high_order()
    {
        Equal(x => Sin(Exp(x)) * x / (1 + (x * x)), 0.7, 7, 1e-9);
        Equal(x => Sqrt(1 + Tanh(x).Square()) - Log(2 + Cos(3 * x)), 0.3, 6, 1e-9);
        Equal(x => Pow(1 + (x * x), 2.5) * Atan(x), -0.4, 6, 1e-9);
        Equal(x => Pow(2 + Sin(x), x), 0.4, 6, 1e-9);
        Equal(x => LogGamma(2 + x) + Erf(x), 0.4, 4, 1e-9);
    }

    [Fact]
    public void Known_series_come_out()
    {
        var geometric = Differentiate.TaylorCoefficients(x => 1 / (1 - x), 30)(0.0);
        Assert.All(geometric, coefficient => Assert.Equal(1, coefficient.Evaluate().ToScalar()));
        var sine = Differentiate.Taylor(x => Sin(x), 8, 0.0);
        Assert.Equal([0, 1, 0, -1, 0, 1, 0, -1, 0], sine.Select(d => d + 0.0));
        Assert.All(Differentiate.Taylor(Exp, 12, 0.0), d => Assert.Equal(1, d, 1e-14));

        // √(1 + x) = Σ (½ over k) xᵏ
        var binomial = 1.0;
        var root = Differentiate.TaylorCoefficients(x => Sqrt(1 + x), 12)(0.0);
        for (var k = 0; k <= 12; k++)
        {
            Assert.Equal(binomial, root[k].Evaluate().ToScalar(), 1e-15);
            binomial *= (0.5 - k) / (k + 1);
        }
    }

    [Fact]
    public void Polynomials_end()
    {
        var derivatives = Differentiate.Taylor(x => (3 * x * x * x) - x, 5, 2.0);
        Assert.Equal([22, 35, 36, 18, 0, 0], derivatives);
        Assert.Equal([7, 0, 0], Differentiate.Taylor(_ => 7, 2, 1.0));
        Assert.Equal([1], Differentiate.Taylor(x => x, 0, 1.0));
    }

    [Fact]
    public void A_branch_not_taken_contributes_nothing()
    {
        Assert.Equal([0, 0, 0, 0], Differentiate.Taylor(x => Select(x > 0, Log(x), 0), 3, 0.0));
        Assert.Equal([0, 0, 0, 0], Differentiate.Taylor(x => Sqrt(Relu(x)), 3, -1.0));
        Assert.Equal([0, 0, 0, 0], Differentiate.Taylor(x => Sqrt(Select(x > 0, x * Log(x), 0)), 3, -1.0));
        Assert.Equal([0, 0, 0, 0], Differentiate.Taylor(x => Select(x > 1, x * x, 0) / x, 3, 0.5));
        Assert.Equal([0, double.PositiveInfinity], Differentiate.Taylor(x => Sqrt(x), 1, 0.0));
        Equal(x => Sqrt(x) * Select(x > 1, x, 0), 0, 3, 0);
        Equal(x => Sqrt(Maximum(x, 0)) + Log(Relu(x) + 1), 0, 3, 0);
        Equal(x => Hypot(x, 0) + Pow(x, 0) + Sqrt(Abs(x)), 0, 3, 0);
        Assert.Equal([1, -1, 0, 0], Differentiate.Taylor(x => Abs(x), 3, -1.0));
        Assert.Equal([0, 0, 0, 0], Differentiate.Taylor(x => Abs(x), 3, 0.0));
        Assert.Equal([0, 0, 0, 0], Differentiate.Taylor(x => Relu(x), 3, 0.0));
        Assert.Equal([2, 0, 0], Differentiate.Taylor(x => StopGradient(x), 2, 2.0));
    }

    [Fact]
    public void Values_may_have_any_shape()
    {
        var a = Tensor.Of(1.0, 2.0, 3.0);
        var derivatives = Differentiate.Taylor(x => Sin(a * x), 3, Tensor.Scalar(0.5));
        Assert.Equal(a.Shape, derivatives[3].Shape);
        for (var i = 0; i < 3; i++)
        {
            var k = a.Values[i];
            Assert.Equal(-k * k * k * Math.Cos(k * 0.5), derivatives[3].Values[i], 1e-13);
        }

        var single = Differentiate.Taylor(x => x.Square(), 2, Tensor.Scalar(3f));
        Assert.Equal([9f, 6f, 2f], single.Select(d => d.ToScalar()));
        Errors.Say<ShapeException>(() => Differentiate.Taylor(x => a * x, 2, 0.5), "[3]");
        Errors.Say<ShapeException>(() => Differentiate.Taylor(x => x.Sum(), 2)(a), "[3]", "t => f(x + t * v)");
        Assert.Throws<ArgumentOutOfRangeException>(() => Differentiate.Taylor(x => x, -1));
    }

    [Fact]
    public void It_nests_with_itself_and_with_the_other_modes()
    {
        var f = (Expr x) => Exp(Sin(x)) * x;
        var taylor = Differentiate.Taylor(f, 5);
        var at = Variable("x");
        var point = Point.Of((at, 0.6));
        var outer = Differentiate.Taylor(x => taylor(x)[2], 3)(at);
        var reverse = taylor(at)[4].Gradient(at)[at];
        var expected = taylor(at);
        for (var k = 0; k <= 3; k++)
        {
            Close(expected[2 + k].Evaluate(point), outer[k].Evaluate(point), 1e-11);
        }

        Close(expected[5].Evaluate(point), reverse.Evaluate(point), 1e-11);

        // d³/dt³ of the derivative by y at y = t
        var mixed = Differentiate.Taylor(t => Differentiate.Derivative(y => t * t * y * y)(t), 3, 2.0);
        Assert.Equal([16, 24, 24, 12], mixed);
    }

    [Fact]
    public void Compiled_it_gives_the_same()
    {
        var x = Variable("x");
        var taylor = Differentiate.Taylor(x => Sin(Exp(x)) * x / (1 + (x * x)), 8)(x);
        var at = Point.Of((x, 0.7));
        var compiled = taylor.AsSpan().Compile<double>().Invoke(at);
        var interpreted = Interpreter<double>.Evaluate(taylor.AsSpan(), at);
        for (var k = 0; k <= 8; k++)
        {
            Close(interpreted[k], compiled[k], 1e-12);
        }
    }

    [Fact]
    public void A_long_chain_has_a_series()
    {
        // y ↦ y + y²·10⁻⁷, 50,000 times
        var x = Variable("x");
        Expr Chain(Expr y)
        {
            for (var i = 0; i < 50_000; i++)
            {
                y += 1e-7 * (y * y);
            }

            return y;
        }

        var derivatives = Differentiate.Taylor(Chain, 2, 0.5);
        var (value, first, second) = (0.5, 1.0, 0.0);
        for (var i = 0; i < 50_000; i++)
        {
            var (y, a, b) = (value, first, second);
            value = y + (1e-7 * y * y);
            first = a + (2e-7 * y * a);
            second = b + (2e-7 * ((a * a) + (y * b)));
        }

        Assert.Equal(value, derivatives[0], 1e-10);
        Assert.Equal(first, derivatives[1], 1e-10);
        Assert.Equal(second, derivatives[2], 1e-10);
    }

    [Fact]
    public void Nodes_grow_with_the_square_of_the_order()
    {
        var x = Variable("x");
        int Nodes(Func<Expr, Expr> f, int order) => TopologicalOrder.Of([.. Differentiate.Taylor(f, order)(x)]).Count;
        foreach (var f in (Func<Expr, Expr>[])[Sin, Exp, Tanh, x => 1 / x, Sqrt, Log, Erf, Atan, Logistic, x => x * Sin(x) / (2 + Cos(x))])
        {
            Assert.InRange(Nodes(f, 40), 1, 5 * Nodes(f, 20));
        }

        // A power that is not whole takes its exponent down at every level: the cube.
        Assert.InRange(Nodes(y => Pow(y, 2.5), 40), 1, 9 * Nodes(y => Pow(y, 2.5), 20));
    }

    private static Expr Operand(Operand operand, Tensor<double> at, Tensor<double> direction, Expr t) =>
        operand.Domain.WholeNumbers ? at : at + (0.05 * (direction * t)) + (0.02 * (direction * (t * t)));

    private static void Equal(Func<Expr, Expr> function, double at, int order, double tolerance)
    {
        var x = Variable("x");
        var taylor = Differentiate.Taylor(function, order)(x);
        var point = Point.Of((x, at));
        var values = Interpreter<double>.Evaluate(taylor.AsSpan(), point);
        var nested = function;
        for (var k = 0; k <= order; k++)
        {
            Close(nested(x).Evaluate(point), values[k], tolerance);
            nested = Differentiate.Derivative(nested);
        }
    }

    private static void Close(Tensor<double> expected, Tensor<double> actual, double tolerance) =>
        BothModes.Close(expected, actual, tolerance);
}
