using System.Collections.Immutable;
using System.Reflection;

namespace FunctionalGrad;

/// <content>The table of all primitives.</content>
public abstract partial class Primitive
{
    // Lazy, since declarations refer to this class and a static list would be filled while they are half made.
    private static readonly Lazy<ImmutableArray<Primitive>> Table = new(FindDeclarations);

    /// <summary>
    /// Every primitive that the library declares; of those with parameters, some that cover their cases. Found once, on
    /// first use, from the declarations themselves.
    /// </summary>
    public static ImmutableArray<Primitive> All => Table.Value;

    private static ImmutableArray<Primitive> FindDeclarations()
    {
        var declaredIn = typeof(Primitive).GetMethod(nameof(DeclaredIn), BindingFlags.NonPublic | BindingFlags.Static)!;
        return
        [
            .. typeof(Primitive).Assembly.GetTypes()
                .Where(type => type is { IsAbstract: false, IsGenericType: false } && type.IsAssignableTo(typeof(IDeclaration)))
                .OrderBy(type => type.Name, StringComparer.Ordinal)
                .SelectMany(type => (ImmutableArray<Primitive>)declaredIn.MakeGenericMethod(type).Invoke(null, null)!),
        ];
    }

    private static ImmutableArray<Primitive> DeclaredIn<TDeclaration>()
        where TDeclaration : IDeclaration => TDeclaration.Declared;
}
