using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FunctionalGrad;

/// <content>Tensors of one shape are a vector space.</content>
public sealed partial class Tensor<T> :
    IVector<Tensor<T>>,
    IAdditionOperators<Tensor<T>, Tensor<T>, Tensor<T>>,
    ISubtractionOperators<Tensor<T>, Tensor<T>, Tensor<T>>,
    IUnaryNegationOperators<Tensor<T>, Tensor<T>>
{
    /// <summary>The tensor of zeros of a shape.</summary>
    /// <param name="shape">The shape.</param>
    public static Tensor<T> Zeros(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new(shape, new T[shape.Size]);
    }

    /// <summary>The inner product Σ leftᵢ·rightᵢ over all elements, summed in order, as a scalar tensor.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor<T> Dot(Tensor<T> left, Tensor<T> right)
    {
        RequireSameShape(left, right, "dot");
        var x = left.Values;
        var y = right.Values;
        var sum = T.Zero;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>A number is a tensor of rank 0.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Tensor<T>(T value) => new(Shape.Scalar, value);

    /// <summary>The number in a tensor of one element.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public static explicit operator T(Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.ToScalar();
    }

    /// <summary>The elementwise sum.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor<T> operator +(Tensor<T> left, Tensor<T> right)
    {
        RequireSameShape(left, right, "+");
        var sum = new T[left.Size];
        TensorPrimitives.Add<T>(left.Values, right.Values, sum);
        return new(left.Shape, sum);
    }

    /// <summary>The elementwise difference.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor<T> operator -(Tensor<T> left, Tensor<T> right)
    {
        RequireSameShape(left, right, "-");
        var difference = new T[left.Size];
        TensorPrimitives.Subtract<T>(left.Values, right.Values, difference);
        return new(left.Shape, difference);
    }

    /// <summary>The opposite.</summary>
    /// <param name="vector">A tensor.</param>
    public static Tensor<T> operator -(Tensor<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        var opposite = new T[vector.Size];
        TensorPrimitives.Negate<T>(vector.Values, opposite);
        return new(vector.Shape, opposite);
    }

    /// <summary>The tensor scaled by a number, which is rounded to the tensor's precision first.</summary>
    /// <param name="scale">The number.</param>
    /// <param name="vector">A tensor.</param>
    public static Tensor<T> operator *(double scale, Tensor<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        var scaled = new T[vector.Size];
        TensorPrimitives.Multiply<T>(vector.Values, T.CreateTruncating(scale), scaled);
        return new(vector.Shape, scaled);
    }

    private static void RequireSameShape(Tensor<T> left, Tensor<T> right, string operation)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Shape != right.Shape)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: tensors of shapes {left.Shape} and {right.Shape} are not of one vector space; make the shapes equal, or build an expression, which broadcasts"));
        }
    }
}
