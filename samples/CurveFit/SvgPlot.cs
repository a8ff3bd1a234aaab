using System.Globalization;
using System.Net;
using System.Text;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>Observations and the fitted curve as an SVG file.</summary>
internal static class SvgPlot
{
    private const double Width = 760;
    private const double Height = 460;
    private const double Left = 84;
    private const double Right = 28;
    private const double Top = 92;
    private const double Bottom = 64;
    private const int CurvePoints = 400;

    public static IEnumerable<string> Lines(string title, string subtitle, string xName, string yName, Observations observed, Func<Tensor<double>, Tensor<double>> curve)
    {
        var xAxis = Axis.Over(observed.X.Values, Width);
        var xs = Tensor.Generate([CurvePoints], i => xAxis.Least + ((xAxis.Greatest - xAxis.Least) * i / (CurvePoints - 1)));
        var fitted = curve(xs);

        // A curve that leaves for a pole should not flatten the data, so the data alone decide the height.
        var yAxis = Axis.Over(observed.Y.Values, Height);
        double X(double x) => xAxis.Place(x);
        double Y(double y) => Height - yAxis.Place(y);
        return
        [
            Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + Right} {Top + Height + Bottom}\" font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\">"),
            Line($"<title>{Text(title)}</title>"),
            Line($"<defs><clipPath id=\"frame\"><rect width=\"{Width}\" height=\"{Height}\"/></clipPath></defs>"),
            "<rect width=\"100%\" height=\"100%\" fill=\"#fffdf9\"/>",
            Line($"<text x=\"{Left}\" y=\"42\" font-size=\"{Fitting(title, 21):0.#}\" font-weight=\"600\" fill=\"#22262c\">{Text(title)}</text>"),
            Line($"<text x=\"{Left}\" y=\"68\" font-size=\"{Fitting(subtitle, 14):0.#}\" fill=\"#5d646e\">{Text(subtitle)}</text>"),
            Line($"<g transform=\"translate({Left} {Top})\">"),
            "<g font-size=\"13\" fill=\"#5d646e\" stroke=\"none\">",
            .. xAxis.Ticks.SelectMany(tick => new[]
            {
                Line($"<path d=\"M{X(tick):0.##} 0v{Height}\" stroke=\"#e7e3da\"/>"),
                Line($"<text x=\"{X(tick):0.##}\" y=\"{Height + 22}\" text-anchor=\"middle\">{Number(tick)}</text>"),
            }),
            .. yAxis.Ticks.SelectMany(tick => new[]
            {
                Line($"<path d=\"M0 {Y(tick):0.##}h{Width}\" stroke=\"#e7e3da\"/>"),
                Line($"<text x=\"-10\" y=\"{Y(tick) + 4.5:0.##}\" text-anchor=\"end\">{Number(tick)}</text>"),
            }),
            Line($"<text x=\"{Width / 2}\" y=\"{Height + 48}\" text-anchor=\"middle\" font-size=\"15\">{Text(xName)}</text>"),
            Line($"<text transform=\"translate(-62 {Height / 2}) rotate(-90)\" text-anchor=\"middle\" font-size=\"15\">{Text(yName)}</text>"),
            "</g>",
            Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"none\" stroke=\"#b9b4a8\"/>"),
            "<g clip-path=\"url(#frame)\">",
            Line($"<path fill=\"none\" stroke=\"#c8553d\" stroke-width=\"2.4\" stroke-linejoin=\"round\" d=\"{Path(xs, fitted, X, Y)}\"/>"),
            "</g>",
            "<g fill=\"#2a6f97\" fill-opacity=\"0.75\" stroke=\"#fffdf9\" stroke-width=\"1\">",
            .. Enumerable.Range(0, observed.Count).Select(i =>
                Line($"<circle cx=\"{X(observed.X.Values[i]):0.##}\" cy=\"{Y(observed.Y.Values[i]):0.##}\" r=\"4.5\"/>")),
            "</g></g></svg>",
        ];
    }

    // Where the curve is not finite the pen is lifted.
    private static string Path(Tensor<double> xs, Tensor<double> ys, Func<double, double> placeX, Func<double, double> placeY)
    {
        var path = new StringBuilder();
        var isDown = false;
        for (var i = 0; i < xs.Size; i++)
        {
            var y = placeY(ys.Values[i]);
            if (!double.IsFinite(y))
            {
                isDown = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isDown ? 'L' : 'M')}{placeX(xs.Values[i]):0.##} {Math.Clamp(y, -1e5, 1e5):0.##}");
            isDown = true;
        }

        return path.ToString();
    }

    // A letter is about 0.56 of the size of its font wide.
    private static double Fitting(string text, double size) => Math.Min(size, Width / (0.56 * text.Length));

    private static string Number(double tick) => tick.ToString("G6", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
