using System.Text.RegularExpressions;
using System.Xml.Linq;
using FunctionalGrad.Tests.Architecture;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FunctionalGrad.Tests.Documentation;

/// <summary>
/// A runnable example of the documentation: lines of C#, where a line <c>expression;   // text</c> claims what the
/// expression prints.
/// </summary>
internal sealed record Example(string Where, IReadOnlyList<string> Lines)
{
    private static readonly Regex Remarked = new(@"^(?<code>[^/].*?);\s+// (?<text>.+)$");

    private static readonly Regex Row = new(@"\|[^|\n]+\| `(?<code>[^`|]+)` \| `(?<gives>[^`|]+)` \|\r?$", RegexOptions.Multiline);

    /// <summary>All examples in the documentation files of the libraries, and the C# blocks and rows of the READMEs.</summary>
    public static IEnumerable<Example> All =>
        Repository.Libraries
            .Select(library => Path.Combine(AppContext.BaseDirectory, library + ".xml"))
            .SelectMany(file => XDocument.Load(file).Descendants("member"))
            .SelectMany(member => member.Descendants("example").Descendants("code")
                .Select((code, i) => Of($"{member.Attribute("name")!.Value}#{i}", code.Value)))
            .Concat(Blocks(File.ReadAllText(Repository.At("README.md")), "csharp")
                .Select((block, i) => Of($"README.md#{i}", block)))
            .Concat(new[] { "README.md", "src/README.md" }.SelectMany(file =>
                Rows(File.ReadAllText(Repository.At(file))).Select((row, i) => Of($"{file}, row {i}", row))));

    /// <summary>Whether any line claims what it prints; an example that claims nothing shows nothing.</summary>
    public bool ClaimsSomething => Lines.Any(line => ClaimIn(line) is not null);

    /// <summary>An example from its text.</summary>
    public static Example Of(string where, string code) =>
        new(where, [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)]);

    /// <summary>The fenced blocks of a language in a Markdown text.</summary>
    public static IEnumerable<string> Blocks(string markdown, string language) =>
        Regex.Matches(markdown, $"^```{language}\r?\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    /// <summary>The rows of tables whose last two cells are a line of C# and what it gives, each as an example of its own.</summary>
    public static IEnumerable<string> Rows(string markdown) =>
        Row.Matches(markdown).Select(row => $"using static FunctionalGrad.Expr;\n{row.Groups["code"].Value};      // {row.Groups["gives"].Value}");

    /// <summary>The lines as C# that passes each claim to <c>Check(what, text)</c>.</summary>
    public IEnumerable<string> Checked() => Lines.Select(line =>
        ClaimIn(line) is var (code, text) ? $"Check({code}, {SymbolDisplay.FormatLiteral(text, quote: true)});" : line);

    /// <summary>Lines whose remark looks like a claim, but where it cannot be told what it is a claim of.</summary>
    public IEnumerable<string> Unclear() => Lines.Where(line =>
        Remarked.Match(line) is { Success: true } remarked
        && ClaimIn(line) is null
        && SyntaxFactory.ParseStatement(remarked.Groups["code"].Value + ";").ContainsDiagnostics);

    public override string ToString() => Where;

    // What follows an expression is a claim; what follows a declaration or an assignment, a remark.
    private static (string Code, string Text)? ClaimIn(string line)
    {
        if (Remarked.Match(line) is not { Success: true } remarked)
        {
            return null;
        }

        var code = remarked.Groups["code"].Value;
        var expression = SyntaxFactory.ParseExpression(code, consumeFullText: true);
        return expression.ContainsDiagnostics || expression is AssignmentExpressionSyntax
            ? null
            : (code, remarked.Groups["text"].Value.Trim());
    }
}
