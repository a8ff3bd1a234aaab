using Xunit;

namespace FunctionalGrad.Tests.Graph;

public sealed class RewritingTests
{
    private readonly Variable _x = Expr.Variable("x");
    private readonly Variable _y = Expr.Variable("y");

    [Fact]
    public void Substituting_replaces_every_use_of_a_variable()
    {
        Expr f = (_x * _x) + _x;
        var g = f.Substitute(_x, _y + 1);
        Assert.Equal([_y], TopologicalOrder.Of(g).Variables);
        Assert.Equal(12, g.Evaluate(Point.Of((_y, 2.0))).ToScalar());
        Assert.Equal(6, f.Evaluate(Point.Of((_x, 2.0))).ToScalar());
    }

    [Fact]
    public void Substituting_several_variables_happens_at_once()
    {
        Expr f = _x - _y;
        var swapped = f.Substitute(new Dictionary<Variable, Expr> { [_x] = _y, [_y] = _x });
        Assert.Equal(-1, swapped.Evaluate(Point.Of((_x, 3.0), (_y, 2.0))).ToScalar());
    }

    [Fact]
    public void What_a_substitution_leaves_alone_stays_the_same_node()
    {
        Expr untouched = _y * 2;
        var replaced = (Application)(untouched + _x).Substitute(_x, 5);
        Assert.Same(untouched, replaced.Input(0));
        Expr f = untouched + 1;
        Assert.Same(f, f.Substitute(_x, 5));
    }

    [Fact]
    public void A_shared_node_stays_shared()
    {
        Expr shared = _x + 1;
        var result = (Application)(shared * shared).Substitute(_x, _y);
        Assert.Same(result.Input(0), result.Input(1));
    }

    [Fact]
    public void Substituting_another_shape_is_an_error_that_names_both() =>
        Errors.Say<ShapeException>(() => (_x + 1).Substitute(_x, Tensor.Of(1.0, 2.0)), "shape []", "[2]", "keep the shape");

    [Fact]
    public void A_replacement_that_is_missing_is_refused() =>
        Errors.Say<ArgumentException>(() => (_x + 1).Substitute(_x, null!), "x", "null", "the node itself");

    [Fact]
    public void Substitution_and_differentiation_commute_with_a_chain()
    {
        // d/dy f(3y) = 3·f′(3y)
        Expr f = _x * _x * _x;
        var chained = f.Substitute(_x, 3 * _y).Gradient(_y)[_y];
        var byHand = 3 * f.Gradient(_x)[_x].Substitute(_x, 3 * _y);
        var at = Point.Of((_y, 2.0));
        Assert.Equal(byHand.Evaluate(at), chained.Evaluate(at));
    }

    [Fact]
    public void Several_roots_are_rewritten_together_and_share_what_they_shared()
    {
        Expr shared = _x + 1;
        var roots = Rewriting.Rewrite([shared * 2, shared * 3], node => ReferenceEquals(node, _x) ? _y : node);
        Assert.Same(((Application)roots[0]).Input(0), ((Application)roots[1]).Input(0));
    }
}
