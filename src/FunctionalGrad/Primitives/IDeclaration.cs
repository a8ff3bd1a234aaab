using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// A type that declares primitives. <see cref="Primitive.All"/> finds every such type, so a declaration needs no second
/// place where it is listed.
/// </summary>
internal interface IDeclaration
{
    /// <summary>The declared primitive or, where it has parameters, some of the family that cover its cases.</summary>
    static abstract ImmutableArray<Primitive> Declared { get; }
}
