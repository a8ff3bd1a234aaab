using Xunit;

namespace FunctionalGrad.Tests.Graph;

public sealed class TopologicalOrderTests
{
    private readonly Variable _x = Expr.Variable("x");
    private readonly Variable _y = Expr.Variable("y");

    [Fact]
    public void Each_node_stands_once_and_after_its_inputs()
    {
        Expr shared = _x * _y;
        Expr root = (shared + _x) * shared;
        var order = TopologicalOrder.Of(root);
        Assert.Equal(5, order.Count);
        Assert.Same(root, order.Nodes[^1]);
        foreach (var node in order.Nodes)
        {
            if (node is Application application)
            {
                foreach (var input in application.Inputs)
                {
                    Assert.True(order.PositionOf(input) < order.PositionOf(node));
                }
            }
        }
    }

    [Fact]
    public void Variables_stand_in_the_order_of_their_first_appearance()
    {
        Assert.Equal([_y, _x], TopologicalOrder.Of((_y + _x) * _y).Variables);
        Assert.Equal([_x, _y], TopologicalOrder.Of(_x + 1, _y + _x).Variables);
    }

    [Fact]
    public void Several_roots_share_their_nodes()
    {
        Expr shared = _x + 1;
        Assert.Equal(3 + 2 + 2, TopologicalOrder.Of(shared * 2, shared * 3, shared).Count);
        Assert.Equal(0, TopologicalOrder.Of().Count);
    }

    [Fact]
    public void The_order_is_the_same_every_time()
    {
        Expr f = ((_x * _y) + _x) / (_y - 1);
        Assert.Equal(TopologicalOrder.Of(f).Nodes.ToArray(), TopologicalOrder.Of(f).Nodes.ToArray());
    }

    [Fact]
    public void A_sequence_is_accepted_when_inputs_stand_before_users()
    {
        Expr sum = _x + _y;
        var order = TopologicalOrder.FromSequence([_y, _x, sum]);
        Assert.Equal(1, order.PositionOf(_x));
        Assert.True(order.Contains(sum));
        Assert.False(order.Contains(Expr.One));
    }

    [Fact]
    public void A_sequence_that_is_no_order_is_refused()
    {
        Expr sum = _x + _y;
        Errors.Say<ArgumentException>(() => TopologicalOrder.FromSequence([_x, sum, _y]), "node 1", "add", "before its input", "order inputs before users");
        Errors.Say<ArgumentException>(() => TopologicalOrder.FromSequence([_x, _y, _x]), "node 2", "twice", "once");
    }

    [Fact]
    public void Asking_for_a_node_of_another_graph_is_an_error() =>
        Errors.Say<ArgumentException>(() => TopologicalOrder.Of(_x + 1).PositionOf(_y), "not part of this graph");
}
