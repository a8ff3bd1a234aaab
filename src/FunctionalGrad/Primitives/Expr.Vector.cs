namespace FunctionalGrad;

/// <content>Expressions of one shape are a vector space, which is what makes a symbolic gradient map one.</content>
public abstract partial class Expr : IVector<Expr>
{
    /// <summary>The constant zero of a shape.</summary>
    /// <param name="shape">The shape.</param>
    public static Expr Zeros(Shape shape) => Full(shape, 0);

    /// <summary>The inner product Σ xᵢ·yᵢ over all entries of two expressions of one shape.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="y">An expression of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Expr Dot(Expr x, Expr y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return x.Shape == y.Shape
            ? (x * y).Sum()
            : throw new ShapeException($"dot: shapes {x.Shape} and {y.Shape} differ; an inner product takes equal shapes (for others contract with MatMul or Einsum)");
    }
}
