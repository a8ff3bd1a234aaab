using Xunit;

namespace FunctionalGrad.Tests.Printing;

public sealed class ExpressionDiagramsTests
{
    private readonly Variable _x = Expr.Variable("x");

    [Fact]
    public void Dot_names_nodes_by_position_and_numbers_operands_where_their_order_matters() =>
        Assert.Equal(
            """
            digraph expression {
              rankdir=BT;
              n0 [label="x", shape=ellipse];
              n1 [label="2", shape=plaintext];
              n2 [label="/", shape=box];
              n3 [label="·", shape=box];
              n0 -> n2 [label="0"];
              n1 -> n2 [label="1"];
              n2 -> n3;
              n0 -> n3;
            }
            """.ReplaceLineEndings("\n"),
            (_x / 2 * _x).ToDot());

    [Fact]
    public void Mermaid_draws_the_same_graph() =>
        Assert.Equal(
            """
            flowchart BT
              n0(["x"])
              n1("2")
              n2["/"]
              n0 -->|0| n2
              n1 -->|1| n2
            """.ReplaceLineEndings("\n"),
            (_x / 2).ToMermaid());

    [Fact]
    public void Names_are_escaped()
    {
        var odd = Expr.Variable("\"<b>\\\n&#`", [2]);
        Assert.Contains("""label="\"<b>\\\\n&#`\n[2]", """, odd.ToDot());
        Assert.Contains("""(["#34;#60;b#62;#92;#92;n#38;#35;#96;<br/>[2]"])""", odd.ToMermaid());
    }

    [Fact]
    public void Too_large_a_graph_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<ArgumentException>(() => (_x + 1).ToDot(new() { MaxNodes = 2 }));
        Assert.Contains("3 nodes", error.Message);
        Assert.Contains("MaxNodes", error.Message);
    }
}
