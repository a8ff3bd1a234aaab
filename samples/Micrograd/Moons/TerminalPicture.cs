using Spectre.Console;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>The moons and where the net divides them, drawn with characters: in colours where there are some.</summary>
internal static class TerminalPicture
{
    private const int Widest = 72;

    public static void Draw(IAnsiConsole console, MoonsData data, Window window, Func<Tensor<double>, Tensor<double>> scores)
    {
        if (console.Profile.Capabilities is { Ansi: true, Unicode: true, ColorSystem: not ColorSystem.NoColors })
        {
            InColours(console, data, window, scores);
        }
        else
        {
            Plainly(console, data, window, scores);
        }
    }

    // An upper half block shows two pixels: the upper one in its own colour, the lower one as its background.
    private static void InColours(IAnsiConsole console, MoonsData data, Window window, Func<Tensor<double>, Tensor<double>> scores)
    {
        var columns = Math.Clamp(console.Profile.Width - 4, Widest / 4, Widest);
        var rows = columns * 3 / 8 * 2;
        var surface = DecisionSurface.Of(scores, window, rows, columns);
        var points = Placed(data, window, rows, columns);
        var picture = new Paragraph();
        for (var row = 0; row < rows; row += 2)
        {
            picture.Append("  ");
            for (var column = 0; column < columns; column++)
            {
                picture.Append("▀", new Style(Pixel(row, column), Pixel(row + 1, column)));
            }

            picture.Append("\n");
        }

        console.Write(picture);

        Color Pixel(int row, int column)
        {
            var (r, g, b) = points.TryGetValue((row, column), out var label)
                ? label > 0 ? Palette.Inner : Palette.Outer
                : Palette.Of(surface[row, column], strength: 0.45);
            return new(r, g, b);
        }
    }

    private static void Plainly(IAnsiConsole console, MoonsData data, Window window, Func<Tensor<double>, Tensor<double>> scores)
    {
        const int rows = Widest * 3 / 8;
        var surface = DecisionSurface.Of(scores, window, rows, Widest);
        var points = Placed(data, window, rows, Widest);
        for (var row = 0; row < rows; row++)
        {
            var line = Enumerable.Range(0, Widest).Select(column =>
                points.TryGetValue((row, column), out var label) ? label > 0 ? 'x' : 'o'
                : surface[row, column] > 0 ? '.'
                : ' ');
            console.WriteLine($"  {string.Concat(line)}".TrimEnd());
        }
    }

    private static Dictionary<(int Row, int Column), double> Placed(MoonsData data, Window window, int rows, int columns)
    {
        var placed = new Dictionary<(int, int), double>();
        for (var i = 0; i < data.Count; i++)
        {
            var column = (int)((data.Points[i, 0] - window.Left) / window.Width * columns);
            var row = (int)((window.Top - data.Points[i, 1]) / window.Height * rows);
            placed[(row, column)] = data.Labels[i];
        }

        return placed;
    }
}
