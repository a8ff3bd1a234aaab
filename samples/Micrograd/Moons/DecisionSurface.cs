using System.Globalization;
using System.Text;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>A part of the plane.</summary>
internal sealed record Window(double Left, double Right, double Bottom, double Top)
{
    /// <summary>All points, with a margin around them.</summary>
    public static Window Around(Tensor<double> points, double margin)
    {
        var numbers = points.ToArray();
        var x = numbers.Where((_, i) => i % 2 == 0).ToArray();
        var y = numbers.Where((_, i) => i % 2 == 1).ToArray();
        return new(x.Min() - margin, x.Max() + margin, y.Min() - margin, y.Max() + margin);
    }

    public double Width => Right - Left;

    public double Height => Top - Bottom;
}

/// <summary>The score of the net on a grid of points over a window, the top row first.</summary>
internal sealed class DecisionSurface
{
    private readonly Tensor<double> _scores;

    private DecisionSurface(int rows, int columns, Tensor<double> scores)
    {
        Rows = rows;
        Columns = columns;
        _scores = scores;
    }

    public int Rows { get; }

    public int Columns { get; }

    public double this[int row, int column] => _scores[(row * Columns) + column];

    /// <summary>The scores in the middle of each of rows × columns cells.</summary>
    public static DecisionSurface Of(Func<Tensor<double>, Tensor<double>> scores, Window window, int rows, int columns)
    {
        var points = Tensor.Generate([rows * columns, 2], i =>
        {
            var (row, column) = (i / 2 / columns, i / 2 % columns);
            return i % 2 == 0
                ? window.Left + (window.Width * (column + 0.5) / columns)
                : window.Top - (window.Height * (row + 0.5) / rows);
        });
        return new(rows, columns, scores(points));
    }

    /// <summary>
    /// The line where the score is at a level, as the data of an SVG path in units of cells. Every square between four
    /// neighbours is two triangles, and a line crosses a triangle once or not at all.
    /// </summary>
    public string Contour(double level)
    {
        var path = new StringBuilder();
        for (var row = 0; row + 1 < Rows; row++)
        {
            for (var column = 0; column + 1 < Columns; column++)
            {
                Cross((row, column), (row, column + 1), (row + 1, column));
                Cross((row + 1, column + 1), (row, column + 1), (row + 1, column));
            }
        }

        return path.ToString();

        void Cross(params ReadOnlySpan<(int Row, int Column)> corners)
        {
            var command = 'M';
            for (var i = 0; i < corners.Length; i++)
            {
                var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
                var (low, high) = (this[from.Row, from.Column] - level, this[to.Row, to.Column] - level);
                if (low > 0 != high > 0)
                {
                    var share = low / (low - high);
                    path.Append(CultureInfo.InvariantCulture, $"{command}{from.Column + 0.5 + (share * (to.Column - from.Column)):0.##} {from.Row + 0.5 + (share * (to.Row - from.Row)):0.##}");
                    command = 'L';
                }
            }
        }
    }
}
