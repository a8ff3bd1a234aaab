using System.Text.RegularExpressions;
using System.Xml.Linq;
using FunctionalGrad.Tests.Architecture;

namespace FunctionalGrad.Tests.Documentation;

/// <summary>
/// A runnable example of the documentation: lines of C#, where a line <c>expression;   // text</c> says what the
/// expression prints.
/// </summary>
internal sealed record Example(string Where, IReadOnlyList<string> Lines)
{
    private static readonly Regex Claim = new(@"^(?<code>[^/].*?);\s+// (?<text>.+)$");

    private static readonly Regex Statement = new(@"^(var|using|return|if|foreach|static|public|new|[A-Z]\w*(<[^=]*>)?(\[\])?) \(?\w+.* = |^(var|using|foreach|if)\b");

    /// <summary>All examples in the documentation files of the libraries, and the C# blocks of the README.</summary>
    public static IEnumerable<Example> All =>
        Repository.Libraries
            .Select(library => Path.Combine(AppContext.BaseDirectory, library + ".xml"))
            .SelectMany(file => XDocument.Load(file).Descendants("member"))
            .SelectMany(member => member.Descendants("example").Descendants("code")
                .Select((code, i) => new Example($"{member.Attribute("name")!.Value}#{i}", Split(code.Value))))
            .Concat(Blocks(File.ReadAllText(Repository.At("README.md")), "csharp")
                .Select((block, i) => new Example($"README.md#{i}", Split(block))));

    /// <summary>The lines as C# that passes each claim to <c>Check(what, text)</c>.</summary>
    public IEnumerable<string> Checked() => Lines.Select(line =>
        Claim.Match(line) is { Success: true } claim && !Statement.IsMatch(line)
            ? $"Check({claim.Groups["code"].Value}, {Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(claim.Groups["text"].Value.Trim(), quote: true)});"
            : line);

    /// <summary>The fenced blocks of a language in a Markdown text.</summary>
    public static IEnumerable<string> Blocks(string markdown, string language) =>
        Regex.Matches(markdown, $"^```{language}\r?\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    public override string ToString() => Where;

    private static List<string> Split(string code) =>
        [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
