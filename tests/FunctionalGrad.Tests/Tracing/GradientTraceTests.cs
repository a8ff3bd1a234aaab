using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Tracing;

public sealed class GradientTraceTests
{
    private readonly Variable _a = Variable("a");
    private readonly Variable _x = Variable("x");

    [Fact]
    public void Steps_run_from_the_root_to_the_variables_and_each_sums_its_uses()
    {
        Expr b = _a + _a;
        var c = b * b;
        var trace = c.TraceGradient(Point.Of((_a, 3.0)));
        Assert.Equal([c, b, _a], trace.Select(step => step.Node));
        Assert.Empty(trace[0].Uses);
        Assert.Equal([0, 1], trace[1].Uses.Select(use => use.Operand));
        Assert.All(trace[1].Uses, use => Assert.Same(c, use.User));
        Assert.Equal([12, 12], trace[2].Uses.Select(use => use.Value.ToScalar()));
        Assert.Equal(24, trace.Gradient[_a].ToScalar());
        Assert.Equal(36, trace.Value.ToScalar());
    }

    [Fact]
    public void Maps_grow_by_one_entry_and_earlier_ones_stay_as_they_were()
    {
        var trace = (_x * 3 - 3).Square().TraceGradient(Point.Of((_x, 2.0)));
        Assert.Empty(trace[0].Before);
        for (var i = 0; i < trace.Count; i++)
        {
            Assert.Equal(i + 1, trace[i].After.Count);
            Assert.Same(i == 0 ? trace[0].Before : trace[i - 1].After, trace[i].Before);
            Assert.Equal(trace.Take(i + 1).Select(step => step.Node), trace[i].After.Keys);
        }
    }

    [Fact]
    public void A_variable_without_a_derivative_is_zero_and_an_expression_without_variables_has_no_steps()
    {
        var trace = Select(_x > 0, _a, 0).TraceGradient(Point.Of((_x, 1.0), (_a, 2.0)));
        Assert.Equal(0, trace.Gradient[_x].ToScalar());
        Assert.Equal(1, trace.Gradient[_a].ToScalar());
        Assert.Empty(Expr.Constant(3).TraceGradient(Point<double>.Empty));
        Assert.Empty(Expr.Constant(3).TracePushedGradient(Point<double>.Empty));
        Assert.Empty(Expr.Constant(3).TraceGradient(Point<double>.Empty).Gradient);
    }

    [Fact]
    public void Pushing_adds_one_contribution_at_a_time()
    {
        Expr b = _a + _a;
        var steps = (b + b).TracePushedGradient(Point.Of((_a, 1.0)));
        Assert.Equal([1, 1, 2, 2, 4], steps.Select(step => step.After[step.Key].ToScalar()));
        Assert.Null(steps[0].Use);
        Assert.All(steps.Skip(1), step => Assert.True(step.After.Count - step.Before.Count is 0 or 1));
    }

    [Fact]
    public void A_trace_may_be_by_some_variables_alone()
    {
        Expr loss = (_a * _x).Square();
        var trace = loss.TraceGradient(Point.Of((_a, 2.0), (_x, 3.0)), _x);
        Assert.Equal([loss, loss is Application square ? square.Input(0) : loss, _x], trace.Select(step => step.Node));
        Assert.Equal("{ x ↦ 24 }", trace.Gradient.ToString());
        var unused = Variable("unused");
        Assert.Equal("{ unused ↦ 0 }", loss.TraceGradient(Point.Of((_a, 2.0), (_x, 3.0)), unused).Gradient.ToString());
        Assert.Equal("{ x ↦ 24 }", loss.TracePushedGradient(Point.Of((_a, 2.0), (_x, 3.0)), _x)[^1].After.Gradient.ToString());
    }

    [Fact]
    public void A_fold_is_traced_and_pushed_to_its_gradient()
    {
        var items = Variable("items", [3]);
        var loss = Fold(_a, items, (state, item) => Sin(state * _x) + item).Square();
        var at = Point.Of<double>((_a, 0.5), (_x, 1.5), (items, Tensor.Of(1.0, -2, 3)));
        var gradient = loss.Gradient().Evaluate(at);
        var (traced, pushed) = (loss.TraceGradient(at).Gradient, loss.TracePushedGradient(at)[^1].After.Gradient);
        foreach (var variable in (Variable[])[_a, _x, items])
        {
            Assert.True(traced[variable].BitEquals(gradient[variable]));
            Assert.Equal(gradient[variable].ToArray(), pushed[variable].ToArray(), (x, y) => Math.Abs(x - y) < 1e-14);
        }
    }

    [Fact]
    public void A_rule_for_all_operands_at_once_is_asked_once_for_each_node()
    {
        var asked = 0;
        var product = Primitive.Define(
            "product",
            shapes => shapes[0],
            operands => operands[0].ToScalar() * operands[1].ToScalar() * operands[2].ToScalar(),
            Rule.General.AtOnce(
                (node, w, wanted) =>
                {
                    asked++;
                    return [w * node.Input(1) * node.Input(2), w * node.Input(0) * node.Input(2), wanted[2] ? w * node.Input(0) * node.Input(1) : null];
                },
                (node, tangents) => null),
            []);
        var at = Point.Of((_a, 3.0), (_x, 2.0));
        var cube = product.Apply(_a, _a, _x);
        var steps = cube.TracePushedGradient(at);
        Assert.Equal(1, asked);
        Assert.Equal([cube, _a, _a, _x], steps.Select(step => step.Key));
        Assert.Equal([1, 6, 12, 9], steps.Select(step => step.After[step.Key].ToScalar()));
        Assert.Equal(12, cube.TraceGradient(at).Gradient[_a].ToScalar());
        Assert.Equal(2, asked);
        Assert.Equal("{ a ↦ 12 }", cube.TracePushedGradient(at, _a)[^1].After.Gradient.ToString());
        Assert.Equal(3, asked);
    }

    [Fact]
    public void Only_a_scalar_is_traced()
    {
        var v = Variable("v", [3]);
        Errors.Say<ShapeException>(() => v.TraceGradient(Point.Of((v, Tensor.Of(1.0, 2, 3)))), "tracing", "[3]", "Sum or Mean");
        Assert.Throws<UnboundVariableException>(() => _x.TraceGradient(Point<double>.Empty));
        var trace = (_x * _x).TraceGradient(Point.Of((_x, 1.0)));
        Errors.Say<KeyNotFoundException>(() => _ = trace[0].After[_x], "adjoint of x", "later step");
    }

    [Fact]
    public void A_hundred_thousand_steps_fit_in_memory()
    {
        var y = Enumerable.Range(0, 50_000).Aggregate((Expr)_x, (sum, _) => Sin(sum) + _x);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var trace = y.TraceGradient(Point.Of((_x, 0.1)));
        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(100_001, trace.Count);
        Assert.Single(trace[0].After);
        Assert.True(trace.Gradient[_x].BitEquals(y.Gradient().Evaluate(Point.Of((_x, 0.1)))[_x]));
        Assert.True(used < 400_000_000, $"{used:N0} bytes");
        TestContext.Current.TestOutputHelper?.WriteLine($"{used:N0} bytes");
    }
}
