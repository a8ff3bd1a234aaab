using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// A list of names: one on each line, in the letters a to z. Lines may end in LF or CRLF, and the last one need not end at
/// all. The whole list is checked before anything is done with it.
/// </summary>
internal static class NameList
{
    private const string Resource = "given-names.txt";

    /// <summary>The given names that come with the sample.</summary>
    public static ImmutableArray<string> Embedded()
    {
        using var stream = typeof(NameList).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing from this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(Resource, reader.ReadToEnd());
    }

    /// <summary>The names in a file.</summary>
    /// <exception cref="UserErrorException">The file is missing, cannot be read, is empty, or is no list of names.</exception>
    public static ImmutableArray<string> Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} is a folder; give a file with a name on each line");
        }

        if (!File.Exists(path))
        {
            throw new UserErrorException($"there is no file {path} (looked in {Path.GetDirectoryName(Path.GetFullPath(path))}); give a file with a name on each line");
        }

        try
        {
            return Parse(path, File.ReadAllText(path, Encoding.UTF8));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot read {path}: {problem.Message}");
        }
    }

    /// <summary>The names in a text.</summary>
    /// <param name="source">Where the text is from, for errors.</param>
    /// <exception cref="UserErrorException">The text is empty, or is no list of names.</exception>
    public static ImmutableArray<string> Parse(string source, string text)
    {
        var lines = text.Split('\n');
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        if (count == 0)
        {
            throw new UserErrorException($"{source} is empty; put one name on each line, in the letters a to z");
        }

        var names = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++)
        {
            var name = lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i];
            names.Add(Problem(name) is { } problem
                ? throw new UserErrorException($"{source}, line {i + 1}: {problem}; every line holds one name in the letters a to z")
                : name);
        }

        return names.MoveToImmutable();
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0)
        {
            return "the line is empty";
        }

        for (var i = 0; i < name.Length; i++)
        {
            if (!Alphabet.Contains(name[i]))
            {
                return $"character {i + 1} is {Shown(name, i)}";
            }
        }

        return null;
    }

    private static string Shown(string name, int i)
    {
        var rune = Rune.TryGetRuneAt(name, i, out var whole) ? whole : Rune.ReplacementChar;
        var visible = Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        return rune.Value switch
        {
            ' ' => "a space",
            '\t' => "a tab",
            0xFFFD => "not valid UTF-8 text",
            _ when visible => $"“{rune}” (U+{rune.Value:X4})",
            _ => $"U+{rune.Value:X4}",
        };
    }
}
