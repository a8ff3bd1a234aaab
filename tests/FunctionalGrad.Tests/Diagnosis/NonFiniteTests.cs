using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Diagnosis;

/// <summary>Where a NaN or an infinity came from, in values and in gradients.</summary>
public sealed class NonFiniteTests
{
    [Fact]
    public void A_finite_value_needs_no_explanation()
    {
        var x = Variable("x");
        var at = Point.Of((x, 2.0));
        Assert.Null((Log(x) * x).ExplainNonFinite(at));
        Assert.Null((Log(x) * x).ExplainNonFiniteGradient(at));
        Assert.Null(Select(x > 0, x, Log(-x)).ExplainNonFinite(at));
        Assert.Null(Select(x > 0, x, Log(-x)).ExplainNonFiniteGradient(at));
    }

    [Fact]
    public void The_first_node_is_named_with_entry_operands_and_path()
    {
        var x = Variable("x", [3]);
        var y = Variable("y");
        var log = Log(x + y);
        var loss = (3 * log).Sum();
        var why = loss.ExplainNonFinite(Point.Of((x, Tensor.Of(1.0, 2.0, -3.5)), (y, 2.0)));
        Assert.NotNull(why);
        Assert.Same(log, why.Node);
        Assert.Equal([2], why.Entry);
        Assert.True(double.IsNaN(why.Value));
        Assert.Equal(-1.5, Assert.Single(why.InputValues).ToScalar());
        Assert.Equal(3, why.Path.Length);
        Assert.Same(loss, why.Path[0]);
        Assert.Same(log, why.Path[^1]);
        Assert.Null(why.Contribution);
        Assert.Equal("log gave NaN at entry [2]: its operand was x + y = -1.5", why.Summary);
        Assert.Contains("its right operand log(x + y)", why.ToString(), StringComparison.Ordinal);
        Assert.Contains("From the result down to it:\n  sum(3 · log(x + y)", why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_point_or_a_constant_brings_is_reported_as_such()
    {
        var x = Variable("x", [2]);
        var brought = (x + 1).Sum().ExplainNonFinite(Point.Of((x, Tensor.Of(1.0, double.NaN))));
        Assert.Same(x, brought!.Node);
        Assert.Empty(brought.InputValues);
        Assert.Equal("the point gives the variable x the value NaN at entry [1]", brought.Summary);
        Assert.Contains("came in from outside", brought.ToString(), StringComparison.Ordinal);
        var constant = Constant(double.PositiveInfinity);
        Assert.Same(constant, (constant * x).ExplainNonFinite(Point.Of((x, Tensor.Of(1.0, 2.0))))!.Node);
    }

    [Fact]
    public void Only_what_the_result_came_from_is_blamed()
    {
        var x = Variable("x");
        var at = Point.Of((x, -1.0));
        var hidden = Select(x > 0, Log(x), 0);
        var culprit = Sqrt(x);
        Assert.Same(culprit, (hidden + culprit).ExplainNonFinite(at)!.Node);

        // An infinity that was meant does not hide a NaN.
        var mask = Constant(Tensor.Of(0, double.NegativeInfinity, 0));
        var scores = Variable("s", [3]);
        var bad = Log(scores);
        Assert.Same(bad, (bad + mask).ExplainNonFinite(Point.Of((scores, Tensor.Of(1.0, 2, -1))))!.Node);

        // ∞ − ∞ is traced to the first overflow.
        var big = Exp(1000 * x.Square());
        var why = (big - big).ExplainNonFinite(at)!;
        Assert.Same(big, why.Node);
        Assert.Equal(double.PositiveInfinity, why.Value);
        Assert.Contains("exp gave ∞: its operand was", why.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Operations_that_mix_entries_show_their_whole_operands()
    {
        var x = Variable("x", [2]);
        var product = MatMul(x.Reshape([1, 2]), x.Reshape([2, 1]));
        var why = product.Sum().ExplainNonFinite(Point.Of((x, Tensor.Of(1e200, 1e200))))!;
        Assert.Same(product, why.Node);
        Assert.Equal([0, 0], why.Entry);
        Assert.Equal(new Shape[] { [1, 2], [2, 1] }, why.InputValues.Select(input => input.Shape));
    }

    [Fact]
    public void Single_precision_overflows_sooner()
    {
        var x = Variable("x");
        Assert.NotNull(Exp(x).ExplainNonFinite(Point.Of((x, Tensor.Scalar(100f)))));
        Assert.Null(Exp(x).ExplainNonFinite(Point.Of((x, 100.0))));
    }

    [Fact]
    public void In_a_gradient_the_contribution_is_named()
    {
        var (x, y) = (Variable("x"), Variable("y"));
        var root = Sqrt(x);
        var loss = (y * root) + x;
        var at = Point.Of((x, 0.0), (y, 3.0));
        Assert.Null(loss.ExplainNonFinite(at));
        Assert.Null(loss.ExplainNonFiniteGradient(at, y));
        var why = loss.ExplainNonFiniteGradient(at)!;
        var contribution = why.Contribution!;
        Assert.Same(root, contribution.User);
        Assert.Same(x, contribution.Of);
        Assert.Same(x, contribution.By);
        Assert.Equal(0, contribution.Operand);
        Assert.Equal(3, contribution.Adjoint.ToScalar());
        Assert.Equal(double.PositiveInfinity, contribution.Value.ToScalar());
        Assert.Equal("0.5 / sqrt(x)", why.Node.ToString());
        Assert.Equal([0.5, 0.0], why.InputValues.Select(input => input.ToScalar()));
        Assert.Same(loss, why.Path[0]);
        Assert.Same(root, why.Path[^1]);
        Assert.Equal(
            "in the derivative by x, what sqrt(x) contributes to the adjoint of its operand x became infinite: divide gave ∞: its operands were 0.5 and sqrt(x) = 0",
            why.Summary);
        Assert.Contains("adjoint that came in was still finite: 3", why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_gradient_the_first_is_the_one_nearest_to_the_root()
    {
        // √ at 0 gives ∞, and times the 0 of the square's derivative NaN: the square is not to blame.
        var x = Variable("x");
        var square = x.Square();
        var root = Sqrt(square);
        var why = root.ExplainNonFiniteGradient(Point.Of((x, 0.0)))!;
        Assert.Same(root, why.Contribution!.User);
        Assert.Same(square, why.Contribution.Of);
        Assert.Same(x, why.Contribution.By);
    }

    [Fact]
    public void A_sum_of_contributions_may_overflow_by_itself()
    {
        var (x, y) = (Variable("x"), Variable("y"));
        var loss = (x * y) + (x * y);
        var why = ((1e308 * x) + (1e308 * x)).ExplainNonFiniteGradient(Point.Of((x, 0.0)))!;
        Assert.Null(why.Contribution!.User);
        Assert.Same(x, why.Contribution.Of);
        Assert.Contains("though each was finite", why.Summary, StringComparison.Ordinal);
        Assert.Null(loss.ExplainNonFiniteGradient(Point.Of((x, 1.0), (y, 1.0))));
    }

    [Fact]
    public void A_value_that_is_not_finite_comes_before_its_gradient()
    {
        var x = Variable("x");
        var why = Log(x).ExplainNonFiniteGradient(Point.Of((x, 0.0)))!;
        Assert.Null(why.Contribution);
        Assert.Equal(double.NegativeInfinity, why.Value);
        Errors.Say<ShapeException>(() => Variable("v", [2]).ExplainNonFiniteGradient(Point<double>.Empty), "[2]", "Sum");
    }

    [Fact]
    public void A_compiled_function_is_run_again_by_the_interpreter()
    {
        var x = Variable("x");
        var compiled = (Log(x) * 2).Compile<double>();
        var why = compiled.ExplainNonFinite(Point.Of((x, -1.0)))!;
        Assert.True(why.IsFromInterpreter);
        Assert.Contains("in the interpreter", why.ToString(), StringComparison.Ordinal);
        Assert.Null(compiled.ExplainNonFinite(Point.Of((x, 1.0))));
        var gradient = Sqrt(x).CompileWithGradient<double>();
        Assert.NotNull(gradient.ExplainNonFinite(Point.Of((x, 0.0)))!.Contribution);
        Assert.Null(gradient.ExplainNonFinite(Point.Of((x, 1.0))));
    }

    [Fact(Timeout = 120_000)]
    public Task A_chain_of_a_million_nodes_is_explained_with_a_short_text() => Task.Run(() =>
    {
        var x = Variable("x");
        var log = Log(x);
        var y = log;
        for (var i = 0; i < 1_000_000; i++)
        {
            y = 0.5 + y;
        }

        var why = y.ExplainNonFinite(Point.Of((x, -1.0)))!;
        Assert.Same(log, why.Node);
        Assert.Equal(1_000_001, why.Path.Length);
        Assert.InRange(why.ToString().Length, 100, 3000);
        Assert.Contains("expressions more", why.ToString(), StringComparison.Ordinal);
    }, TestContext.Current.CancellationToken);

    [Fact(Timeout = 120_000)]
    public Task A_long_gradient_is_explained() => Task.Run(() =>
    {
        var x = Variable("x");
        var root = Sqrt(x);
        var y = root;
        for (var i = 0; i < 100_000; i++)
        {
            y = Tanh(y);
        }

        var why = y.ExplainNonFiniteGradient(Point.Of((x, 0.0)))!;
        Assert.Same(root, why.Contribution!.User);
        Assert.Equal(100_001, why.Path.Length);
        Assert.InRange(why.ToString().Length, 100, 3000);
    }, TestContext.Current.CancellationToken);
}
