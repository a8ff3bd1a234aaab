using System.CommandLine;
using System.Globalization;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>The command line: a formula and a CSV file, or one of NIST's sets.</summary>
internal static class CommandLine
{
    public static Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        var model = new Option<string>("--model") { HelpName = "formula", Description = "The model, such as \"b1*(1-exp(-b2*x))\": + - * / ^, parentheses, and functions such as exp, log, sqrt, sin, erf." };
        var start = new Option<string>("--start") { HelpName = "name=value,…", Description = "The parameters with start values, such as b1=500,b2=0.0001." };
        var data = new Option<string>("--data") { HelpName = "file", Description = "A CSV file; its first line names the columns." };
        var x = new Option<string>("--x") { HelpName = "name", Description = "The column, and in the formula the name, of the independent variable.", DefaultValueFactory = _ => "x" };
        var y = new Option<string>("--y") { HelpName = "name", Description = "The column of what the model gives.", DefaultValueFactory = _ => "y" };
        var delimiter = new Option<string>("--delimiter") { HelpName = "character", Description = "What stands between fields: a character, or the word tab.", DefaultValueFactory = _ => "," };
        var nist = new Option<string>("--nist") { HelpName = "file", Description = "In place of a model and data, a .dat file of NIST's non-linear regression sets: prints certified against found." };
        var from = Commands.WholeNumber("--from", "Which of the two starts of a NIST set to begin at.", 1, 2, 2);
        var svg = new Option<string>("--svg") { HelpName = "file", Description = "Where the drawing goes.", DefaultValueFactory = _ => "curve.svg" };
        var command = new RootCommand("Fits a non-linear model to data by least squares, with exact derivatives, and draws both.") { model, start, data, x, y, delimiter, nist, from, svg };
        return Commands.Run(
            command,
            args,
            (parsed, _) =>
            {
                var picture = parsed.GetRequiredValue(svg);
                OutputFile.RequirePlaceFor(picture, "--svg");
                if (parsed.GetValue(nist) is { } file)
                {
                    FitNist(file, (int)parsed.GetValue(from), picture, output);
                    return;
                }

                FitData(
                    parsed.GetValue(model) ?? throw Missing("--model", "\"b1*exp(-b2*x)\""),
                    Starts(parsed.GetValue(start) ?? throw Missing("--start", "b1=1,b2=0.5")),
                    parsed.GetValue(data) ?? throw Missing("--data", "measurements.csv"),
                    (parsed.GetRequiredValue(x), parsed.GetRequiredValue(y)),
                    Delimiter(parsed.GetRequiredValue(delimiter)),
                    picture,
                    output);
            },
            output,
            error);
    }

    private static void FitData(
        string model, IReadOnlyList<(string, double)> starts, string data, (string X, string Y) columns, char delimiter, string svg, TextWriter output)
    {
        var observed = CsvFile.Read(data, columns.X, columns.Y, delimiter);
        var curve = Curve.Fitted(model, columns.X, starts, observed);
        Print(output, Report.Lines(model, curve, observed));
        Draw(svg, $"{columns.Y} = {model}", columns, curve, observed);
    }

    private static void FitNist(string file, int from, string svg, TextWriter output)
    {
        var nist = NistFile.Read(file);
        var starts = nist.Parameters.Select(parameter => (parameter.Name, from == 1 ? parameter.Start1 : parameter.Start2)).ToArray();
        var curve = Curve.Fitted(nist.Model, "x", starts, nist.Data);
        Print(output, [.. Report.Lines(nist.Model, curve, nist.Data), "", .. Report.Against(nist, curve, from)]);
        Draw(svg, $"{nist.Name}: y = {nist.Model}", ("x", "y"), curve, nist.Data);
    }

    private static void Print(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(line.TrimEnd());
        }
    }

    private static void Draw(string svg, string title, (string X, string Y) names, Curve curve, Observations observed)
    {
        // Of many parameters the drawing says nothing; the report does.
        var parameters = curve.Parameters.Length > 3 ? $"{curve.Parameters.Length} parameters" : string.Join(", ", curve.Parameters.Select(parameter =>
            string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} = {curve.Fit.At[parameter].ToScalar():G5} ± {curve.Fit.StandardErrors[parameter].ToScalar():G2}")));
        var subtitle = string.Create(
            CultureInfo.InvariantCulture, $"{observed.Count} observations; {parameters}; residual standard deviation {curve.Fit.StandardDeviation:G4}");
        OutputFile.Write(svg, SvgPlot.Lines(title, subtitle, names.X, names.Y, observed, curve.At));
    }

    private static List<(string, double)> Starts(string text)
    {
        var starts = new List<(string Name, double Value)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || !IsName(sides[0])
                || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                throw new UserErrorException($"--start “{part}”: give a name, “=” and a number, as in b1=500");
            }

            if (starts.Any(other => other.Name == sides[0]))
            {
                throw new UserErrorException($"--start {sides[0]} is given twice; give each parameter once");
            }

            starts.Add((sides[0], value));
        }

        return starts.Count > 0 ? starts : throw Missing("--start", "b1=1,b2=0.5");
    }

    private static bool IsName(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static char Delimiter(string text) =>
        text is "tab" or "\\t" ? '\t'
        : text.Length == 1 ? text[0]
        : throw new UserErrorException($"--delimiter “{text}”: give one character, or the word tab");

    private static UserErrorException Missing(string option, string example) =>
        new($"{option} is missing: give {option} {example}, or a set with --nist FILE");
}
