using System.Numerics;

namespace FunctionalGrad;

/// <summary>Makes tensors; the precision follows from the numbers given.</summary>
public static class Tensor
{
    /// <summary>A tensor of rank 0.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="value">The number.</param>
    public static Tensor<T> Scalar<T>(T value)
        where T : struct, IBinaryFloatingPointIeee754<T> => value;

    /// <summary>A vector with the given components.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="values">The components, which are copied.</param>
    public static Tensor<T> Of<T>(params ReadOnlySpan<T> values)
        where T : struct, IBinaryFloatingPointIeee754<T> => Tensor<T>.Seal([values.Length], values.ToArray());

    /// <summary>A tensor with the given values in row-major order.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="shape">The shape.</param>
    /// <param name="values">The values, which are copied.</param>
    /// <exception cref="ShapeException">The number of values is not the size of the shape.</exception>
    public static Tensor<T> Of<T>(Shape shape, ReadOnlySpan<T> values)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Size == values.Length
            ? Tensor<T>.Seal(shape, values.ToArray())
            : throw new ShapeException($"a tensor of shape {shape} takes {shape.Size} values, not {values.Length}; give as many or change the shape");
    }

    /// <summary>A tensor with the given values in row-major order.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="shape">The shape.</param>
    /// <param name="values">The values, which are copied.</param>
    /// <exception cref="ShapeException">The number of values is not the size of the shape.</exception>
    public static Tensor<T> Of<T>(Shape shape, T[] values)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return Of(shape, values.AsSpan());
    }

    /// <summary>A matrix from a rectangular array.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="rows">The matrix, which is copied.</param>
    public static Tensor<T> Of<T>(T[,] rows)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        return FromArray<T>(rows);
    }

    /// <summary>A matrix from its rows.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="rows">The rows, which are copied.</param>
    /// <exception cref="ShapeException">A row is longer or shorter than the first.</exception>
    public static Tensor<T> Of<T>(T[][] rows)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        var width = rows.Length == 0 ? 0 : rows[0].Length;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != width)
            {
                throw new ShapeException($"row {i} has {rows[i].Length} numbers and row 0 has {width}; a tensor needs rows of one length");
            }
        }

        return Tensor<T>.Seal([rows.Length, width], rows.SelectMany(row => row).ToArray());
    }

    /// <summary>A tensor of the rank and extents of a rectangular array of any rank.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="array">An array of <typeparamref name="T"/>, such as <c>double[,,]</c>, which is copied.</param>
    /// <exception cref="ArgumentException">The elements are not of type <typeparamref name="T"/>.</exception>
    public static Tensor<T> FromArray<T>(Array array)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.GetType().GetElementType() != typeof(T))
        {
            throw new ArgumentException(
                $"an array of {array.GetType().GetElementType()?.Name} is not one of {typeof(T).Name}; convert the elements first", nameof(array));
        }

        var extents = new int[array.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = array.GetLength(axis);
        }

        return Tensor<T>.Seal(Shape.Of(extents), array.Cast<T>().ToArray());
    }

    /// <summary>A tensor with one number everywhere.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="shape">The shape.</param>
    /// <param name="value">The number.</param>
    public static Tensor<T> Full<T>(Shape shape, T value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        var values = new T[shape.Size];
        Array.Fill(values, value);
        return Tensor<T>.Seal(shape, values);
    }

    /// <summary>A tensor whose element i, counted in row-major order, is <paramref name="value"/>(i).</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="shape">The shape.</param>
    /// <param name="value">A pure function from the position to the number.</param>
    public static Tensor<T> Generate<T>(Shape shape, Func<int, T> value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(value);
        var values = new T[shape.Size];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(i);
        }

        return Tensor<T>.Seal(shape, values);
    }
}
