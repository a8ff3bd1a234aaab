using System.Globalization;
using System.Text;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>The moons and where the net divides them, as an SVG file.</summary>
internal static class SvgPicture
{
    private const int Rows = 90;
    private const int Columns = 120;
    private const double Cell = 6.5;
    private const double Width = Columns * Cell;
    private const double Height = Rows * Cell;
    private const double Margin = 40;
    private const double Header = 96;
    private const double Footer = 64;

    public static IEnumerable<string> Lines(
        MoonsData data, Window window, Func<Tensor<double>, Tensor<double>> scores, string title, string subtitle)
    {
        var surface = DecisionSurface.Of(scores, window, Rows, Columns);
        return
        [
            Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width + (2 * Margin)} {Height + Header + Footer}\" font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\">"),
            Line($"<title>{title}</title>"),
            "<defs>",
            "<filter id=\"soft\" x=\"0\" y=\"0\" width=\"1\" height=\"1\"><feGaussianBlur stdDeviation=\"0.9\" edgeMode=\"duplicate\"/></filter>",
            Line($"<clipPath id=\"frame\"><rect width=\"{Width}\" height=\"{Height}\" rx=\"10\"/></clipPath>"),
            "</defs>",
            "<rect width=\"100%\" height=\"100%\" fill=\"#fffdf9\"/>",
            Line($"<text x=\"{Margin}\" y=\"48\" font-size=\"26\" font-weight=\"600\" fill=\"#22262c\">{title}</text>"),
            Line($"<text x=\"{Margin}\" y=\"76\" font-size=\"14.5\" fill=\"#5d646e\">{subtitle}</text>"),
            Line($"<g transform=\"translate({Margin} {Header})\"><g clip-path=\"url(#frame)\">"),
            Line($"<g transform=\"scale({Cell})\">"),
            "<g filter=\"url(#soft)\" shape-rendering=\"crispEdges\">",
            .. Heat(surface),
            "</g>",
            Line($"<g fill=\"none\" stroke=\"#22262c\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"),
            Line($"<path stroke-width=\"0.16\" stroke-opacity=\"0.45\" d=\"{surface.Contour(-1)}\"/>"),
            Line($"<path stroke-width=\"0.16\" stroke-opacity=\"0.45\" d=\"{surface.Contour(1)}\"/>"),
            Line($"<path stroke-width=\"0.4\" d=\"{surface.Contour(0)}\"/>"),
            "</g></g></g>",
            "<g stroke=\"#fffdf9\" stroke-width=\"1.5\">",
            .. Enumerable.Range(0, data.Count).Select(i => Dot(
                (data.Points[i, 0] - window.Left) / window.Width * Width,
                (window.Top - data.Points[i, 1]) / window.Height * Height,
                data.Labels[i])),
            "</g></g>",
            .. Legend(Header + Height + 36),
            "</svg>",
        ];
    }

    // One path for each colour; in it, neighbours in a row are one rectangle.
    private static IEnumerable<string> Heat(DecisionSurface surface)
    {
        var paths = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        for (var row = 0; row < surface.Rows; row++)
        {
            for (var (column, end) = (0, 0); column < surface.Columns; column = end)
            {
                var colour = Shade(surface[row, column]);
                for (end = column + 1; end < surface.Columns && Shade(surface[row, end]) == colour; end++)
                {
                }

                if (!paths.TryGetValue(colour, out var path))
                {
                    paths.Add(colour, path = new StringBuilder());
                }

                path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h{end - column}v1h{column - end}z");
            }
        }

        return paths.Select(path => $"<path fill=\"{path.Key}\" d=\"{path.Value}\"/>");
    }

    private static string Shade(double score) => Hex(Palette.Of(score, strength: 0.55));

    private static string Dot(double x, double y, double label) =>
        Line($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"6\" fill=\"{Hex(label > 0 ? Palette.Inner : Palette.Outer)}\"/>");

    private static IEnumerable<string> Legend(double y) =>
    [
        "<g font-size=\"14\" fill=\"#5d646e\">",
        Dot(Margin + 8, y - 5, -1),
        Line($"<text x=\"{Margin + 22}\" y=\"{y}\">outer moon, −1</text>"),
        Dot(Margin + 158, y - 5, 1),
        Line($"<text x=\"{Margin + 172}\" y=\"{y}\">inner moon, +1</text>"),
        Line($"<path d=\"M{Margin + 304} {y - 5}h34\" stroke=\"#22262c\" stroke-width=\"2.6\" stroke-linecap=\"round\"/>"),
        Line($"<text x=\"{Margin + 348}\" y=\"{y}\">score 0: the decision</text>"),
        Line($"<path d=\"M{Margin + 516} {y - 5}h34\" stroke=\"#22262c\" stroke-width=\"1\" stroke-opacity=\"0.45\" stroke-linecap=\"round\"/>"),
        Line($"<text x=\"{Margin + 560}\" y=\"{y}\">score ±1: the margin</text>"),
        "</g>",
    ];

    private static string Hex((byte R, byte G, byte B) colour) => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
