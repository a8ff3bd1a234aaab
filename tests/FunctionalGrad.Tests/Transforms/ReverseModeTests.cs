using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

public sealed class ReverseModeTests
{
    private readonly Variable _x = Variable("x");
    private readonly Variable _y = Variable("y");

    [Fact]
    public void The_gradient_is_by_all_variables_in_the_order_of_their_appearance() =>
        Assert.Equal([_y, _x], (_y * _x).Gradient().Variables);

    [Fact]
    public void The_gradient_is_by_the_variables_asked_for_in_the_order_asked_for()
    {
        var gradient = (_x * _y).Gradient(_y, _x);
        Assert.Equal([_y, _x], gradient.Variables);
        Assert.Equal([_x], (_x * _y).Gradient(_x).Variables);
    }

    [Fact]
    public void The_gradient_by_a_variable_that_is_not_used_is_zero_of_its_shape()
    {
        var unused = Variable("unused", [2, 3]);
        var gradient = (_x * _x).Gradient(unused, _x);
        Assert.Equal(Tensor<double>.Zeros([2, 3]), gradient[unused].Evaluate());
        Assert.Equal(6, gradient[_x].Evaluate(Point.Of((_x, 3.0))).ToScalar());
    }

    [Fact]
    public void The_gradient_of_a_constant_is_empty_and_that_of_a_variable_is_one()
    {
        Assert.Empty(Expr.Constant(3).Gradient());
        Assert.Equal(1, _x.Gradient()[_x].Evaluate().ToScalar());
    }

    [Fact]
    public void A_variable_asked_for_twice_is_an_error() =>
        Errors.Say<ArgumentException>(() => (_x * _y).Gradient(_x, _x), "differentiating", "x is given twice", "once");

    [Fact]
    public void Only_a_scalar_has_a_gradient()
    {
        var v = Variable("v", [3]);
        Errors.Say<ShapeException>(() => (v * v).Gradient(), "gradient", "[3]", "Sum or Mean", "Jacobian or a Pullback");
        Errors.Say<ShapeException>(() => (v * v).Pullback(Tensor.Of(1.0, 2.0)), "pullback", "[3]", "[2]", "shape of the value");
    }

    [Fact]
    public void Asking_twice_gives_the_same_answer()
    {
        Expr f = Sin(_x) * _y / (1 + _x.Square());
        var at = Point.Of((_x, 0.7), (_y, -1.3));
        var first = f.Gradient();
        var again = f.Gradient();
        Assert.All([_x, _y], variable => Assert.True(first[variable].Evaluate(at).BitEquals(again[variable].Evaluate(at))));
        Assert.True(first[_x].Evaluate(at).BitEquals(first[_x].Evaluate(at)));
    }

    [Fact]
    public void Nothing_is_built_for_what_the_result_does_not_depend_on()
    {
        // A long computation of y alone contributes nothing to the derivative by x, so no adjoint of it is made.
        Expr heavy = _y;
        for (var i = 0; i < 1000; i++)
        {
            heavy = Sin(heavy);
        }

        Expr f = heavy * _x;
        Assert.Same(heavy, f.Gradient(_x)[_x]);
        Assert.Equal(TopologicalOrder.Of(heavy).Count, TopologicalOrder.Of(f.Gradient(_x)[_x]).Count);

        var pushed = f.Pushforward(GradientMap<Expr>.Of((_x, 1)));
        Assert.InRange(TopologicalOrder.Of(pushed).Count, 1, TopologicalOrder.Of(f).Count + 3);
    }

    [Fact]
    public void A_dead_branch_of_the_graph_is_never_differentiated()
    {
        var asked = 0;
        var watched = Primitive.Elementwise("watched", x => x, (x, y) =>
        {
            asked++;
            return 1;
        });
        var dead = watched.Apply(_y);
        _ = (_x * dead).Gradient(_x);
        Assert.Equal(0, asked);
        _ = (_x * dead).Gradient(_y);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_shared_node_gets_one_adjoint()
    {
        // A chain of squares of sums: each node is used twice, and the gradient grows by a constant for each.
        static int Nodes(int length)
        {
            var x = Variable("x");
            Expr y = x;
            for (var i = 0; i < length; i++)
            {
                y = Sin(y) * y;
            }

            return TopologicalOrder.Of(y.Gradient()[x]).Count;
        }

        Assert.Equal(Nodes(20) - Nodes(10), Nodes(40) - Nodes(30));
        Assert.InRange(Nodes(40) - Nodes(39), 1, 12);
    }

    [Fact]
    public void Gradients_of_parts_add_up()
    {
        Expr first = Sin(_x) * _y;
        Expr second = _x.Square();
        var at = Point.Of((_x, 0.5), (_y, 2.0));
        Assert.Equal((first + second).Gradient(_x, _y).Evaluate(at), (first.Gradient() + second.Gradient()).Evaluate(at));
    }

    [Fact]
    public void A_pullback_weighs_the_rows_of_the_jacobian()
    {
        var v = Variable("v", [2]);
        var pulled = (v * v).Pullback(Tensor.Of(1.0, 10.0));
        Assert.Equal(Tensor.Of(6.0, 80.0), pulled[v].Evaluate(Point.Of((v, Tensor.Of(3.0, 4.0)))));
    }
}
