using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <summary>Expressions as text, whole.</summary>
public static class ExpressionText
{
    /// <summary>
    /// The whole expression as a program, whatever its size: a <c>let</c> for every part that is used more than once (and
    /// for parts that would make a line too long), then the result. Different variables of one name are told apart by
    /// primes. <see cref="Expr.ToString"/> gives one line instead, cut where the expression is large.
    /// </summary>
    /// <param name="expression">The expression.</param>
    /// <returns>Lines that end in <c>\n</c>, the last one excepted. Takes time in proportion to the graph.</returns>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var y = x * x + 1;
    /// (y * y / 2).ToText().Split('\n')[0];      // let t1 = x · x + 1
    /// (y * y / 2).ToText().Split('\n')[1];      // t1 · t1 / 2
    /// </code></example>
    public static string ToText(this Expr expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var text = new StringBuilder();
        var program = new ProgramText([expression]);
        program.AppendLets(text, "\n");
        program.AppendRoot(text, expression);
        return text.ToString();
    }

    /// <summary>
    /// Several expressions as one program: what they share is named once, and each result stands on a line of its own,
    /// <c>[0] = …</c>, numbered as given.
    /// </summary>
    /// <param name="expressions">The expressions.</param>
    /// <returns>Lines that end in <c>\n</c>, the last one excepted.</returns>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// Expr[] results = [x + 1, x * 2];
    /// results.ToText().Split('\n')[1];      // [1] = x · 2
    /// </code></example>
    public static string ToText(this ReadOnlySpan<Expr> expressions)
    {
        var labels = new string[expressions.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = string.Create(CultureInfo.InvariantCulture, $"[{i}]");
        }

        return Labelled(new ProgramText(expressions), expressions, labels);
    }

    /// <summary>A program whose results have names.</summary>
    internal static string Labelled(
        ProgramText program, ReadOnlySpan<Expr> roots, ReadOnlySpan<string> labels, bool shapes = false)
    {
        var text = new StringBuilder();
        program.AppendLets(text, "\n", shapes);
        for (var i = 0; i < roots.Length; i++)
        {
            text.Append(i == 0 ? "" : "\n").Append(labels[i])
                .Append(shapes ? ProgramText.ShapeAfterName(roots[i].Shape) : "").Append(" = ");
            program.AppendRoot(text, roots[i]);
        }

        return text.ToString();
    }
}
