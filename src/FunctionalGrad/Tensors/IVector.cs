namespace FunctionalGrad;

/// <summary>
/// An element of a vector space: it adds, subtracts, scales and has an inner product. A tensor is one,
/// and so is an expression: that is why one type of gradient map serves numbers and formulas.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IVector<TSelf>
    where TSelf : IVector<TSelf>
{
    /// <summary>The shape of the vector's components.</summary>
    Shape Shape { get; }

    /// <summary>The zero of a shape.</summary>
    /// <param name="shape">The shape.</param>
    static abstract TSelf Zeros(Shape shape);

    /// <summary>The inner product Σ leftᵢ·rightᵢ, a scalar.</summary>
    /// <param name="left">A vector.</param>
    /// <param name="right">A vector of the same shape.</param>
    static abstract TSelf Dot(TSelf left, TSelf right);

    /// <summary>The sum.</summary>
    /// <param name="left">A vector.</param>
    /// <param name="right">A vector of the same shape.</param>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>The difference.</summary>
    /// <param name="left">A vector.</param>
    /// <param name="right">A vector of the same shape.</param>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>The opposite.</summary>
    /// <param name="vector">A vector.</param>
    static abstract TSelf operator -(TSelf vector);

    /// <summary>The vector scaled by a number.</summary>
    /// <param name="scale">The number.</param>
    /// <param name="vector">A vector.</param>
    static abstract TSelf operator *(double scale, TSelf vector);
}
