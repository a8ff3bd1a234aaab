namespace FunctionalGrad;

/// <content>Expressions of one shape are a vector space, which is what makes a symbolic gradient map one.</content>
public abstract partial class Expr : IVector<Expr>
{
    /// <summary>The constant zero of a shape.</summary>
    /// <param name="shape">The shape.</param>
    public static Expr Zeros(Shape shape) => Full(shape, 0);
}
