namespace FunctionalGrad;

/// <summary>
/// Full Jacobians: one pass, forward or reverse, from a direction that is a variable, batched over the standard basis. All
/// columns or rows are in one graph of about the size of one pass.
/// </summary>
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
        return (reverse
            ? AtBasis(expression.Shape, w => ReverseMode.Adjoints(order, [expression], [w], [variable])[0])
            : ColumnsLast(AtBasis(
                variable.Shape, v => ForwardMode.Tangents(order, new Dictionary<Variable, Expr> { [variable] = v }, [expression])[0])))
            ?.Reshape(shape) ?? Expr.Zeros(shape);
    }

    /// <summary>What a linear pass makes of each tensor of the standard basis, the basis leading; null where that is zero.</summary>
    private static Expr? AtBasis(Shape shape, Func<Expr, Expr?> pass)
    {
        if (shape.Size == 1)
        {
            return pass(Expr.Full(shape, 1))?.Repeat(1);
        }

        var direction = Expr.Variable("v", shape);
        var basis = Tensor.Generate(Shape.Of(shape.Size, shape.Size), i => i % (shape.Size + 1) == 0 ? 1.0 : 0.0);
        return pass(direction)?.Batch(new Dictionary<Variable, Expr> { [direction] = basis.Reshape(shape.Behind(shape.Size)) });
    }

    private static Expr? ColumnsLast(Expr? columns)
    {
        if (columns is null)
        {
            return null;
        }

        var axes = new int[columns.Shape.Rank];
        for (var axis = 1; axis < axes.Length; axis++)
        {
            axes[axis - 1] = axis;
        }

        return columns.Permute(axes);
    }
}
