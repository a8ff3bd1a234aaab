namespace FunctionalGrad;

/// <content>Products that sum: of matrices and vectors.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The matrix product zᵢⱼ = Σₖ xᵢₖ·yₖⱼ, with NumPy's conventions: the last two axes are the matrices, the axes before
    /// them broadcast, and a vector counts as a row on the left and as a column on the right, without an axis for it in
    /// the value. Sums run in the order of k.
    /// </summary>
    /// <param name="x">An expression of shape [..., m, k] or [k].</param>
    /// <param name="y">An expression of shape [..., k, n] or [k].</param>
    /// <returns>An expression of shape [..., m, n]; without m or n where the operand is a vector.</returns>
    /// <exception cref="ShapeException">The inner extents differ, the leading ones do not broadcast, or one is a scalar.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 2], [1.0, 2, 3, 4]);
    /// Expr y = Tensor.Of(1.0, 10);
    /// Expr.MatMul(x, x).Evaluate();      // [[7, 10], [15, 22]]
    /// Expr.MatMul(x, y).Evaluate();      // [21, 43]
    /// Expr.MatMul(y, y).Evaluate();      // 101
    /// </code></example>
    public static Expr MatMul(Expr x, Expr y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        MatrixProduct.Require(x.Shape, y.Shape);
        return MatrixProduct.Of(x, y);
    }

    /// <inheritdoc cref="MatMul(Expr, Expr)"/>
    public Expr MatMul(Expr y) => MatMul(this, y);

    /// <summary>The inner product Σ xᵢ·yᵢ over all entries of two expressions of one shape, added up in row-major order.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2, 3);
    /// Expr.Dot(x, x).Evaluate();      // 14
    /// </code></example>
    public static Expr Dot(Expr x, Expr y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return x.Shape != y.Shape
            ? throw new ShapeException($"dot: shapes {x.Shape} and {y.Shape} differ; an inner product takes equal shapes (for others contract with MatMul or Einsum)")
            : x.Shape.IsScalar ? x * y
            : Contraction.Of(x.Reshape([x.Shape.Size]), "a", y.Reshape([y.Shape.Size]), "a", "");
    }

    /// <summary>
    /// The outer product zᵢⱼ = xᵢ·yⱼ: every entry of one with every entry of the other. The shape is that of x, then that
    /// of y.
    /// </summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">Any expression.</param>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2);
    /// Expr y = Tensor.Of(1.0, 10, 100);
    /// Expr.Outer(x, y).Evaluate();      // [[1, 10, 100], [2, 20, 200]]
    /// </code></example>
    public static Expr Outer(Expr x, Expr y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Contraction.Of(x.Reshape([x.Shape.Size]), "a", y.Reshape([y.Shape.Size]), "b", "ab")
            .Reshape(Shape.Of([.. x.Shape.Extents, .. y.Shape.Extents]));
    }
}

/// <summary>How the axes of two operands become the labels of a matrix product.</summary>
internal static class MatrixProduct
{
    public static Expr Of(Expr x, Expr y)
    {
        var rank = Math.Max(x.Shape.Rank, y.Shape.Rank);
        var (left, leftLabels) = Labelled(x, y.Shape, x.Shape.Rank == 1 ? "k" : "ik");
        var (right, rightLabels) = Labelled(y, x.Shape, y.Shape.Rank == 1 ? "k" : "kj");
        var batch = "";
        for (var k = rank; k > 2; k--)
        {
            batch += Batch(k);
        }

        return Contraction.Of(
            left, leftLabels, right, rightLabels, batch + (x.Shape.Rank == 1 ? "" : "i") + (y.Shape.Rank == 1 ? "" : "j"));
    }

    public static void Require(Shape x, Shape y)
    {
        if (x.IsScalar || y.IsScalar)
        {
            throw new ShapeException(
                $"cannot contract {x} with {y}: a scalar has no axis to sum over; multiply by it with x * y");
        }

        var inner = y[y.Rank == 1 ? 0 : -2];
        if (x[-1] != inner)
        {
            throw new ShapeException(
                $"cannot contract {x} with {y}: the inner dimensions {x[-1]} and {inner} differ; transpose one of them or check the order");
        }

        for (var k = 3; k <= Math.Min(x.Rank, y.Rank); k++)
        {
            var (ofX, ofY) = (x[-k], y[-k]);
            if (ofX != ofY && ofX != 1 && ofY != 1)
            {
                throw new ShapeException(
                    $"cannot contract {x} with {y}: the batch dimensions {ofX} and {ofY} (axis −{k}) differ and neither is 1; "
                    + "reshape or permute one of them so that the batches line up from the right");
            }
        }
    }

    /// <summary>An operand and its labels, without the batch axes along which it only repeats.</summary>
    private static (Expr Operand, string Labels) Labelled(Expr x, Shape other, string matrix)
    {
        var labels = "";
        var extents = new List<int>();
        for (var k = x.Shape.Rank; k > 2; k--)
        {
            // An axis of extent 1 that both have, or that only this one has, is nobody's repetition.
            if (x.Shape[-k] == 1 && k <= other.Rank && other[-k] != 1)
            {
                continue;
            }

            labels += Batch(k);
            extents.Add(x.Shape[-k]);
        }

        extents.AddRange(x.Shape.Extents[Math.Max(x.Shape.Rank - 2, 0)..]);
        return (x.Reshape(Shape.Of([.. extents])), labels + matrix);
    }

    /// <summary>A label for the batch axis that is the k-th from the end: none of the letters of the matrices.</summary>
    private static char Batch(int k) => (char)('Ā' + k);
}
