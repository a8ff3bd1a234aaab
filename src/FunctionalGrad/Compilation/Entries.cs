namespace FunctionalGrad;

/// <summary>
/// Tensors put together entry by entry. A vector whose entries are used one by one gets its gradient as a sum of padded
/// numbers: the sum of those for each entry, and the entries side by side, is the same with arithmetic on numbers alone.
/// </summary>
internal static class Entries
{
    /// <summary>The same expressions, in which such sums are entries side by side.</summary>
    public static Expr[] SideBySide(ReadOnlySpan<Expr> roots)
    {
        var order = TopologicalOrder.Of(roots);
        var uses = Uses.Of(order);
        var asked = new HashSet<Expr>(roots.ToArray(), ReferenceEqualityComparer.Instance);
        var sums = PaddedSum.In(order, SoleUser).Where(IsByEntries).ToDictionary(sum => sum.Position);
        return sums.Count == 0 ? roots.ToArray() : Rewriting.Rewrite(order, roots, (position, node, replaced) =>
            sums.TryGetValue(position, out var sum) ? Joined(sum, replaced) : node);

        int? SoleUser(int position) => uses[position] is [var only] && !asked.Contains(order.Nodes[position]) ? only.User : null;

        // Where few entries of a large tensor are used, adding those to zeros is less work.
        bool IsByEntries(PaddedSum sum) =>
            sum.Padded.Count == sum.Parts.Count && 2 * sum.Parts.Count >= order.Nodes[sum.Position].Shape.Size
            && sum.Parts.TrueForAll(part => order.Nodes[order.InputsOf(part)[0]].Shape.Size == 1);

        Expr Joined(PaddedSum sum, Expr[] replaced)
        {
            var shape = order.Nodes[sum.Position].Shape;
            var strides = shape.Strides();
            var entries = new Expr?[shape.Size];
            var counts = new int[entries.Length];
            foreach (var part in sum.Parts)
            {
                var before = ((Pad)((Application)order.Nodes[part]).Primitive).Before;
                var entry = 0;
                for (var axis = 0; axis < before.Length; axis++)
                {
                    entry += before[axis] * strides[axis];
                }

                var number = replaced[order.InputsOf(part)[0]].Reshape([]);
                entries[entry] = entries[entry] is { } sumOfFormer ? sumOfFormer + number : number;
                counts[entry]++;
            }

            // Parts elsewhere add a zero to an entry: of −0 that makes 0.
            return Expr.Stack([.. entries.Select((entry, i) => entry is null ? 0 : counts[i] < sum.Parts.Count ? entry + 0 : entry)]).Reshape(shape);
        }
    }
}
