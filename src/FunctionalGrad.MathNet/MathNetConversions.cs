using MathNet.Numerics.LinearAlgebra;
using Sparse = MathNet.Numerics.LinearAlgebra.Double.SparseMatrix;

namespace FunctionalGrad.Solvers;

/// <summary>Tensors as vectors and matrices of MathNet.Numerics, and back. All of them copy, so neither side sees the other's changes.</summary>
/// <example><code>
/// Tensor.Of(1.0, 2, 3).ToVector().Norm(1);                             // 6
/// Tensor.Of([2, 2], [1.0, 2, 3, 4]).ToMatrix().Determinant();          // -2
/// Tensor.Of([2, 2], [1.0, 2, 3, 4]).ToMatrix().Inverse().ToTensor().Shape;     // [2, 2]
/// SparseMatrix.Of(Tensor.Of([2, 2], [0.0, 2, 0, 0])).ToMathNet().NonZerosCount;      // 1
/// </code></example>
public static class MathNetConversions
{
    /// <summary>The entries in row-major order as a vector.</summary>
    /// <param name="tensor">A tensor of any shape.</param>
    public static Vector<double> ToVector(this Tensor<double> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Vector<double>.Build.Dense(tensor.ToArray());
    }

    /// <summary>A tensor of two axes as a matrix.</summary>
    /// <param name="tensor">A tensor of two axes.</param>
    /// <exception cref="ShapeException">The tensor has another number of axes.</exception>
    public static Matrix<double> ToMatrix(this Tensor<double> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Shape.Rank == 2
            ? Matrix<double>.Build.Dense(tensor.Shape[0], tensor.Shape[1], (row, column) => tensor[row, column])
            : throw new ShapeException($"a matrix is made of a tensor of two axes, and this has shape {tensor.Shape}; reshape it, or call ToVector");
    }

    /// <summary>A vector as a tensor of one axis.</summary>
    /// <param name="vector">The vector.</param>
    public static Tensor<double> ToTensor(this Vector<double> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return Tensor.Of<double>(vector.ToArray());
    }

    /// <summary>A matrix as a tensor of two axes.</summary>
    /// <param name="matrix">The matrix.</param>
    public static Tensor<double> ToTensor(this Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Tensor.Of([matrix.RowCount, matrix.ColumnCount], matrix.ToRowMajorArray());
    }

    /// <summary>The stored entries as a sparse matrix of MathNet.Numerics.</summary>
    /// <param name="matrix">A sparse matrix with at least one row and one column.</param>
    /// <exception cref="ShapeException">The matrix has no rows or no columns, which MathNet.Numerics has no matrix for.</exception>
    public static Sparse ToMathNet(this SparseMatrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Rows > 0 && matrix.Columns > 0
            ? (Sparse)Matrix<double>.Build.SparseFromCompressedSparseRowFormat(
                matrix.Rows, matrix.Columns, matrix.Count, matrix.RowStarts.ToArray(), matrix.ColumnIndices.ToArray(), matrix.Values.ToArray())
            : throw new ShapeException($"MathNet.Numerics has no matrices of {matrix.Rows} × {matrix.Columns}; leave it out where there is nothing");
    }

    /// <summary>The entries of a matrix that are not 0, in compressed rows.</summary>
    /// <param name="matrix">Any matrix of MathNet.Numerics.</param>
    public static SparseMatrix<double> ToSparse(this Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var entries = matrix.EnumerateIndexed(Zeros.AllowSkip).Where(entry => entry.Item3 != 0)
            .OrderBy(entry => entry.Item1).ThenBy(entry => entry.Item2).ToArray();
        var starts = new int[matrix.RowCount + 1];
        foreach (var (row, _, _) in entries)
        {
            starts[row + 1]++;
        }

        for (var row = 0; row < matrix.RowCount; row++)
        {
            starts[row + 1] += starts[row];
        }

        var pattern = SparsityPattern.Of(matrix.RowCount, matrix.ColumnCount, starts, Array.ConvertAll(entries, entry => entry.Item2));
        return SparseMatrix.Of<double>(pattern, Array.ConvertAll(entries, entry => entry.Item3));
    }
}
