namespace FunctionalGrad;

/// <summary>
/// Which entries of a matrix may differ from zero, in compressed rows: the columns of row i, in ascending order, stand at
/// <see cref="ColumnIndices"/>[<see cref="RowStarts"/>[i] .. RowStarts[i + 1]]. Immutable.
/// </summary>
/// <example><code>
/// var pattern = SparsityPattern.Of(2, 3, [0, 2, 3], [0, 2, 1]);
/// pattern.Contains(0, 2);      // True
/// pattern.Contains(1, 2);      // False
/// pattern.Count;               // 3
/// </code></example>
public sealed class SparsityPattern : IEquatable<SparsityPattern>
{
    private readonly int[] _rowStarts;
    private readonly int[] _columnIndices;

    private SparsityPattern(int rows, int columns, int[] rowStarts, int[] columnIndices)
    {
        (Rows, Columns) = (rows, columns);
        (_rowStarts, _columnIndices) = (rowStarts, columnIndices);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number of entries that may differ from zero.</summary>
    public int Count => _columnIndices.Length;

    /// <summary>Where each row starts among the entries; one more number than there are rows, the last being <see cref="Count"/>.</summary>
    public ReadOnlySpan<int> RowStarts => _rowStarts;

    /// <summary>The column of each entry, row after row, ascending within a row.</summary>
    public ReadOnlySpan<int> ColumnIndices => _columnIndices;

    /// <summary>The largest number of entries in one row: no colouring of columns has fewer colours.</summary>
    public int LargestRow => Largest(_rowStarts);

    /// <summary>The largest number of entries in one column: no colouring of rows has fewer colours.</summary>
    public int LargestColumn => Largest(Transpose()._rowStarts);

    /// <summary>A pattern from compressed rows.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="rowStarts">Where each row starts among the entries, and at the end their number.</param>
    /// <param name="columnIndices">The column of each entry, row after row, ascending within a row.</param>
    /// <exception cref="ArgumentException">The row starts do not go from 0 up to the number of entries, or the columns of a
    /// row are out of range or not ascending.</exception>
    public static SparsityPattern Of(int rows, int columns, ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> columnIndices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (rowStarts.Length != rows + 1 || rowStarts[0] != 0 || rowStarts[^1] != columnIndices.Length)
        {
            throw new ArgumentException(
                $"a pattern of {rows} rows with {columnIndices.Length} entries takes {rows + 1} row starts from 0 to {columnIndices.Length}, "
                + $"not {rowStarts.Length}{(rowStarts.IsEmpty ? "" : $" from {rowStarts[0]} to {rowStarts[^1]}")}",
                nameof(rowStarts));
        }

        for (var row = 0; row < rows; row++)
        {
            if (rowStarts[row + 1] < rowStarts[row] || rowStarts[row + 1] > columnIndices.Length)
            {
                throw new ArgumentException(
                    $"row {row} goes from entry {rowStarts[row]} to {rowStarts[row + 1]}; row starts must not fall, nor pass {columnIndices.Length}", nameof(rowStarts));
            }

            var previous = -1;
            foreach (var column in columnIndices[rowStarts[row]..rowStarts[row + 1]])
            {
                if (column <= previous || column >= columns)
                {
                    throw new ArgumentException(
                        $"row {row} has column {column} after {previous}; columns must ascend within a row and stay below {columns}", nameof(columnIndices));
                }

                previous = column;
            }
        }

        return new(rows, columns, rowStarts.ToArray(), columnIndices.ToArray());
    }

    /// <summary>The columns of one row, in ascending order.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> − 1.</param>
    public ReadOnlySpan<int> Row(int row) => _columnIndices.AsSpan(_rowStarts[row].._rowStarts[row + 1]);

    /// <summary>Whether an entry may differ from zero.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> − 1.</param>
    /// <param name="column">From 0 to <see cref="Columns"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public bool Contains(int row, int column) => Find(row, column) >= 0;

    /// <summary>The pattern with rows and columns exchanged.</summary>
    public SparsityPattern Transpose() => TransposeWithOrder().Pattern;

    /// <inheritdoc/>
    public bool Equals(SparsityPattern? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Rows == other.Rows && Columns == other.Columns
            && RowStarts.SequenceEqual(other.RowStarts) && ColumnIndices.SequenceEqual(other.ColumnIndices));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SparsityPattern);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Rows);
        hash.Add(Columns);
        foreach (var column in _columnIndices)
        {
            hash.Add(column);
        }

        return hash.ToHashCode();
    }

    /// <summary>The size and the number of entries, as in <c>2 × 3 with 3 entries</c>.</summary>
    public override string ToString() => $"{Rows} × {Columns} with {Count} {(Count == 1 ? "entry" : "entries")}";

    /// <summary>A pattern of arrays that nobody else holds and that are known to be right.</summary>
    internal static SparsityPattern Seal(int rows, int columns, int[] rowStarts, int[] columnIndices) =>
        new(rows, columns, rowStarts, columnIndices);

    /// <summary>Where an entry stands among the entries; negative where it is not one of them.</summary>
    internal int Find(int row, int column)
    {
        RequireInside(row, Rows, "row");
        RequireInside(column, Columns, "column");
        var (start, end) = (_rowStarts[row], _rowStarts[row + 1]);
        return Array.BinarySearch(_columnIndices, start, end - start, column);
    }

    /// <summary>The transposed pattern, and for each of its entries where it stood here.</summary>
    internal (SparsityPattern Pattern, int[] Order) TransposeWithOrder()
    {
        var starts = new int[Columns + 1];
        foreach (var column in _columnIndices)
        {
            starts[column + 1]++;
        }

        for (var column = 0; column < Columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        var next = starts.AsSpan(0, Columns).ToArray();
        var rows = new int[Count];
        var order = new int[Count];
        for (var row = 0; row < Rows; row++)
        {
            for (var k = _rowStarts[row]; k < _rowStarts[row + 1]; k++)
            {
                var place = next[_columnIndices[k]]++;
                (rows[place], order[place]) = (row, k);
            }
        }

        return (new(Columns, Rows, starts, rows), order);
    }

    private static int Largest(int[] starts)
    {
        var largest = 0;
        for (var i = 1; i < starts.Length; i++)
        {
            largest = Math.Max(largest, starts[i] - starts[i - 1]);
        }

        return largest;
    }

    private void RequireInside(int index, int extent, string what)
    {
        if ((uint)index >= (uint)extent)
        {
            throw new ArgumentOutOfRangeException(what, index, $"there is no {what} {index} in a matrix of {Rows} × {Columns}; {what}s go from 0 to {extent - 1}");
        }
    }
}
