using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>
/// One of NIST's non-linear regression sets (Statistical Reference Datasets): a model, two starts, certified values, data.
/// </summary>
/// <param name="Name">The name of the set.</param>
/// <param name="Model">The formula of the model.</param>
/// <param name="Parameters">The parameters, with starts and certified values.</param>
/// <param name="StandardDeviation">The certified residual standard deviation.</param>
/// <param name="DegreesOfFreedom">The certified degrees of freedom.</param>
/// <param name="Data">The observations.</param>
internal sealed partial record NistFile(
    string Name,
    string Model,
    ImmutableArray<NistParameter> Parameters,
    double StandardDeviation,
    int DegreesOfFreedom,
    Observations Data)
{
    /// <exception cref="UserErrorException">The file cannot be read, or is none of these.</exception>
    public static NistFile Read(string path)
    {
        var lines = InputFile.Lines(path);
        var name = NameLine().Match(Line(path, lines, "Dataset Name:", 0).Text).Groups[1].Value;
        return new(
            name,
            ModelIn(path, lines),
            ParametersIn(path, lines),
            Figure(path, lines, "Residual Standard Deviation:"),
            (int)Figure(path, lines, "Degrees of Freedom:"),
            DataIn(path, lines));
    }

    // From “y =” to “+ e”, over as many lines as it takes.
    private static string ModelIn(string path, string[] lines)
    {
        var start = Line(path, lines, "Model:", 0).Number;
        var first = Array.FindIndex(lines, start, line => ModelStart().IsMatch(line));
        var last = first < 0 ? -1 : Array.FindIndex(lines, first, line => ModelEnd().IsMatch(line));
        if (last < 0)
        {
            throw new UserErrorException($"{path}, line {start + 1}: below this line there is no model from “y =” to “+ e”");
        }

        var text = string.Join(' ', lines[first..(last + 1)].Select(line => line.Trim()));
        return ModelEnd().Replace(ModelStart().Replace(text, ""), "").Trim();
    }

    private static ImmutableArray<NistParameter> ParametersIn(string path, string[] lines)
    {
        var start = Line(path, lines, "Start 1", 0).Number;
        var parameters = ImmutableArray.CreateBuilder<NistParameter>();
        for (var i = start + 1; i < lines.Length && lines[i].Trim().Length > 0; i++)
        {
            var parts = lines[i].Split('=');
            var numbers = parts.Length == 2 ? Numbers(parts[1]) : null;
            if (numbers is not { Length: 4 })
            {
                throw new UserErrorException($"{path}, line {i + 1}: expected a name, “=” and four numbers (two starts, the certified value and its standard deviation), not “{lines[i].Trim()}”");
            }

            parameters.Add(new(parts[0].Trim(), numbers[0], numbers[1], numbers[2], numbers[3]));
        }

        return parameters.Count > 0 ? parameters.ToImmutable() : throw new UserErrorException($"{path}, line {start + 1}: no parameters follow");
    }

    // The header has a line that begins with “Data:” too; that of the numbers is the last.
    private static Observations DataIn(string path, string[] lines)
    {
        var start = Array.FindLastIndex(lines, line => line.StartsWith("Data:", StringComparison.Ordinal));
        if (start < 0)
        {
            throw new UserErrorException($"{path}, line {lines.Length}: the file ends without a line “Data: y x”");
        }

        var (xs, ys) = (new List<double>(), new List<double>());
        for (var i = start + 1; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0)
            {
                continue;
            }

            if (Numbers(lines[i]) is not [var y, var x])
            {
                throw new UserErrorException($"{path}, line {i + 1}: expected two numbers, y and x, not “{lines[i].Trim()}”");
            }

            xs.Add(x);
            ys.Add(y);
        }

        return xs.Count > 0
            ? new(Tensor.Of<double>([.. xs]), Tensor.Of<double>([.. ys]))
            : throw new UserErrorException($"{path}, line {start + 1}: no data follow");
    }

    private static double Figure(string path, string[] lines, string label)
    {
        var (text, number) = Line(path, lines, label, 0);
        return Numbers(text[(text.IndexOf(label, StringComparison.Ordinal) + label.Length)..]) is [var figure]
            ? figure
            : throw new UserErrorException($"{path}, line {number + 1}: expected a number after “{label}”");
    }

    private static (string Text, int Number) Line(string path, string[] lines, string containing, int from)
    {
        var number = Array.FindIndex(lines, from, line => line.Contains(containing, StringComparison.Ordinal));
        return number >= 0
            ? (lines[number], number)
            : throw new UserErrorException($"{path}, line {Math.Max(lines.Length, 1)}: the file ends without “{containing}”; it is none of NIST's non-linear regression sets");
    }

    private static double[]? Numbers(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    [GeneratedRegex(@"Dataset Name:\s*(\S+)")]
    private static partial Regex NameLine();

    [GeneratedRegex(@"^\s*y\s*=")]
    private static partial Regex ModelStart();

    [GeneratedRegex(@"\+\s*e\s*$")]
    private static partial Regex ModelEnd();
}

/// <summary>A parameter of a set, as certified.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start1">The start farther away.</param>
/// <param name="Start2">The start nearer by.</param>
/// <param name="Value">The certified value.</param>
/// <param name="StandardError">The certified standard deviation of it.</param>
internal sealed record NistParameter(string Name, double Start1, double Start2, double Value, double StandardError);
