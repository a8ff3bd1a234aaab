namespace FunctionalGrad;

/// <summary>Thrown before any work when an expression has variables that the point does not assign.</summary>
public sealed class UnboundVariableException : ArgumentException
{
    /// <summary>Creates the exception from its message.</summary>
    /// <param name="message">Which variables are unbound, and which are bound.</param>
    public UnboundVariableException(string message)
        : base(message)
    {
    }

    internal static UnboundVariableException For(IReadOnlyList<Variable> missing, IReadOnlyList<Variable> given)
    {
        var namesakes = missing.Where(variable => given.Any(other => other.Name == variable.Name)).Select(variable => variable.Name).ToArray();
        return new(
            $"evaluate: the point assigns nothing to {List(missing)}; it assigns {(given.Count == 0 ? "nothing at all" : List(given))}. "
            + (namesakes.Length > 0
                ? $"The {namesakes[0]} of the point is another variable of the same name: variables are compared by reference, so keep the one that the expression was built from."
                : "Give every variable a value: Point.Of((x, 1.0), …)."));
    }

    private static string List(IReadOnlyList<Variable> variables)
    {
        const int shown = 10;
        var names = string.Join(", ", variables.Take(shown).Select(variable => variable.Shape.IsScalar ? variable.Name : $"{variable.Name} {variable.Shape}"));
        return variables.Count > shown ? $"{names}, … ({variables.Count} in all)" : names;
    }
}
