using System.Globalization;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>
/// Reads a formula such as <c>b1*(1 - exp(-b2*x))</c> into an expression: + − * /, ^ or **, parentheses or brackets, numbers,
/// names, and the functions of the calculus table by their names.
/// </summary>
internal sealed class Formula
{
    private const int DeepestNesting = 200;

    // Those that work entry by entry, have no parameters, and are called by one word.
    private static readonly Lazy<IReadOnlyDictionary<string, Primitive>> Table = new(() => Primitive.All
        .Where(primitive => primitive.Rule is Rule.Elementwise && primitive.Parameters.Length == 0 && primitive.Name.All(char.IsAsciiLetterOrDigit))
        .ToDictionary(primitive => primitive.Name));

    private readonly string _text;
    private readonly Func<string, Expr?> _known;
    private int _at;
    private int _depth;

    private Formula(string text, Func<string, Expr?> known) => (_text, _known) = (text, known);

    /// <summary>The names of the functions, in order.</summary>
    public static IEnumerable<string> Functions => Table.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads a formula.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="known">What a name means; null where it means nothing.</param>
    /// <exception cref="UserErrorException">It is no formula; the message says where.</exception>
    public static Expr Read(string text, Func<string, Expr?> known)
    {
        var formula = new Formula(text, known);
        var value = formula.Sum();
        formula.Blanks();
        return formula._at == text.Length ? value : throw formula.Wrong("expected an operator or the end");
    }

    private Expr Sum()
    {
        if (++_depth > DeepestNesting)
        {
            throw Wrong($"more than {DeepestNesting} parentheses stand in each other");
        }

        var sum = Product();
        while (true)
        {
            if (Takes("+"))
            {
                sum += Product();
            }
            else if (Takes("-"))
            {
                sum -= Product();
            }
            else
            {
                _depth--;
                return sum;
            }
        }
    }

    private Expr Product()
    {
        var product = Signed();
        while (true)
        {
            if (Takes("*"))
            {
                product *= Signed();
            }
            else if (Takes("/"))
            {
                product /= Signed();
            }
            else
            {
                return product;
            }
        }
    }

    // A sign binds less than a power: −x² is −(x²).
    private Expr Signed()
    {
        var negative = false;
        while (true)
        {
            if (Takes("-"))
            {
                negative = !negative;
            }
            else if (!Takes("+"))
            {
                var value = Power();
                return !negative ? value : value is Constant { Value: var number } ? Expr.Constant(-number) : -value;
            }
        }
    }

    private Expr Power()
    {
        var value = Atom();
        if (!Takes("**") && !Takes("^"))
        {
            return value;
        }

        if (++_depth > DeepestNesting)
        {
            throw Wrong($"more than {DeepestNesting} powers stand in each other");
        }

        var exponent = Signed();
        _depth--;

        // A whole power of a negative number is a number, and one with a variable exponent is not.
        return exponent is not Constant { Value: { Size: 1 } number } ? Expr.Pow(value, exponent)
            : number.ToScalar() is var power && double.IsInteger(power) && Math.Abs(power) <= 1000 ? Expr.Pow(value, (int)power)
            : Expr.Pow(value, power);
    }

    private Expr Atom()
    {
        Blanks();
        if (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            return Number();
        }

        if (_at < _text.Length && (char.IsAsciiLetter(_text[_at]) || _text[_at] == '_'))
        {
            return Named();
        }

        if (Opens() is not { } closing)
        {
            throw Wrong("expected a number, a name or a parenthesis");
        }

        var value = Sum();
        return Takes(closing) ? value : throw Wrong($"expected “{closing}”");
    }

    private Expr Number()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.' || IsExponent(start)))
        {
            _at++;
        }

        return double.TryParse(_text[start.._at], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Wrong($"“{_text[start.._at]}” is not a number", start);
    }

    // The e of 1e5, with or without a sign, and the sign after it.
    private bool IsExponent(int start)
    {
        var current = _text[_at];
        return current is 'e' or 'E'
            ? !_text[start.._at].Contains('e', StringComparison.OrdinalIgnoreCase) && _at + 1 < _text.Length
                && (char.IsAsciiDigit(_text[_at + 1]) || (_text[_at + 1] is '+' or '-' && _at + 2 < _text.Length && char.IsAsciiDigit(_text[_at + 2])))
            : current is '+' or '-' && _text[_at - 1] is 'e' or 'E';
    }

    private Expr Named()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        var name = _text[start.._at];
        if (Opens() is { } closing)
        {
            return Called(name, start, closing);
        }

        return _known(name) ?? (name == "pi" ? Math.PI : throw Wrong(
            Table.Value.ContainsKey(name) ? $"{name} is a function; write {name}(…)" : $"there is no “{name}”; give it a start value with --start {name}=…", start));
    }

    private Expr Called(string name, int start, string closing)
    {
        if (!Table.Value.TryGetValue(name, out var function))
        {
            throw Wrong($"there is no function “{name}”; there are {string.Join(", ", Functions)}", start);
        }

        var arguments = new List<Expr> { Sum() };
        while (Takes(","))
        {
            arguments.Add(Sum());
        }

        if (!Takes(closing))
        {
            throw Wrong($"expected “{closing}”");
        }

        var count = function.Examples[0].Operands.Length;
        return arguments.Count == count
            ? function.Apply([.. arguments])
            : throw Wrong($"{name} takes {count} argument{(count == 1 ? "" : "s")}, not {arguments.Count}", start);
    }

    private string? Opens() => Takes("(") ? ")" : Takes("[") ? "]" : null;

    private bool Takes(string symbol)
    {
        Blanks();

        // The first * of ** is no product.
        if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) != 0
            || (symbol == "*" && string.CompareOrdinal(_text, _at, "**", 0, 2) == 0))
        {
            return false;
        }

        _at += symbol.Length;
        return true;
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private UserErrorException Wrong(string problem, int? at = null)
    {
        var place = at ?? _at;
        return new(place < _text.Length
            ? $"formula “{_text}”, character {place + 1}, “{_text[place]}”: {problem}"
            : $"formula “{_text}”, at its end: {problem}");
    }
}
