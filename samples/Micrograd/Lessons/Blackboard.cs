using System.Globalization;
using Spectre.Console;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>Where lessons are written: headings, sentences, and names with what they stand for.</summary>
internal sealed class Blackboard(IAnsiConsole console)
{
    private const int NameWidth = 14;

    public void Heading(string text)
    {
        console.WriteLine();
        console.MarkupLine($"[bold underline]{Markup.Escape(text)}[/]");
    }

    public void Say(string text) => console.WriteLine($"  {text}");

    public void Space() => console.WriteLine();

    public void Show(string name, object value) => console.MarkupLine($"    [grey]{Markup.Escape(name.PadRight(NameWidth))}[/]{Markup.Escape(Text(value))}");

    /// <summary>Numbers to ten digits, so that rounding in the last ones does not distract; formulas as they print.</summary>
    private static string Text(object value) => value switch
    {
        Tensor<double> { Shape.IsScalar: true } number => Text(number.ToScalar()),
        double number => number.ToString("G10", CultureInfo.InvariantCulture),
        IEnumerable<KeyValuePair<Variable, Tensor<double>>> map => $"{{ {string.Join(", ", map.Select(entry => $"{entry.Key.Name} ↦ {Text(entry.Value)}"))} }}",
        _ => value.ToString() ?? "",
    };
}
