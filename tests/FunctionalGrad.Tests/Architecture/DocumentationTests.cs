using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FunctionalGrad.Tests.Architecture;

/// <summary>The C# compiler insists on documentation; the F# compiler does not, so this does.</summary>
public class DocumentationTests
{
    public static TheoryData<string> Libraries => new(Repository.Libraries);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Everything_public_is_documented(string library)
    {
        var path = Path.Combine(AppContext.BaseDirectory, library + ".xml");
        var documented = XDocument.Load(path).Descendants("member")
            .Where(member => member.Value.Trim().Length > 0 || member.HasElements)
            .Select(member => member.Attribute("name")!.Value)
            .ToHashSet();
        var missing = LibrarySymbols.PublicTypes(library)
            .SelectMany(type => LibrarySymbols.PublicMembers(type).Prepend(type))
            .Where(symbol => IsWritten(symbol) && !documented.Contains(symbol.GetDocumentationCommentId()!))
            .Select(symbol => symbol.GetDocumentationCommentId());
        Assert.Empty(missing);
    }

    private static bool IsWritten(ISymbol symbol) =>
        !IsGenerated(symbol) && !IsGenerated(symbol.ContainingType)
        && symbol is not IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 }
        && symbol is not IMethodSymbol { IsOverride: true };

    private static bool IsGenerated(ISymbol? symbol) => symbol is not null && symbol.GetAttributes()
        .Any(attribute => attribute.AttributeClass?.Name is "CompilerGeneratedAttribute");
}
