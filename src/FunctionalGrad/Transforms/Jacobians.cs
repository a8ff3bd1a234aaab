namespace FunctionalGrad;

/// <summary>Full Jacobians, assembled from a pass for each column (forward) or row (reverse).</summary>
internal static class Jacobians
{
    public static Expr Of(Expr expression, Variable variable, DifferentiationMode mode)
    {
        var shape = Shape.Of([.. expression.Shape.Extents, .. variable.Shape.Extents]);
        if (shape.Size == 0)
        {
            return Expr.Zeros(shape);
        }

        var reverse = mode switch
        {
            DifferentiationMode.Forward => false,
            DifferentiationMode.Reverse => true,
            DifferentiationMode.Automatic => expression.Shape.Size < variable.Shape.Size,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "choose Automatic, Forward or Reverse"),
        };
        var order = TopologicalOrder.Of(expression);
        return reverse ? ByRows(order, expression, variable).Reshape(shape) : ByColumns(order, expression, variable).Reshape(shape);
    }

    private static Expr ByRows(TopologicalOrder order, Expr expression, Variable variable)
    {
        var rows = new Expr[expression.Shape.Size];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = ReverseMode.Adjoints(order, [expression], [Basis(expression.Shape, i)], [variable])[0] ?? Expr.Zeros(variable.Shape);
        }

        return Expr.Stack(rows, axis: 0);
    }

    private static Expr ByColumns(TopologicalOrder order, Expr expression, Variable variable)
    {
        var columns = new Expr[variable.Shape.Size];
        for (var j = 0; j < columns.Length; j++)
        {
            var tangent = new Dictionary<Variable, Expr> { [variable] = Basis(variable.Shape, j) };
            columns[j] = ForwardMode.Tangents(order, tangent, [expression])[0] ?? Expr.Zeros(expression.Shape);
        }

        return Expr.Stack(columns, axis: -1);
    }

    /// <summary>The tensor with 1 at one position and 0 elsewhere.</summary>
    private static Expr Basis(Shape shape, int position) => Tensor.Generate(shape, i => i == position ? 1.0 : 0.0);
}
