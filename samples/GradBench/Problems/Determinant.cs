namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The determinant by expansion into minors along the first row, again and again: l! products. All minors of one size are
/// worked out together, each as often as the expansion meets it.
/// </summary>
internal static class Determinant
{
    public static Problem Problem { get; } = new(
        "det",
        ("primal", input => Of(input, (value, _) => value)),
        ("gradient", input => Of(input, (value, a) => value.Gradient(a)[a])));

    private static Expr Of(Expr a, int l)
    {
        // The columns that are left for each of the minors of a size, in the order in which the expansion meets them.
        int[][] left = [[.. Enumerable.Range(0, l)]];
        var columns = new List<int[][]>();
        for (var size = l; size > 0; size--)
        {
            columns.Add(left);
            left = [.. left.SelectMany(minor => minor.Select(column => minor.Where(other => other != column).ToArray()))];
        }

        Expr minors = Expr.Full([left.Length], 1);
        for (var row = l - 1; row >= 0; row--)
        {
            var size = l - row;
            var entries = a.Reshape([l, l]).At(row).Gather(Tensor.Of(columns[row].Select(minor => minor.Select(column => (double)column).ToArray()).ToArray()));
            Expr signs = Tensor.Generate([size], j => j % 2 == 0 ? 1.0 : -1.0);
            minors = (signs * entries * minors.Reshape([columns[row].Length, size])).Sum(1);
        }

        return minors.Reshape(Shape.Scalar);
    }

    private static Evaluation Of(Argument input, Func<Expr, Variable, Expr> function)
    {
        var l = input["ell"].Whole(least: 1);
        var at = input["A"].Tensor(l * l);
        var a = Expr.Variable("A", at.Shape);
        return Evaluation.Of(function(Of(a, l), a), Point.Of((a, at)));
    }
}
