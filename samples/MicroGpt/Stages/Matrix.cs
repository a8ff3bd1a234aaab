using System.Collections.Immutable;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>An immutable matrix in rows: all that the gradient written by hand needs of linear algebra.</summary>
internal sealed record Matrix(int Rows, int Columns, ImmutableArray<double> Entries)
{
    public double this[int row, int column] => Entries[(row * Columns) + column];

    public static Matrix Generate(int rows, int columns, Func<int, int, double> entry)
    {
        var entries = ImmutableArray.CreateBuilder<double>(rows * columns);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                entries.Add(entry(i, j));
            }
        }

        return new(rows, columns, entries.MoveToImmutable());
    }

    public ImmutableArray<double> Row(int row) => Entries.Slice(row * Columns, Columns);

    /// <summary>yᵢ = Σⱼ aᵢⱼ·xⱼ.</summary>
    public ImmutableArray<double> Times(ImmutableArray<double> x) => Vector(Rows, i => Sum(Columns, j => this[i, j] * x[j]));

    /// <summary>yⱼ = Σᵢ aᵢⱼ·xᵢ.</summary>
    public ImmutableArray<double> TransposeTimes(ImmutableArray<double> x) => Vector(Columns, j => Sum(Rows, i => this[i, j] * x[i]));

    public static Matrix operator -(Matrix left, Matrix right) =>
        Generate(left.Rows, left.Columns, (i, j) => left[i, j] - right[i, j]);

    public static Matrix operator *(double scale, Matrix matrix) => matrix with { Entries = [.. matrix.Entries.Select(entry => scale * entry)] };

    public static ImmutableArray<double> Vector(int length, Func<int, double> entry) => [.. Enumerable.Range(0, length).Select(entry)];

    public static double Sum(int count, Func<int, double> term)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += term(i);
        }

        return sum;
    }
}
