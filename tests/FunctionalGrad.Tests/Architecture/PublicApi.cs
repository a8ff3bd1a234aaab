using System.Text;
using Microsoft.CodeAnalysis;

namespace FunctionalGrad.Tests.Architecture;

/// <summary>The public surface of a library as text: one line for each type and member, in a fixed order.</summary>
internal static class PublicApi
{
    private static readonly SymbolDisplayFormat Signature = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeExplicitInterface,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.StaticMethod,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeMemberKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat Supertype =
        Signature.WithKindOptions(SymbolDisplayKindOptions.None).RemoveGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeConstraints);

    public static string Of(string library) =>
        string.Join('\n', LibrarySymbols.PublicTypes(library).Select(Describe));

    private static string Describe(INamedTypeSymbol type)
    {
        var text = new StringBuilder($"{Modifier(type)}{type.ToDisplayString(Signature)} in {type.ContainingNamespace}\n");
        foreach (var line in Supertypes(type).Select(super => ": " + super.ToDisplayString(Supertype)).Concat(Members(type)))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Modifier(INamedTypeSymbol type) => type switch
    {
        { TypeKind: not TypeKind.Class } => "",
        { IsStatic: true } or { IsAbstract: true, IsSealed: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsSealed: true } => "sealed ",
        _ => "",
    };

    private static IEnumerable<INamedTypeSymbol> Supertypes(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, BaseType: { SpecialType: SpecialType.None } parent }
            ? type.Interfaces.Prepend(parent)
            : type.Interfaces;

    // The signature of a delegate stands in its header; its members are the same for all.
    private static IEnumerable<string> Members(INamedTypeSymbol type) => type.TypeKind == TypeKind.Delegate
        ? []
        : LibrarySymbols.PublicMembers(type)
            .Select(member => member.ToDisplayString(Signature))
            .Order(StringComparer.Ordinal);
}
