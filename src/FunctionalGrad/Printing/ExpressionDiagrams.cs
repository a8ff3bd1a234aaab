using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <summary>Expressions as drawings: nodes are variables, constants and operations, edges lead from operands to users.</summary>
public static class ExpressionDiagrams
{
    /// <summary>The graph in DOT, the language of Graphviz: variables are ellipses, constants plain, operations boxes.</summary>
    /// <remarks>
    /// Nodes are called n0, n1, … in topological order, so one graph always gives one text. An edge carries the number of
    /// the operand, from 0, where there are several and their order matters.
    /// </remarks>
    /// <param name="expression">The expression.</param>
    /// <param name="options">How to draw it.</param>
    /// <exception cref="ArgumentException">There are more nodes than the options allow.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// x.ToDot().Split('\n')[2].Trim();      // n0 [label="x", shape=ellipse];
    /// </code></example>
    public static string ToDot(this Expr expression, DiagramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return ToDot([expression], options);
    }

    /// <summary>Several expressions as one graph in DOT; what they share is drawn once.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <param name="options">How to draw them.</param>
    /// <exception cref="ArgumentException">There are more nodes than the options allow.</exception>
    public static string ToDot(this ReadOnlySpan<Expr> expressions, DiagramOptions? options = null)
    {
        var diagram = new Diagram(expressions, options);
        var text = new StringBuilder("digraph expression {\n  rankdir=BT;\n");
        for (var i = 0; i < diagram.Order.Count; i++)
        {
            var node = diagram.Order.Nodes[i];
            var shape = node is Variable ? "ellipse" : node is Constant ? "plaintext" : "box";
            text.Append(CultureInfo.InvariantCulture, $"  n{i} [label=\"{EscapeDot(diagram.Label(node))}\", shape={shape}];\n");
        }

        for (var i = 0; i < diagram.Order.Count; i++)
        {
            var inputs = diagram.Order.InputsOf(i);
            var numbered = Diagram.NumbersOperands(diagram.Order.Nodes[i]);
            for (var operand = 0; operand < inputs.Length; operand++)
            {
                var label = numbered ? $" [label=\"{operand}\"]" : "";
                text.Append(CultureInfo.InvariantCulture, $"  n{inputs[operand]} -> n{i}{label};\n");
            }
        }

        return text.Append('}').ToString();
    }

    /// <summary>The graph as a Mermaid flowchart, which many web pages and Markdown viewers draw.</summary>
    /// <remarks>Nodes and edges are named and numbered as in <see cref="ToDot(Expr, DiagramOptions?)"/>.</remarks>
    /// <param name="expression">The expression.</param>
    /// <param name="options">How to draw it.</param>
    /// <exception cref="ArgumentException">There are more nodes than the options allow.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// x.ToMermaid().Split('\n')[1].Trim();      // n0(["x"])
    /// </code></example>
    public static string ToMermaid(this Expr expression, DiagramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return ToMermaid([expression], options);
    }

    /// <summary>Several expressions as one Mermaid flowchart; what they share is drawn once.</summary>
    /// <param name="expressions">The expressions.</param>
    /// <param name="options">How to draw them.</param>
    /// <exception cref="ArgumentException">There are more nodes than the options allow.</exception>
    public static string ToMermaid(this ReadOnlySpan<Expr> expressions, DiagramOptions? options = null)
    {
        var diagram = new Diagram(expressions, options);
        var text = new StringBuilder("flowchart BT");
        for (var i = 0; i < diagram.Order.Count; i++)
        {
            var node = diagram.Order.Nodes[i];
            var (open, close) = node is Variable ? ("([", "])") : node is Constant ? ("(", ")") : ("[", "]");
            text.Append(CultureInfo.InvariantCulture, $"\n  n{i}{open}\"{EscapeMermaid(diagram.Label(node))}\"{close}");
        }

        for (var i = 0; i < diagram.Order.Count; i++)
        {
            var inputs = diagram.Order.InputsOf(i);
            var numbered = Diagram.NumbersOperands(diagram.Order.Nodes[i]);
            for (var operand = 0; operand < inputs.Length; operand++)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  n{inputs[operand]} -->{(numbered ? $"|{operand}|" : "")} n{i}");
            }
        }

        return text.ToString();
    }

    internal static string EscapeDot(string label) => label.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    // Mermaid reads # as the start of a character's name or number, and takes HTML and Markdown inside labels.
    internal static string EscapeMermaid(string label)
    {
        var text = new StringBuilder();
        foreach (var character in label)
        {
            text.Append(character switch
            {
                '\n' => "<br/>",
                '"' or '#' or '<' or '>' or '&' or '`' or '\\' => $"#{(int)character};",
                _ => character.ToString(),
            });
        }

        return text.ToString();
    }
}
