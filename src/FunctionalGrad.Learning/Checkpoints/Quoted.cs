using System.Globalization;

namespace FunctionalGrad.Learning;

/// <summary>Text of a file that nobody vouches for, as an error shows it: short, and on one line.</summary>
internal static class Quoted
{
    private const int Longest = 60;

    public static string Of(string text)
    {
        var start = text.AsSpan(0, Math.Min(text.Length, Longest));
        var shown = string.Concat(start.ToArray().Select(Shown));
        return text.Length > Longest ? $"“{shown}…” ({text.Length} characters)" : $"“{shown}”";
    }

    private static string Shown(char character) =>
        char.IsControl(character) || char.IsSurrogate(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? $"\\u{(int)character:x4}"
            : character.ToString();
}
