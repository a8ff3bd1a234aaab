namespace FunctionalGrad;

/// <summary>An ordered set of variables with their positions. Immutable, so that maps over the same variables share one.</summary>
internal sealed class VariableKeys
{
    private readonly Variable[] _variables;
    private readonly Dictionary<Variable, int> _positions;

    private VariableKeys(Variable[] variables, Dictionary<Variable, int> positions)
    {
        _variables = variables;
        _positions = positions;
    }

    public static VariableKeys None { get; } = new([], []);

    public ReadOnlySpan<Variable> Variables => _variables;

    public IReadOnlyList<Variable> List => _variables;

    public int Count => _variables.Length;

    /// <summary>Keys in the order given; a variable that stands twice is an error.</summary>
    public static VariableKeys Of(Variable[] owned, string what)
    {
        var positions = new Dictionary<Variable, int>(owned.Length);
        foreach (var variable in owned)
        {
            ArgumentNullException.ThrowIfNull(variable);
            if (!positions.TryAdd(variable, positions.Count))
            {
                throw new ArgumentException($"{what}: the variable {variable.Name} is given twice; give each variable once");
            }
        }

        return new(owned, positions);
    }

    /// <summary>These keys, then those of the other that are not among them; the same object where nothing is added.</summary>
    public VariableKeys Union(VariableKeys other)
    {
        if (ReferenceEquals(this, other) || other.Count == 0)
        {
            return this;
        }

        var added = other._variables.Where(variable => !_positions.ContainsKey(variable)).ToArray();
        return added.Length == 0 ? this : Of([.. _variables, .. added], "joining maps");
    }

    public bool TryFind(Variable variable, out int position) => _positions.TryGetValue(variable, out position);

    public int Find(Variable variable, string what)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _positions.TryGetValue(variable, out var position)
            ? position
            : throw new KeyNotFoundException(
                $"{what} has nothing for the variable {variable.Name} {variable.Shape}; it has {Names()}. "
                + (_variables.Any(other => other.Name == variable.Name)
                    ? $"The {variable.Name} in it is another variable of the same name: variables are compared by reference, so keep the one that the expression was built from."
                    : "Look up one of those, or include the variable when making it."));
    }

    /// <summary>The names, abridged when there are many.</summary>
    public string Names()
    {
        const int shown = 10;
        var names = string.Join(", ", _variables.Take(shown).Select(variable => variable.Name));
        return Count == 0 ? "no variables" : Count > shown ? $"{names}, … ({Count} in all)" : names;
    }
}
