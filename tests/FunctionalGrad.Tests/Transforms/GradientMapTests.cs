using Xunit;

namespace FunctionalGrad.Tests.Transforms;

public sealed class GradientMapTests
{
    private readonly Variable _x = Expr.Variable("x");
    private readonly Variable _y = Expr.Variable("y", [2]);
    private readonly Variable _z = Expr.Variable("z");

    private GradientMap<Tensor<double>> First => GradientMap<Tensor<double>>.Of((_x, 1.0), (_y, Tensor.Of(2.0, 3.0)));

    private GradientMap<Tensor<double>> Second => GradientMap<Tensor<double>>.Of((_y, Tensor.Of(10.0, 20.0)), (_z, 5.0));

    [Fact]
    public void Maps_add_subtract_and_scale_and_a_missing_variable_counts_as_zero()
    {
        Assert.Equal(GradientMap<Tensor<double>>.Of((_x, 1.0), (_y, Tensor.Of(12.0, 23.0)), (_z, 5.0)), First + Second);
        Assert.Equal(GradientMap<Tensor<double>>.Of((_x, 1.0), (_y, Tensor.Of(-8.0, -17.0)), (_z, -5.0)), First - Second);
        Assert.Equal(GradientMap<Tensor<double>>.Of((_x, -1.0), (_y, Tensor.Of(-2.0, -3.0))), -First);
        Assert.Equal(GradientMap<Tensor<double>>.Of((_x, 0.5), (_y, Tensor.Of(1.0, 1.5))), 0.5 * First);
        Assert.Equal(First, First + GradientMap<Tensor<double>>.Zero);
        Assert.Equal(First, GradientMap<Tensor<double>>.Zero + First);
        Assert.Equal(First + Second, Second + First);
    }

    [Fact]
    public void Other_values_take_the_place_of_those_of_a_map_in_order()
    {
        Assert.Equal(GradientMap<Tensor<double>>.Of((_x, 7.0), (_y, Tensor.Of(8.0, 9.0))), First.WithValues(7.0, Tensor.Of(8.0, 9.0)));
        Assert.Equal(GradientMap<Tensor<double>>.Zero, GradientMap<Tensor<double>>.Zero.WithValues());
        var values = new Tensor<double>[] { 7.0, Tensor.Of(8.0, 9.0) };
        var map = First.WithValues(values);
        values[0] = 1.0;
        Assert.Equal(7, map[_x].ToScalar());
        Errors.Say<ArgumentException>(() => First.WithValues(7.0), "1 values", "2 variables", "x, y");
        Errors.Say<ShapeException>(() => First.WithValues(7.0, 8.0), "y", "[2]", "[]");
    }

    [Fact]
    public void The_inner_product_runs_over_the_variables_of_both()
    {
        Assert.Equal(20.0 + 60, GradientMap<Tensor<double>>.Dot(First, Second).ToScalar());
        Assert.Equal(1.0 + 4 + 9, GradientMap<Tensor<double>>.Dot(First, First).ToScalar());
        Assert.Equal(0, GradientMap<Tensor<double>>.Dot(First, GradientMap<Tensor<double>>.Zero).ToScalar());
    }

    [Fact]
    public void Symbolic_maps_are_the_same_vector_space()
    {
        Expr f = _x.Square() + _y.Sum();
        var sum = (2 * f.Gradient()) - f.Gradient();
        var at = Point.Of((_x, 3.0), (_y, Tensor.Of(1.0, 1.0)));
        Assert.Equal(f.Gradient().Evaluate(at), sum.Evaluate(at));
        Assert.Equal(36 + 2, GradientMap<Expr>.Dot(f.Gradient(), f.Gradient()).Evaluate(at).ToScalar());
        Assert.Equal(0, GradientMap<Expr>.Dot(GradientMap<Expr>.Zero, f.Gradient()).Evaluate().ToScalar());
    }

    [Fact]
    public void Arithmetic_leaves_its_operands_as_they_were()
    {
        var map = First;
        _ = map + Second;
        _ = 3 * map;
        Assert.Equal(First, map);
    }

    [Fact]
    public void Looking_up_what_is_not_there_lists_what_is()
    {
        Errors.Say<KeyNotFoundException>(() => _ = First[_z], "gradient map", "variable z []", "it has x, y", "Look up one of those");
        Errors.Say<KeyNotFoundException>(() => _ = GradientMap<Expr>.Zero[_x], "no variables");
        Assert.False(First.TryGetValue(_z, out _));
        Assert.False(First.ContainsKey(_z));
        Assert.True(First.TryGetValue(_x, out var one));
        Assert.Equal(Tensor.Scalar(1.0), one);
    }

    [Fact]
    public void Looking_up_a_namesake_says_that_it_is_another_variable() =>
        Errors.Say<KeyNotFoundException>(() => _ = First[Expr.Variable("x")], "another variable of the same name", "by reference", "keep the one");

    [Fact]
    public void A_list_of_many_variables_is_abridged()
    {
        var many = GradientMap<Tensor<double>>.Of([.. Enumerable.Range(0, 1000).Select(i => (Expr.Variable($"w{i}"), (Tensor<double>)(double)i))]);
        Errors.Say<KeyNotFoundException>(() => _ = many[_x], "w0, w1", "w9, … (1000 in all)");
        Assert.StartsWith("{ w0 ↦ 0, w1 ↦ 1,", many.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("… (1000 in all) }", many.ToString(), StringComparison.Ordinal);
        Assert.InRange(many.ToString().Length, 10, 500);
    }

    [Fact]
    public void Making_a_map_checks_its_entries()
    {
        Errors.Say<ShapeException>(() => GradientMap<Tensor<double>>.Of((_y, 1.0)), "y has shape [2]", "value []", "must agree");
        Errors.Say<ArgumentException>(() => GradientMap<Tensor<double>>.Of((_x, 1.0), (_x, 2.0)), "x is given twice", "once");
        Assert.Throws<ArgumentNullException>(() => GradientMap<Tensor<double>>.Of((null!, 1.0)));
        Assert.Throws<ArgumentNullException>(() => GradientMap<Tensor<double>>.Of((_x, null!)));
    }

    [Fact]
    public void Maps_are_equal_when_variables_and_values_are_in_any_order()
    {
        Assert.Equal(GradientMap<Tensor<double>>.Of((_y, Tensor.Of(2.0, 3.0)), (_x, 1.0)), First);
        Assert.Equal(GradientMap<Tensor<double>>.Of((_y, Tensor.Of(2.0, 3.0)), (_x, 1.0)).GetHashCode(), First.GetHashCode());
        Assert.NotEqual(GradientMap<Tensor<double>>.Of((_x, 1.0)), First);
        Assert.NotEqual(First, GradientMap<Tensor<double>>.Of((_x, 1.0)));
        Assert.NotEqual(First, First + Second);
        Assert.False(First.Equals((object?)null));
    }

    [Fact]
    public void A_map_enumerates_its_entries_in_order()
    {
        Assert.Equal([_x, _y], First.Variables);
        Assert.Equal([_x, _y], First.Select(entry => entry.Key));
        Assert.Equal(Tensor.Of(2.0, 3.0), First.Last().Value);
        Assert.Equal(2, First.Count);
        Assert.Equal(Tensor.Scalar(1.0), First.Values[0]);
        IReadOnlyDictionary<Variable, Tensor<double>> dictionary = First;
        Assert.Equal([_x, _y], dictionary.Keys);
        Assert.Equal(2, dictionary.Values.Count());
        Assert.Equal(3.0, First.Map(value => value.To<float>())[_y][1]);
    }

    [Fact]
    public void A_map_prints_its_entries_in_braces()
    {
        Assert.Equal("{ x ↦ 1, y ↦ [2, 3] }", First.ToString());
        Assert.Equal("{ }", GradientMap<Expr>.Zero.ToString());
        var w = Expr.Variable("w");
        Assert.Equal("{ w ↦ 2 · (w · 3 − 3) · 3 }", ((w * 3) - 3).Square().Gradient().ToString());
    }
}
