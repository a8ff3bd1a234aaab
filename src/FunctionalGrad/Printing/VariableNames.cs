using System.Globalization;
using System.Text;

namespace FunctionalGrad;

/// <summary>
/// A name for each variable of a text, no two alike: a second variable called x prints as x′, a third as x″, the next
/// as x₃. Names are for people, so two variables may well have one name; a text that did not tell them apart would lie.
/// </summary>
internal sealed class VariableNames
{
    private readonly Dictionary<Variable, string> _names = [];
    private readonly HashSet<string> _taken = [];

    /// <summary>Names the variables among some nodes; the first of several with one name keeps it.</summary>
    public VariableNames(ReadOnlySpan<Expr> nodes)
    {
        // A name that a variable really has goes to it, whatever names others would be given.
        foreach (var node in nodes)
        {
            if (node is Variable variable && !_names.ContainsKey(variable) && _taken.Add(Printable(variable.Name)))
            {
                _names.Add(variable, Printable(variable.Name));
            }
        }

        var copies = new Dictionary<string, int>();
        foreach (var node in nodes)
        {
            if (node is not Variable variable || _names.ContainsKey(variable))
            {
                continue;
            }

            var name = Printable(variable.Name);
            var copy = copies.GetValueOrDefault(name);
            string distinct;
            do
            {
                distinct = name + Mark(++copy);
            }
            while (!_taken.Add(distinct));

            copies[name] = copy;
            _names.Add(variable, distinct);
        }
    }

    /// <summary>The name of a variable in this text.</summary>
    public string this[Variable variable] => _names.TryGetValue(variable, out var name) ? name : Printable(variable.Name);

    /// <summary>Whether a variable already has a name.</summary>
    public bool IsTaken(string name) => _taken.Contains(name);

    private static string Mark(int copy) => copy switch
    {
        1 => "′",
        2 => "″",
        _ => string.Concat(copy.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('₀' + (digit - '0')))),
    };

    // A line break inside a name would break the line that it stands in.
    private static string Printable(string name)
    {
        if (!name.Any(char.IsControl))
        {
            return name;
        }

        var text = new StringBuilder();
        foreach (var character in name)
        {
            text.Append(character switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(character) => $"\\u{(int)character:X4}",
                _ => character.ToString(),
            });
        }

        return text.ToString();
    }
}
