using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FunctionalGrad.Tests.Architecture;

/// <summary>What a compiled library shows to its users, as the C# compiler reads it.</summary>
internal static class LibrarySymbols
{
    /// <summary>Every assembly that this process can load: the runtime, the libraries, their packages.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path))];

    public static IEnumerable<INamedTypeSymbol> PublicTypes(string library)
    {
        var compilation = CSharpCompilation.Create("reader", references: References);
        var assembly = compilation.References
            .Select(compilation.GetAssemblyOrModuleSymbol)
            .OfType<IAssemblySymbol>()
            .Single(candidate => candidate.Name == library);
        return TypesIn(assembly.GlobalNamespace).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal);
    }

    /// <summary>The members that somebody wrote: without accessors and the equality of records, with an F# union's cases.</summary>
    public static IEnumerable<ISymbol> PublicMembers(INamedTypeSymbol type) =>
        type.GetMembers().Where(member =>
            IsVisible(member) && member is not INamedTypeSymbol && !IsAccessor(member) && !IsImplied(member)
            && (!IsGenerated(member) || IsUnionCase(member)));

    public static bool IsGenerated(ISymbol symbol) => HasAttribute(symbol, "CompilerGeneratedAttribute");

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) =>
        container.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol inner => TypesIn(inner),
            INamedTypeSymbol type when IsVisible(type) && !IsGenerated(type) => [type, .. TypesIn(type)],
            _ => [],
        });

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool IsUnionCase(ISymbol member) => HasAttribute(member, "CompilationMappingAttribute");

    private static bool HasAttribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == name);

    // Every structure and enumeration has a constructor without parameters.
    private static bool IsImplied(ISymbol member) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0, ContainingType.IsValueType: true };

    private static bool IsAccessor(ISymbol member) => member is IMethodSymbol { AssociatedSymbol: not null };
}
