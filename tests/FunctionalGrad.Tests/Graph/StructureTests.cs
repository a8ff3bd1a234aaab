using Xunit;

namespace FunctionalGrad.Tests.Graph;

public sealed class StructureTests
{
    private readonly Variable _x = Expr.Variable("x");

    [Fact]
    public void Formulas_are_equal_whether_or_not_their_parts_are_shared()
    {
        var part = _x + 1;
        var shared = part * part;
        var apart = (_x + 1) * (_x + 1);
        Assert.True(Structure.Equal(shared, apart));
        Assert.Equal(Structure.Hash(shared), Structure.Hash(apart));
    }

    [Fact]
    public void Different_formulas_differ()
    {
        Assert.False(Structure.Equal(_x + 1, 1 + _x));
        Assert.False(Structure.Equal(_x + 1, Expr.Variable("x") + 1));
        Assert.False(Structure.Equal(_x + 0.0, _x + -0.0));
        Assert.True(Structure.Equal(_x + double.NaN, _x + double.NaN));
        Assert.False(Structure.Equal(Tensor.Of(1.0, 2), Tensor.Of([2, 1], [1.0, 2])));
    }

    [Fact]
    public void Taking_a_gradient_leaves_the_graph_as_it_was()
    {
        var y = _x * _x / (_x + 1);
        var before = Structure.Hash(y);
        _ = y.Gradient()[_x].Gradient();
        Assert.Equal(before, Structure.Hash(y));
    }

    [Fact]
    public void An_order_knows_the_positions_of_inputs()
    {
        var order = TopologicalOrder.Of((_x / 2) - _x);
        Assert.Equal([0, 1], order.InputsOf(2).ToArray());
        Assert.Equal([2, 0], order.InputsOf(3).ToArray());
        var same = TopologicalOrder.FromSequence(order.Nodes.ToArray());
        Assert.Equal([2, 0], same.InputsOf(3).ToArray());
    }
}
