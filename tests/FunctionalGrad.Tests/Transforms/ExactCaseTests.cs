using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>Small published cases, to the last digit.</summary>
public sealed class ExactCaseTests
{
    [Theory]
    [InlineData(2.0, 3.0, 3.0, 0.05, 6.0, 9.0, 18.0, 1.1)]
    [InlineData(1.0, 2.0, 6.0, 0.1, 2.0, 16.0, -16.0, 2.6)]
    public void One_step_of_gradient_descent(
        double start, double input, double target, double rate, double prediction, double loss, double gradient, double next)
    {
        var w = Variable("w");
        Expr predicted = w * input;
        Expr error = (predicted - target).Square();
        var at = Point.Of((w, start));
        Assert.Equal(prediction, predicted.Evaluate(at).ToScalar());
        Assert.Equal(loss, error.Evaluate(at).ToScalar());
        var slope = error.Gradient().Evaluate(at);
        Assert.Equal(gradient, slope[w].ToScalar());
        Assert.Equal(next, (at - rate * slope)[w].ToScalar(), 1e-15);
    }

    [Fact]
    public void Several_steps_of_gradient_descent()
    {
        var w = Variable("w");
        Expr loss = (w * 3 - 3).Square();
        var after = Point.Of((w, 2.0)) - 0.05 * loss.Gradient().Evaluate(Point.Of((w, 2.0)));
        Assert.Equal(3.3, (w * 3).Evaluate(after).ToScalar(), 1e-15);
        Assert.Equal(0.09, loss.Evaluate(after).ToScalar(), 1e-15);

        Expr other = (w * 2 - 6).Square();
        var at = Point.Of((w, 1.0));
        double[] losses = [16, 0.64, 0.0256];
        double[] weights = [1, 2.6, 2.92];
        for (var step = 0; step < losses.Length; step++)
        {
            Assert.Equal(weights[step], at[w].ToScalar(), 1e-14);
            Assert.Equal(losses[step], other.Evaluate(at).ToScalar(), 1e-14);
            at -= 0.1 * other.Gradient().Evaluate(at);
        }
    }

    [Fact]
    public void The_example_of_the_micrograd_readme()
    {
        var a = Variable("a");
        var b = Variable("b");
        Expr c = a + b;
        Expr d = (a * b) + Pow(b, 3);
        c += c + 1;
        c += 1 + c + (-a);
        d += (d * 2) + Relu(b + a);
        d += (3 * d) + Relu(b - a);
        Expr e = c - d;
        Expr f = Pow(e, 2);
        Expr g = f / 2.0;
        g += 10.0 / f;

        var (value, gradient) = g.ValueAndGradient(Point.Of((a, -4.0), (b, 2.0)));
        Assert.Equal(24.70408163265306, value.ToScalar());
        Assert.Equal(138.83381924198252, gradient[a].ToScalar(), 1e-12);
        Assert.Equal(645.5772594752186, gradient[b].ToScalar(), 1e-12);

        var forward = g.Pushforward(GradientMap<Expr>.Of((a, 1), (b, 0))).Evaluate(Point.Of((a, -4.0), (b, 2.0)));
        Assert.Equal(138.83381924198252, forward.ToScalar(), 1e-12);
    }

    [Fact]
    public void Order_and_sharing_both_matter()
    {
        var x = Variable("x");
        Expr z = (2 * x) + 2 + x;
        Expr q = Relu(z) + (z * x);
        Expr h = Relu(z * z);
        Expr y = h + q + (q * x);
        var (value, gradient) = y.ValueAndGradient(Point.Of((x, -4.0)));
        Assert.Equal(-20, value.ToScalar());
        Assert.Equal(46, gradient[x].ToScalar());
    }

    [Fact]
    public void The_smallest_graph_on_which_naive_recursion_errs()
    {
        var a = Variable("a");
        Expr b = a + a;
        Expr c = b + b;
        var (value, gradient) = c.ValueAndGradient(Point.Of((a, 1.0)));
        Assert.Equal(4, value.ToScalar());
        Assert.Equal(4, gradient[a].ToScalar());
        Assert.Equal(4, c.Pushforward(GradientMap<Expr>.Of((a, 1))).Evaluate(Point.Of((a, 1.0))).ToScalar());
    }
}
