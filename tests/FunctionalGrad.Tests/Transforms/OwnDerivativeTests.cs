using System.Collections.Immutable;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>Functions with a derivative of one's own: the value is the function's, derivatives are the rule's, in every mode and order.</summary>
public sealed class OwnDerivativeTests
{
    private static readonly Func<Expr, Expr> Stable =
        Differentiate.WithDerivative(x => Log(1 + Exp(x)), derivative: (x, y) => 1 / (1 + Exp(-x)));

    // A rule that is not the function's derivative, so that nothing can come from the function.
    private static readonly Func<Expr, Expr> Marked = Differentiate.WithDerivative(x => x * x, derivative: (x, y) => 10 * x + y);

    [Fact]
    public void The_value_is_the_functions_and_the_derivative_is_the_rules()
    {
        Assert.Equal(9, Marked(3).Evaluate().ToScalar());
        Assert.Equal(39, Differentiate.Derivative(Marked, 3));
        Assert.Equal(39, Differentiate.Gradient(Marked)(3).Evaluate().ToScalar());

        // d/dx (10x + y) = 10 + (10x + y), again by the rule.
        Assert.Equal(49, Differentiate.Derivative(Differentiate.Gradient(Marked))(3).Evaluate().ToScalar());
        Assert.Equal(49, Differentiate.Gradient(Differentiate.Derivative(Marked))(3).Evaluate().ToScalar());
        Assert.Equal(1, Differentiate.Derivative(Stable, 1000));
        Assert.Equal(0.25, Differentiate.Derivative(Differentiate.Derivative(Stable))(0).Evaluate().ToScalar());
    }

    [Fact]
    public void Compiled_it_is_the_function_alone()
    {
        var x = Variable("x", [5]);
        var at = Point.Of((x, Tensor.Of(-2.0, -1, 0, 1, 2)));
        var loss = Stable(x * 2).Sum();
        Assert.Equal(loss.Evaluate(at).ToScalar(), loss.Compile<double>().Invoke(at)[0].ToScalar(), 1e-14);
        Assert.DoesNotContain("with derivative", loss.Compile<double>().ToString());
        var expected = loss.Gradient(x)[x].Evaluate(at).ToArray();
        var actual = loss.CompileWithGradient<double>().Invoke(at).Gradient[x].ToArray();
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void One_rule_gives_the_other_mode_by_its_transpose()
    {
        var at = Tensor.Of(1.0, 2, 3);
        Expr F(Expr x) => (x * x).CumulativeSum(0);
        var (v, w) = (Tensor.Of(0.5, -1, 2), Tensor.Of(1.0, 3, -2));
        var pushed = Differentiate.Pushforward(F, at, v).Tangent;
        var pulled = Differentiate.Pullback(F, at, w).Cotangent;
        var byPush = Differentiate.WithDerivative(F, pushforward: (x, y, t) => (2 * x * t).CumulativeSum(0));
        var byPull = Differentiate.WithDerivative(F, pullback: (x, y, c) => 2 * x * c.CumulativeSum(0, reverse: true));
        foreach (var own in new[] { byPush, byPull })
        {
            Assert.Equal(pushed, Differentiate.Pushforward(own, at, v).Tangent);
            Assert.Equal(pulled, Differentiate.Pullback(own, at, w).Cotangent);
            Assert.Equal(Differentiate.Jacobian(F, at, DifferentiationMode.Forward), Differentiate.Jacobian(own, at, DifferentiationMode.Reverse));
            Assert.Equal(
                Differentiate.Hessian(x => (F(x) * w).Sum(), at), Differentiate.Hessian(x => (own(x) * w).Sum(), at));
        }
    }

    [Fact]
    public void Several_arguments_have_a_rule_together()
    {
        Expr F(ImmutableArray<Expr> xs) => (xs[0] * xs[1]).Sum();
        var byPush = Differentiate.WithDerivative(F, pushforward: (xs, y, vs) => ((xs[0] * vs[1]) + (xs[1] * vs[0])).Sum());
        var byPull = Differentiate.WithDerivative(F, pullback: (xs, y, w) => [w * xs[1], w * xs[0]]);
        ImmutableArray<Expr> at = [Tensor.Of(1.0, 2), Tensor.Of(3.0, 4)];
        foreach (var own in new[] { byPush, byPull })
        {
            Assert.Equal(Tensor.Of(3.0, 4), Differentiate.Gradient(own)(at)[0].Evaluate());
            Assert.Equal(Tensor.Of(1.0, 2), Differentiate.Gradient(own)(at)[1].Evaluate());
            Assert.Equal(3 + 20, Differentiate.Pushforward(own)(at, [Tensor.Of(1.0, 0), Tensor.Of(0.0, 10)]).Tangent.Evaluate().ToScalar());

            // An argument that stands still has no say.
            Assert.Equal(Tensor.Of(3.0, 4), Differentiate.Jacobian(x => own([x, at[1]]), Tensor.Of(1.0, 2), DifferentiationMode.Forward));
        }
    }

    [Fact]
    public void A_clipped_gradient_is_clipped_and_refuses_a_mode_that_does_not_follow()
    {
        var clip = Differentiate.WithDerivative(x => x, pullback: (x, y, w) => Clamp(w, -1, 1));
        Assert.Equal(Tensor.Of(0.5, 1), Differentiate.Gradient(x => (clip(x) * Tensor.Of(0.5, 10)).Sum(), [1.0, 1]));
        Errors.Say<NotSupportedException>(
            () => Differentiate.Pushforward(clip)(Tensor.Of(1.0), Tensor.Of(1.0)), "pushforward is asked for", "not", "linear in its cotangent", "Give the pushforward too");
        var pushed = Differentiate.WithDerivative(x => x, pushforward: (x, y, v) => v * v);
        Errors.Say<NotSupportedException>(() => Differentiate.Gradient(pushed)(1), "pullback is asked for", "linear in its tangent");
    }

    [Fact]
    public void Masks_stop_at_an_own_derivative()
    {
        var log = Differentiate.WithDerivative(x => Log(x), derivative: (x, y) => 1 / x);
        var at = Tensor.Of(0.0, 2);
        foreach (var mode in new[] { DifferentiationMode.Forward, DifferentiationMode.Reverse })
        {
            Assert.Equal(Tensor.Of([2, 2], [0.0, 0, 0, 0.5]), Differentiate.Jacobian(x => Select(x > 0, log(x), 0), at, mode));
        }

        var root = Differentiate.WithDerivative(x => Sqrt(x.Sum()), pullback: (x, y, w) => (w / (2 * y)).BroadcastTo(x.Shape));
        Assert.Equal(Tensor.Of(0.0, 0), Differentiate.Gradient(x => Select(x.Sum() > 0, root(x), 0), [0.0, 0]));
    }

    [Fact]
    public void Batches_and_plain_derivatives_are_there()
    {
        var examples = Tensor.Of([2, 2], [1.0, 2, 3, 4]);
        Assert.Equal(Tensor.Of([2, 2], [11.0, 24, 39, 56]), Differentiate.Batch(Differentiate.Gradient(x => Marked(x).Sum()))(examples).Evaluate());
        var x = Variable("x");
        Assert.Equal(6, Differentiate.WithoutOwnDerivatives(Marked(x)).Gradient()[x].Evaluate(Point.Of((x, 3.0))).ToScalar());
        var sum = Differentiate.WithDerivative(v => v.Square().Sum(), pullback: (v, y, w) => w * 3 * v);
        Assert.Equal(3.0 * examples, Differentiate.Batch(Differentiate.Gradient(sum))(examples).Evaluate());
    }

    [Fact]
    public void What_a_rule_cannot_know_or_gets_wrong_is_refused()
    {
        var outside = Variable("outside");
        Errors.Say<ArgumentException>(() => Differentiate.WithDerivative(x => x * outside, derivative: (x, y) => 1)(2), "outside", "besides its arguments", "make it an argument");
        Errors.Say<ArgumentException>(() => Differentiate.WithDerivative((Expr x) => x, pullback: null), "give a pullback");
        Errors.Say<ShapeException>(() => Differentiate.WithDerivative(x => x.Sum(), derivative: (x, y) => x)(Tensor.Of(1.0, 2)), "[2]", "give a pullback");
        var shrinks = Differentiate.WithDerivative(x => x.Sum(), pullback: (x, y, w) => w);
        Errors.Say<ShapeException>(() => Differentiate.Gradient(shrinks, [1.0, 2]), "the pullback gave shape []", "shape [2]");
        var grows = Differentiate.WithDerivative(x => x.Sum(), pushforward: (x, y, v) => v);
        Errors.Say<ShapeException>(() => Differentiate.Pushforward(grows)(Tensor.Of(1.0, 2), Tensor.Of(1.0, 2)), "the pushforward gave shape [2]", "shape []");
    }

    [Fact]
    public void A_long_chain_is_no_trouble()
    {
        var x = Variable("x");
        Expr y = x;
        var same = Differentiate.WithDerivative(t => t, pushforward: (t, value, v) => v);
        for (var i = 0; i < 20_000; i++)
        {
            y = same(y);
        }

        Assert.Equal(1, y.Gradient()[x].Evaluate(Point.Of((x, 3.0))).ToScalar());
        Assert.Equal(3, y.Compile<double>().Invoke(Point.Of((x, 3.0)))[0].ToScalar());
    }
}
