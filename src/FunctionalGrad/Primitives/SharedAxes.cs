namespace FunctionalGrad;

/// <summary>
/// The first axes of entries and of indices into them, which run together: which indices belong to which slab of entries, a
/// slab being what one position of all axes before the indexed one has.
/// </summary>
internal readonly struct SharedAxes
{
    private readonly int _count;
    private readonly int _slabs;

    /// <param name="entries">The shape that the indices point into.</param>
    /// <param name="indices">The shape of the indices.</param>
    /// <param name="axis">The axis that they point into.</param>
    /// <param name="shared">How many axes are shared.</param>
    public SharedAxes(Shape entries, Shape indices, int axis, int shared)
    {
        _count = indices.SizeFrom(shared);
        _slabs = entries.SizeBefore(axis) / Math.Max(entries.SizeBefore(shared), 1);
    }

    /// <summary>The indices for one slab.</summary>
    public ReadOnlySpan<T> Indices<T>(ReadOnlySpan<T> indices, int slab) => indices.Slice(slab / _slabs * _count, _count);

    /// <summary>Throws where the shared axes of two operands differ.</summary>
    public static void Require(string operation, Shape entries, Shape indices, int shared)
    {
        if (shared > entries.Rank || shared > indices.Rank || !entries.Extents[..shared].SequenceEqual(indices.Extents[..shared]))
        {
            throw new ShapeException(
                $"{operation}: {entries} and the indices {indices} should have the first {shared} axes in common; make their extents equal");
        }
    }

    /// <summary>The expression with one axis moved to another place.</summary>
    public static Expr Moved(Expr x, int from, int to)
    {
        var axes = Enumerable.Range(0, x.Shape.Rank).ToList();
        axes.RemoveAt(from);
        axes.Insert(to, from);
        return Permute.To(x, [.. axes]);
    }
}
