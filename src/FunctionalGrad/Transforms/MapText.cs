namespace FunctionalGrad;

/// <summary>Maps as text: the entries in braces, abridged when there are many.</summary>
internal static class MapText
{
    private const int Shown = 10;

    public static string Of<TValue>(IReadOnlyCollection<KeyValuePair<Variable, TValue>> map)
    {
        var entries = map.Take(Shown).Select(entry => $"{entry.Key.Name} ↦ {entry.Value}");
        var rest = map.Count > Shown ? $", … ({map.Count} in all)" : "";
        return map.Count == 0 ? "{ }" : $"{{ {string.Join(", ", entries)}{rest} }}";
    }
}
