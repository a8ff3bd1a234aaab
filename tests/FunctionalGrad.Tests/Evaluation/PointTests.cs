using Xunit;

namespace FunctionalGrad.Tests.Evaluation;

public sealed class PointTests
{
    private readonly Variable _x = Expr.Variable("x");
    private readonly Variable _v = Expr.Variable("v", [2]);

    private Point<double> At => Point.Of((_x, 3.0), (_v, Tensor.Of(1.0, 2.0)));

    [Fact]
    public void A_point_assigns_tensors_to_variables()
    {
        Assert.Equal(Tensor.Scalar(3.0), At[_x]);
        Assert.Equal(Tensor.Of(1.0, 2.0), At[_v]);
        Assert.Equal(2, At.Count);
        Assert.Equal([_x, _v], At.Variables);
        Assert.True(At.ContainsKey(_x));
        Assert.True(At.TryGetValue(_v, out _));
        Assert.False(Point<double>.Empty.TryGetValue(_v, out _));
    }

    [Fact]
    public void Other_values_take_the_place_of_those_of_a_point_in_order()
    {
        Assert.Equal(Point.Of((_x, 7.0), (_v, Tensor.Of(8.0, 9.0))), At.WithValues(7.0, Tensor.Of(8.0, 9.0)));
        Errors.Say<ArgumentException>(() => At.WithValues([]), "0 values", "2 variables");
        Errors.Say<ShapeException>(() => At.WithValues(7.0, Tensor.Of(1.0, 2, 3)), "v", "[2]", "[3]");
    }

    [Fact]
    public void A_gradient_moves_a_point_to_a_new_one()
    {
        Expr loss = _x.Square() + _v.Square().Sum();
        var before = At;
        var after = before - 0.5 * loss.Gradient().Evaluate(before);
        Assert.Equal(Point.Of((_x, 0.0), (_v, Tensor.Of(0.0, 0.0))), after);
        Assert.Equal(At, before);
        Assert.Equal(Point.Of((_x, 6.0), (_v, Tensor.Of(2.0, 4.0))), before + 0.5 * loss.Gradient().Evaluate(before));
        Assert.Equal(0.5 * loss.Gradient().Evaluate(before), before - after);
    }

    [Fact]
    public void A_step_in_some_variables_leaves_the_others_where_they_are()
    {
        var moved = At - GradientMap<Tensor<double>>.Of((_x, 1.0));
        Assert.Equal(At.With(_x, 2.0), moved);
    }

    [Fact]
    public void A_step_in_a_variable_that_the_point_has_not_is_an_error()
    {
        var other = Expr.Variable("other");
        var step = GradientMap<Tensor<double>>.Of((other, 1.0));
        Errors.Say<KeyNotFoundException>(() => _ = At - step, "point that a gradient should move", "other", "x, v");
        Errors.Say<KeyNotFoundException>(() => _ = At + step, "other");
        var namesake = GradientMap<Tensor<double>>.Of((Expr.Variable("x"), 1.0));
        Errors.Say<KeyNotFoundException>(() => _ = At - namesake, "another variable of the same name", "by reference");
    }

    [Fact]
    public void Assigning_adds_or_replaces_and_makes_a_new_point()
    {
        var before = At;
        var replaced = before.With(_x, 7.0);
        var y = Expr.Variable("y");
        var added = before.With(y, 8.0);
        Assert.Equal(7, replaced[_x].ToScalar());
        Assert.Equal([_x, _v, y], added.Variables);
        Assert.Equal(At, before);
        Assert.Equal(Point.Of((_x, 9.0), (_v, Tensor.Of(1.0, 2.0)), (y, 1.0)), before.With(Point.Of((y, 1.0), (_x, 9.0))));
        Assert.Equal(before, Point<double>.Empty.With(before));
    }

    [Fact]
    public void A_point_of_single_precision_computes_in_single_precision()
    {
        var single = Point<float>.Of((_x, 0.1f));
        Assert.Equal(Tensor.Scalar(0.1f * 0.1f * 0.1f), (_x * _x * _x).Evaluate(single));
        Assert.Equal(0.1, single.To<double>()[_x].ToScalar(), 1e-8);
        Assert.NotEqual(0.1, single.To<double>()[_x].ToScalar());
        Assert.Equal(single, Point.Of((_x, 0.1)).To<float>());
        Assert.Equal(Point.Of((_x, Tensor.Scalar(0.1f))), single);
        Assert.Equal(Tensor.Scalar(0f), (single - 0.1 * _x.Gradient().Evaluate(single))[_x]);
    }

    [Fact]
    public void A_point_checks_its_entries_when_it_is_made()
    {
        Errors.Say<ShapeException>(() => Point.Of((_v, 1.0)), "point", "v has shape [2]", "given for it []", "reshape the value or declare");
        Errors.Say<ShapeException>(() => At.With(_x, Tensor.Of(1.0)), "x has shape []", "[1]");
        Errors.Say<ArgumentException>(() => Point.Of((_x, 1.0), (_x, 1.0)), "x is given twice");
        Errors.Say<KeyNotFoundException>(() => _ = At[Expr.Variable("z")], "the point", "z []", "x, v");
        Errors.Say<KeyNotFoundException>(() => _ = At[Expr.Variable("x")], "another variable of the same name");
    }

    [Fact]
    public void Points_are_equal_when_they_assign_the_same()
    {
        Assert.Equal(Point.Of((_v, Tensor.Of(1.0, 2.0)), (_x, 3.0)), At);
        Assert.Equal(Point.Of((_v, Tensor.Of(1.0, 2.0)), (_x, 3.0)).GetHashCode(), At.GetHashCode());
        Assert.NotEqual(At, At.With(_x, 4.0));
        Assert.False(At.Equals((object)3));
    }

    [Fact]
    public void A_point_enumerates_and_prints_its_entries()
    {
        Assert.Equal("{ x ↦ 3, v ↦ [1, 2] }", At.ToString());
        Assert.Equal("{ }", Point<double>.Empty.ToString());
        Assert.Equal([_x, _v], At.Select(entry => entry.Key));
        IReadOnlyDictionary<Variable, Tensor<double>> dictionary = At;
        Assert.Equal([Tensor.Scalar(3.0), Tensor.Of(1.0, 2.0)], dictionary.Values);
    }
}
