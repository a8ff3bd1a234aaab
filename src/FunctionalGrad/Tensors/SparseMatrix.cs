using System.Globalization;
using System.Numerics;
using System.Text;

namespace FunctionalGrad;

/// <summary>
/// An immutable matrix in compressed sparse rows: a <see cref="SparsityPattern"/> and a value for each of its entries; all
/// others are 0. Of a Jacobian, row i is entry i of the value and column j entry j of the arguments, both counted in
/// row-major order and several arguments one after the other.
/// </summary>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var a = SparseMatrix.Of(Tensor.Of([2, 3], [0.0, 5, 0, 7, 0, 8]));
/// a.Count;                               // 3
/// a[1, 2];                               // 8
/// a * Tensor.Of(1.0, 10, 100);           // [50, 807]
/// a.Transpose().ToDense();               // [[0, 7], [5, 0], [0, 8]]
/// a;                                     // 2 × 3 with 3 entries: (0, 1) 5, (1, 0) 7, (1, 2) 8
/// </code></example>
public sealed class SparseMatrix<T> : IEquatable<SparseMatrix<T>>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int Shown = 20;

    private readonly T[] _values;

    private SparseMatrix(SparsityPattern pattern, T[] values) => (Pattern, _values) = (pattern, values);

    /// <summary>Which entries are stored. Matrices of one prepared Jacobian share it.</summary>
    public SparsityPattern Pattern { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => Pattern.Rows;

    /// <summary>The number of columns.</summary>
    public int Columns => Pattern.Columns;

    /// <summary>The number of stored entries; some of them may happen to be 0.</summary>
    public int Count => _values.Length;

    /// <summary>Where each row starts among the stored entries, and at the end their number.</summary>
    public ReadOnlySpan<int> RowStarts => Pattern.RowStarts;

    /// <summary>The column of each stored entry, row after row, ascending within a row.</summary>
    public ReadOnlySpan<int> ColumnIndices => Pattern.ColumnIndices;

    /// <summary>The stored entries, row after row.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>One entry; 0 where none is stored.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> − 1.</param>
    /// <param name="column">From 0 to <see cref="Columns"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public T this[int row, int column] => Pattern.Find(row, column) is var place && place >= 0 ? _values[place] : T.Zero;

    /// <summary>The product A·v with a vector: entry i is Σⱼ Aᵢⱼ·vⱼ over the stored entries, in the order of columns.</summary>
    /// <param name="matrix">The matrix A.</param>
    /// <param name="vector">The vector v; of a tensor of another rank the entries count in row-major order.</param>
    /// <exception cref="ShapeException">The vector has not as many entries as the matrix has columns.</exception>
    public static Tensor<T> operator *(SparseMatrix<T> matrix, Tensor<T> vector)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Size != matrix.Columns)
        {
            throw new ShapeException(
                $"product: a sparse matrix of {matrix.Rows} × {matrix.Columns} times a vector of shape {vector.Shape}: the vector needs {matrix.Columns} entries; transpose the matrix or check the order");
        }

        var starts = matrix.RowStarts;
        var columns = matrix.ColumnIndices;
        var v = vector.Values;
        var product = new T[matrix.Rows];
        for (var row = 0; row < product.Length; row++)
        {
            var sum = T.Zero;
            for (var k = starts[row]; k < starts[row + 1]; k++)
            {
                sum += matrix._values[k] * v[columns[k]];
            }

            product[row] = sum;
        }

        return Tensor<T>.Seal([product.Length], product);
    }

    /// <summary>The matrix with rows and columns exchanged.</summary>
    public SparseMatrix<T> Transpose()
    {
        var (pattern, order) = Pattern.TransposeWithOrder();
        return new(pattern, Array.ConvertAll(order, place => _values[place]));
    }

    /// <summary>All entries, zeros included, as a tensor of two axes.</summary>
    /// <exception cref="ShapeException">There are more than one array holds.</exception>
    public Tensor<T> ToDense()
    {
        Shape shape = [Rows, Columns];
        var values = new T[shape.Size];
        for (var row = 0; row < Rows; row++)
        {
            for (var k = RowStarts[row]; k < RowStarts[row + 1]; k++)
            {
                values[(row * Columns) + ColumnIndices[k]] = _values[k];
            }
        }

        return Tensor<T>.Seal(shape, values);
    }

    /// <summary>Equal patterns and equal stored numbers; NaN equals NaN, and 0 equals −0.</summary>
    /// <param name="other">Another matrix.</param>
    public bool Equals(SparseMatrix<T>? other) =>
        other is not null && Pattern.Equals(other.Pattern) && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SparseMatrix<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Pattern);
        foreach (var value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The size and the first twenty stored entries with their rows and columns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Pattern);
        var row = 0;
        for (var k = 0; k < Math.Min(Count, Shown); k++)
        {
            while (RowStarts[row + 1] <= k)
            {
                row++;
            }

            text.Append(k == 0 ? ": " : ", ").Append(CultureInfo.InvariantCulture, $"({row}, {ColumnIndices[k]}) {_values[k]}");
        }

        return text.Append(Count > Shown ? ", …" : "").ToString();
    }

    /// <summary>Makes a matrix of values that nobody else holds, one for each entry of the pattern.</summary>
    internal static SparseMatrix<T> Seal(SparsityPattern pattern, T[] owned) => new(pattern, owned);
}

/// <summary>Makes sparse matrices; the precision follows from the numbers given.</summary>
public static class SparseMatrix
{
    /// <summary>A matrix from its pattern and a value for each entry of it.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="pattern">Which entries are stored.</param>
    /// <param name="values">Their values, row after row, which are copied.</param>
    /// <exception cref="ArgumentException">There is not one value for each entry.</exception>
    public static SparseMatrix<T> Of<T>(SparsityPattern pattern, ReadOnlySpan<T> values)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return values.Length == pattern.Count
            ? SparseMatrix<T>.Seal(pattern, values.ToArray())
            : throw new ArgumentException($"a pattern of {pattern} takes {pattern.Count} values, not {values.Length}", nameof(values));
    }

    /// <summary>A matrix that stores the entries of a tensor which are not 0.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="matrix">A tensor of two axes.</param>
    /// <exception cref="ShapeException">The tensor has another number of axes.</exception>
    public static SparseMatrix<T> Of<T>(Tensor<T> matrix)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Shape.Rank != 2)
        {
            throw new ShapeException($"a sparse matrix is made of a tensor of two axes, and this has shape {matrix.Shape}; reshape it");
        }

        var (rows, columns) = (matrix.Shape[0], matrix.Shape[1]);
        var starts = new int[rows + 1];
        var indices = new List<int>();
        var values = new List<T>();
        for (var i = 0; i < matrix.Size; i++)
        {
            if (matrix.Values[i] != T.Zero)
            {
                indices.Add(i % columns);
                values.Add(matrix.Values[i]);
                starts[(i / columns) + 1] = values.Count;
            }
        }

        for (var row = 0; row < rows; row++)
        {
            starts[row + 1] = Math.Max(starts[row + 1], starts[row]);
        }

        return SparseMatrix<T>.Seal(SparsityPattern.Seal(rows, columns, starts, [.. indices]), [.. values]);
    }
}
