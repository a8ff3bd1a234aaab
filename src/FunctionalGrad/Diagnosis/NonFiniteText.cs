using System.Text;

namespace FunctionalGrad;

/// <summary>Explanations of NaN and infinity in sentences.</summary>
internal static class NonFiniteText
{
    private const int OperandsShown = 4;
    private const int LinesAtEachEnd = 6;

    /// <summary>What became what, where, from what.</summary>
    public static string Summary(NonFiniteExplanation explanation) => explanation.Contribution switch
    {
        null => Happened(explanation),
        { User: null } sum =>
            $"in the derivative by {sum.By.Name}, the sum of all contributions to the adjoint of {Abridged.Phrase(sum.Of)} became {Kind(explanation)}, though each was finite: {Happened(explanation)}",
        { User: { } user } contribution =>
            $"in the derivative by {contribution.By.Name}, what {Abridged.Phrase(user)} contributes to the adjoint of its {Role(user, contribution.Operand)} {Abridged.Phrase(contribution.Of)} became {Kind(contribution.Value)}: {Happened(explanation)}",
    };

    /// <summary>The whole explanation.</summary>
    public static string Of(NonFiniteExplanation explanation)
    {
        var text = new StringBuilder();
        text.Append(Summary(explanation)).Append('.');
        if (explanation.Contribution is { User: not null } contribution)
        {
            text.Append($"\nThe adjoint that came in was still finite: {EntryText.Of(contribution.Adjoint)}.");
        }

        AppendPath(text, explanation);
        text.Append(explanation.Node is Application
            ? "\nKeep the operands inside the domain, use a stable form (LogSumExp, Log1p, Softplus, …), or choose with Select: a branch not taken contributes nothing, whatever it holds."
            : "\nThis came in from outside: no operation made it.");
        return explanation.IsFromInterpreter
            ? text.Append("\n(Found by running the compiled expressions again, node by node, in the interpreter.)").ToString()
            : text.ToString();
    }

    private static string Happened(NonFiniteExplanation explanation)
    {
        var where = explanation.Entry.IsEmpty ? "" : $" at entry {EntryText.Of(explanation.Entry)}";
        var became = EntryText.Of(explanation.Value);
        return explanation.Node switch
        {
            Variable variable => $"the point gives the variable {variable.Name} the value {became}{where}",
            Constant constant => $"the constant {Abridged.Phrase(constant)} holds {became}{where}",
            Application application => $"{application.Primitive} gave {became}{where}: {Operands(application, explanation)}",
            _ => became,
        };
    }

    private static string Operands(Application application, NonFiniteExplanation explanation)
    {
        var operands = new List<string>();
        for (var i = 0; i < Math.Min(OperandsShown, application.Inputs.Length); i++)
        {
            var value = EntryText.Of(explanation.InputValues[i]);
            operands.Add(Infix.Shown(application.Input(i)) is Constant ? value : $"{Abridged.Phrase(application.Input(i))} = {value}");
        }

        var rest = application.Inputs.Length > OperandsShown ? $", … ({application.Inputs.Length} in all)" : "";
        return operands.Count switch
        {
            0 => "it has no operands",
            1 => $"its operand was {operands[0]}",
            _ => $"its operands were {string.Join(", ", operands[..^1])}{(rest.Length == 0 ? " and " : ", ")}{operands[^1]}{rest}",
        };
    }

    private static void AppendPath(StringBuilder text, NonFiniteExplanation explanation)
    {
        var lines = new List<(Expr Node, Expr? User)>();
        for (var i = 0; i < explanation.Path.Length; i++)
        {
            // What only stretches its operand prints as the operand.
            if (i == 0 || Infix.Shown(explanation.Path[i]) == explanation.Path[i])
            {
                lines.Add((explanation.Path[i], i == 0 ? null : explanation.Path[i - 1]));
            }
        }

        if (lines.Count == 1)
        {
            return;
        }

        text.Append("\nFrom the result down to it:");
        for (var i = 0; i < lines.Count; i++)
        {
            if (i == LinesAtEachEnd && lines.Count > (2 * LinesAtEachEnd) + 1)
            {
                text.Append($"\n  … {lines.Count - (2 * LinesAtEachEnd)} expressions more");
                i = lines.Count - LinesAtEachEnd;
            }

            var (node, user) = lines[i];
            var role = user is Application application ? $"its {Role(application, application.Inputs.IndexOf(node))} " : "";
            text.Append($"\n  {role}{Abridged.Phrase(node)}");
        }
    }

    private static string Role(Application user, int operand) => (user.Inputs.Length, user.Primitive.Notation) switch
    {
        (1, _) => "operand",
        (2, Notation.Infix) => operand == 0 ? "left operand" : "right operand",
        _ => $"operand {operand}",
    };

    private static string Kind(NonFiniteExplanation explanation) => double.IsNaN(explanation.Value) ? "NaN" : "infinite";

    private static string Kind(Tensor<double> value)
    {
        foreach (var number in value.Values)
        {
            if (double.IsNaN(number))
            {
                return "NaN";
            }
        }

        return "infinite";
    }
}
