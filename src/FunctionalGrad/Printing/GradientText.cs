namespace FunctionalGrad;

/// <summary>Symbolic gradients as text, whole.</summary>
public static class GradientText
{
    /// <summary>
    /// The whole gradient as a program: what its entries share is named once, then a line for each variable.
    /// </summary>
    /// <param name="gradient">The gradient.</param>
    /// <returns>Lines that end in <c>\n</c>, the last one excepted; empty for the zero of the vector space.</returns>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// (w * w).Gradient().ToText();      // ∂/∂w = w + w
    /// </code></example>
    public static string ToText(this GradientMap<Expr> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        var variables = gradient.Keys.Variables;
        var program = new ProgramText(gradient.Values, variables);
        var labels = new string[variables.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = $"∂/∂{program.Variables[variables[i]]}";
        }

        return ExpressionText.Labelled(program, gradient.Values, labels);
    }
}
