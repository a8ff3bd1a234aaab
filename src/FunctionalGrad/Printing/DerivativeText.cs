namespace FunctionalGrad;

/// <summary>An expression and its derivatives as one program.</summary>
internal static class DerivativeText
{
    /// <summary>A line that says what is given, then what the results share, then a line for each result.</summary>
    /// <param name="given">The variables, in the order in which they are shown.</param>
    /// <param name="results">The expression and its derivatives.</param>
    /// <param name="label">The name of a result in the text, from its number and the names of the variables.</param>
    /// <param name="options">How.</param>
    public static string Of(
        ReadOnlySpan<Variable> given, ReadOnlySpan<Expr> results, Func<int, VariableNames, string> label, ShowOptions options)
    {
        var shown = options.Simplify ? results.Simplify().AsSpan().ShareCommonSubexpressions().AsSpan() : results;
        var program = new ProgramText(shown, given);
        var labels = new string[shown.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = label(i, program.Variables);
        }

        var names = new string[given.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = program.Variables[given[i]] + (options.Shapes ? ProgramText.ShapeAfterName(given[i].Shape) : "");
        }

        var heading = names.Length == 0 ? "" : $"given {string.Join(", ", names)}\n";
        return heading + ExpressionText.Labelled(program, shown, labels, options.Shapes);
    }
}
