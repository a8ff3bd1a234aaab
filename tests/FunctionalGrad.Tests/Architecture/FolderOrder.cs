using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FunctionalGrad.Tests.Architecture;

/// <summary>
/// Finds uses, in one folder, of what a later folder declares. It asks the compiler what each name means, so that a
/// property may share its name with a type, and an operator counts as a use of the file that declares it.
/// </summary>
internal sealed class FolderOrder(IReadOnlyList<string> folders, IReadOnlySet<(string From, string To)> allowances)
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    /// <param name="files">The text of each source file, by its path in the project, such as <c>Graph/Expr.cs</c>.</param>
    /// <returns>One line for each use that points the wrong way.</returns>
    public IReadOnlyList<string> Violations(IReadOnlyDictionary<string, string> files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Value, options, file.Key)).ToList();
        var compilation = CSharpCompilation.Create(
            "reader",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options)),
            LibrarySymbols.References.Where(reference => !IsLibrary(reference)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        // A name that the compiler cannot resolve would hide a use.
        var error = compilation.GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error);
        if (error is not null)
        {
            throw new InvalidOperationException($"the sources cannot be read without the build: {error}");
        }

        return [.. trees.SelectMany(tree => ViolationsIn(tree, compilation.GetSemanticModel(tree))).Distinct()];
    }

    private IEnumerable<string> ViolationsIn(SyntaxTree tree, SemanticModel model) =>
        from node in tree.GetRoot().DescendantNodes()
        where node is ExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax
        let used = model.GetSymbolInfo(node).Symbol
        where used is not null and not INamespaceSymbol
        let declared = FolderOf(used)
        where declared is not null && PointsDown(Folder(tree.FilePath), declared)
        let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select $"{tree.FilePath}:{line} uses {used.ToDisplayString()}, which {(declared == "" ? "the root" : declared)} declares";

    private bool PointsDown(string from, string to) => Rank(to) > Rank(from) && !allowances.Contains((from, to));

    // A partial type belongs to the first folder that declares a part of it; a member, to the file that it stands in.
    private string? FolderOf(ISymbol symbol) =>
        symbol is ILocalSymbol or IParameterSymbol or ITypeParameterSymbol or IRangeVariableSymbol or ILabelSymbol
            ? null
            : symbol.OriginalDefinition.DeclaringSyntaxReferences
                .Select(reference => Folder(reference.SyntaxTree.FilePath))
                .MinBy(Rank);

    private static string Folder(string path) => path.Contains('/') ? path[..path.IndexOf('/')] : "";

    // What stands in no folder are the front doors, which may use everything; so may a folder without a rank.
    private int Rank(string folder)
    {
        var rank = folders.ToList().IndexOf(folder);
        return rank < 0 ? folders.Count : rank;
    }

    // The compiled libraries would bring every type a second time.
    private static bool IsLibrary(MetadataReference reference) =>
        Repository.Libraries.Contains(Path.GetFileNameWithoutExtension(reference.Display));
}
