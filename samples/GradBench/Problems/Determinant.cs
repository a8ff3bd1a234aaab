namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The determinant by expansion into minors along the first row, again and again: l! products. The outer rows are expanded in
/// loops, one minor after the other, which takes hardly any memory; what is left of a few rows is worked out all together, each
/// minor as often as the expansion meets it.
/// </summary>
internal static class Determinant
{
    // So many rows are worked out together: what that takes grows as the factorial, and this much is still near the processor.
    private const int Small = 7;

    public static Problem Problem { get; } = new(
        "det",
        ("primal", input => Of(input, (value, _) => value)),
        ("gradient", input => Of(input, (value, a) => value.Gradient(a)[a])));

    // The sum so far, and a weight times the determinant. What stands before a minor is its weight: one sum goes through all loops.
    private static Expr Add(Expr sum, Expr weight, Expr a)
    {
        var l = a.Shape[0];
        if (l <= Small)
        {
            return sum + (weight * OfSmall(a));
        }

        var below = a.Slice(1..);
        return Expr.Fold(
            [sum],
            [weight * Signs(l) * a.At(0), Table(Without([.. Enumerable.Range(0, l)]))],
            (sums, minor) => [Add(sums[0], minor[0], below.Gather(minor[1], 1))])[0];
    }

    private static Expr OfSmall(Expr a)
    {
        // The columns that are left for each of the minors of a size, in the order in which the expansion meets them.
        var l = a.Shape[0];
        int[][] left = [[.. Enumerable.Range(0, l)]];
        var columns = new List<int[][]>();
        for (var size = l; size > 0; size--)
        {
            columns.Add(left);
            left = [.. left.SelectMany(Without)];
        }

        Expr minors = Expr.Full([left.Length], 1);
        for (var row = l - 1; row >= 0; row--)
        {
            var size = l - row;
            minors = (Signs(size) * a.At(row).Gather(Table(columns[row])) * minors.Reshape([columns[row].Length, size])).Sum(1);
        }

        return minors.Reshape(Shape.Scalar);
    }

    private static Expr Signs(int size) => Tensor.Generate([size], j => j % 2 == 0 ? 1.0 : -1.0);

    // Each column left out in turn.
    private static int[][] Without(int[] columns) =>
        [.. columns.Select(column => columns.Where(other => other != column).ToArray())];

    private static Expr Table(int[][] columns) =>
        Tensor.Of(columns.Select(minor => minor.Select(column => (double)column).ToArray()).ToArray());

    private static Evaluation Of(Argument input, Func<Expr, Variable, Expr> function)
    {
        var l = input["ell"].Whole(least: 1);
        var at = input["A"].Tensor(l * l);
        var a = Expr.Variable("A", at.Shape);
        return Evaluation.Of(function(Add(0, 1, a.Reshape([l, l])), a), Point.Of((a, at)));
    }
}
