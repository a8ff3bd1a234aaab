using Xunit;

namespace FunctionalGrad.Tests.Graph;

public sealed class ExprTests
{
    private readonly Variable _x = Expr.Variable("x");

    [Fact]
    public void Expressions_are_compared_by_reference()
    {
        Expr one = _x + 1;
        Expr other = _x + 1;
        Expr same = one;
        Assert.True(one == same);
        Assert.True(one != other);
        Assert.True(one.Equals(same));
        Assert.False(one.Equals(other));
        Assert.False(one.Equals((object)other));
        Assert.Equal(2, new HashSet<Expr> { one, other, same }.Count);
        Assert.False(Expr.Variable("x") == Expr.Variable("x"));
        Assert.False(Expr.Constant(1) == Expr.Constant(1));
    }

    [Fact]
    public void A_shape_is_known_at_construction()
    {
        Assert.Equal(Shape.Scalar, _x.Shape);
        Assert.Equal(Shape.Of(2, 3), Expr.Variable("m", [2, 3]).Shape);
        Assert.Equal(Shape.Of(2), Expr.Constant(Tensor.Of(1.0, 2.0)).Shape);
        Assert.Equal(Shape.Of(2, 3), (Expr.Variable("m", [2, 1]) * Expr.Variable("v", [3])).Shape);
    }

    [Fact]
    public void Using_a_node_twice_keeps_one_node()
    {
        var square = (Application)(_x * _x);
        Assert.Same(_x, square.Input(0));
        Assert.Same(_x, square.Input(1));
        Assert.Equal(2, TopologicalOrder.Of(square).Count);
    }

    [Fact]
    public void An_application_with_unchanged_inputs_is_the_same_node()
    {
        var y = Expr.Variable("y");
        var sum = (Application)(_x + y);
        Assert.Same(sum, sum.With(_x, y));
        var changed = Assert.IsType<Application>(sum.With(y, _x));
        Assert.NotSame(sum, changed);
        Assert.Same(sum.Primitive, changed.Primitive);
        Assert.Same(y, changed.Input(0));
    }

    [Fact]
    public void An_application_with_another_number_of_inputs_is_an_error()
    {
        var sum = (Application)(_x + 1);
        Assert.Throws<ShapeException>(() => sum.With(_x));
        Assert.Throws<ShapeException>(() => sum.With(sum.Input(0), sum.Input(1), _x));
    }

    public static TheoryData<string, Func<Expr, Expr>, double> WithNumbers => new()
    {
        { "x + 2", x => x + 2, 6 },
        { "2 + x", x => 2 + x, 6 },
        { "x - 2", x => x - 2, 2 },
        { "2 - x", x => 2 - x, -2 },
        { "x * 2", x => x * 2, 8 },
        { "2 * x", x => 2 * x, 8 },
        { "x / 2", x => x / 2, 2 },
        { "2 / x", x => 2 / x, 0.5 },
        { "1 / x", x => 1 / x, 0.25 },
        { "Pow(x, -1)", x => Expr.Pow(x, -1), 0.25 },
        { "Pow(x, 0.5)", x => Expr.Pow(x, 0.5), 2 },
        { "-x", x => -x, -4 },
        { "+x", x => +x, 4 },
        { "x ++", x => { x++; return x; }, 5 },
        { "x --", x => { x--; return x; }, 3 },
        { "DivideByInt(x, 8)", x => Expr.DivideByInt(x, 8), 0.5 },
    };

    [Theory]
    [MemberData(nameof(WithNumbers))]
    public void Operators_take_plain_numbers_on_either_side(string text, Func<Expr, Expr> function, double value)
    {
        Assert.Equal(value, function(_x).Evaluate(Point.Of((_x, 4.0))).ToScalar());
        Assert.Equal(Tensor.Of(value, value), function(Tensor.Of(4.0, 4.0)).Evaluate());
        Assert.True((float)value == function(_x).Evaluate(Point<float>.Of((_x, 4f))).ToScalar(), text);
    }

    [Fact]
    public void Incrementing_makes_a_new_node_and_changes_none()
    {
        Expr y = _x;
        y++;
        Assert.NotSame(_x, y);
        Assert.Equal(3, y.Evaluate(Point.Of((_x, 2.0))).ToScalar());
        Assert.Equal(2, ((Expr)_x).Evaluate(Point.Of((_x, 2.0))).ToScalar());
    }

    [Fact]
    public void Division_by_zero_follows_the_arithmetic_of_floating_point()
    {
        Expr quotient = Expr.Constant(Tensor.Of(1.0, -1, 0)) / 0;
        Assert.Equal(Tensor.Of(double.PositiveInfinity, double.NegativeInfinity, double.NaN), quotient.Evaluate());
    }

    [Fact]
    public void Numbers_and_tensors_become_constants()
    {
        Expr number = 2;
        Expr tensor = Tensor.Of(1.0, 2.0);
        Assert.Equal(Tensor.Scalar(2.0), Assert.IsType<Constant>(number).Value);
        Assert.Equal(Tensor.Of(1.0, 2.0), Assert.IsType<Constant>(tensor).Value);
        Assert.Equal(Tensor.Of([2, 2], [3.0, 3, 3, 3]), Expr.Full([2, 2], 3).Evaluate());
    }

    [Fact]
    public void A_variable_needs_a_name()
    {
        Assert.Throws<ArgumentNullException>(() => Expr.Variable(null!));
        Assert.Throws<ArgumentException>(() => Expr.Variable(" "));
    }

    [Fact]
    public void A_null_operand_is_refused_where_it_is_given()
    {
        Assert.Throws<ArgumentNullException>(() => _x + (Expr)null!);
        Assert.Throws<ArgumentNullException>(() => (Expr)null! * _x);
        Assert.Throws<ArgumentNullException>(() => -(Expr)null!);
    }
}
