using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FunctionalGrad.Tests.Architecture;

/// <summary>The C# compiler insists on documentation; the F# compiler does not, so this does.</summary>
public class DocumentationTests
{
    [Theory]
    [InlineData("FunctionalGrad.FSharp")]
    [InlineData("FunctionalGrad.Laws")]
    public void Everything_public_in_fsharp_is_documented(string library)
    {
        var documented = XDocument.Load(Path.Combine(AppContext.BaseDirectory, library + ".xml")).Descendants("member")
            .Select(member => Name(member.Attribute("name")!.Value))
            .ToHashSet();
        var missing = LibrarySymbols.PublicTypes(library)
            .SelectMany(type => LibrarySymbols.PublicMembers(type).Prepend(type))
            .Where(NeedsWords)
            .Select(symbol => symbol.GetDocumentationCommentId()!)
            .Where(id => !documented.Contains(Name(id)))
            .ToList();
        Assert.True(missing.Count == 0, $"no documentation in {library}:\n{string.Join('\n', missing)}");
    }

    // Without the parameters: the F# compiler documents an inline function under those of its `$W` twin.
    private static string Name(string id) => id.Split('(')[0].Replace("$W", "");

    // An override says what it overrides; a constructor, what its type says; a union's tags and cases come from the compiler.
    private static bool NeedsWords(ISymbol symbol) =>
        symbol is not IMethodSymbol { IsOverride: true } and not IMethodSymbol { MethodKind: MethodKind.Constructor }
        && (symbol as INamedTypeSymbol ?? symbol.ContainingType).Name != "Tags"
        && !LibrarySymbols.IsGenerated(symbol);
}
