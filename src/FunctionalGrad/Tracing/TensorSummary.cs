using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// What can be said of a large tensor in little room: shape, Euclidean norm, least and largest entry, and a thumbnail, in
/// which each cell is the mean of a block of entries.
/// </summary>
/// <remarks>
/// The thumbnail sees the tensor as a matrix: its last axis lies from left to right, all others together from top to bottom.
/// NaN makes norm, least, largest and its own cell NaN.
/// </remarks>
/// <param name="Shape">The shape of the tensor.</param>
/// <param name="Norm">√Σ xᵢ².</param>
/// <param name="Least">The least entry; NaN where there is none.</param>
/// <param name="Largest">The largest entry; NaN where there is none.</param>
/// <param name="Thumbnail">Means of blocks, [rows, columns].</param>
/// <example><code>
/// var summary = TensorSummary.Of(Tensor.Of([2, 4], [1.0, 3, 0, 0, 1, 3, 0, 4]), side: 2);
/// summary.Thumbnail;       // [[2, 0], [2, 2]]
/// summary.Norm;            // 6
/// summary.Largest;         // 4
/// </code></example>
public sealed record TensorSummary(Shape Shape, double Norm, double Least, double Largest, Tensor<double> Thumbnail)
{
    /// <summary>Summarises a tensor.</summary>
    /// <typeparam name="T">Its precision.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <param name="side">How many rows and columns the thumbnail may have, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The thumbnail may have none.</exception>
    public static TensorSummary Of<T>(Tensor<T> tensor, int side = 16)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        var values = tensor.To<double>().Values;
        var (squares, least, largest) = (0.0, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            squares += value * value;
            least = Math.Min(least, value);
            largest = Math.Max(largest, value);
        }

        return values.IsEmpty
            ? new(tensor.Shape, 0, double.NaN, double.NaN, Tensor<double>.Zeros([0, 0]))
            : new(tensor.Shape, Math.Sqrt(squares), least, largest, Blocks(tensor.Shape, values, side));
    }

    private static Tensor<double> Blocks(Shape shape, ReadOnlySpan<double> values, int side)
    {
        var width = shape.IsScalar ? 1 : shape[-1];
        var height = values.Length / width;
        var (rows, columns) = (Math.Min(side, height), Math.Min(side, width));
        var means = new double[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var (top, bottom) = (row * height / rows, (row + 1) * height / rows);
            for (var column = 0; column < columns; column++)
            {
                var (left, right) = (column * width / columns, (column + 1) * width / columns);
                var sum = 0.0;
                for (var i = top; i < bottom; i++)
                {
                    for (var j = left; j < right; j++)
                    {
                        sum += values[(i * width) + j];
                    }
                }

                means[(row * columns) + column] = sum / ((bottom - top) * (right - left));
            }
        }

        return Tensor.Of([rows, columns], means);
    }
}
