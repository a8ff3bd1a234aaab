using System.Globalization;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>Reads two columns of a CSV file whose first line names its columns. Every error says in which line.</summary>
internal static class CsvFile
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <exception cref="UserErrorException">The file cannot be read, or does not hold what is wanted.</exception>
    public static Observations Read(string path, string xColumn, string yColumn, char delimiter)
    {
        var lines = InputFile.Lines(path);
        var first = Array.FindIndex(lines, line => !IsBlank(line));
        if (first < 0)
        {
            throw new UserErrorException($"{path} is empty; it needs a line that names the columns and one for each observation");
        }

        var names = Fields(lines[first], delimiter);
        var xField = Find(path, first, lines[first], names, xColumn, "--x", delimiter);
        var yField = Find(path, first, lines[first], names, yColumn, "--y", delimiter);
        var (xs, ys) = (new List<double>(), new List<double>());
        for (var i = first + 1; i < lines.Length; i++)
        {
            if (IsBlank(lines[i]))
            {
                continue;
            }

            var fields = Fields(lines[i], delimiter);
            if (fields.Length != names.Length)
            {
                throw new UserErrorException(
                    $"{path}, line {i + 1}: it has {fields.Length} field{(fields.Length == 1 ? "" : "s")}, and line {first + 1} names {names.Length} columns");
            }

            xs.Add(Number(path, i, fields[xField], xColumn));
            ys.Add(Number(path, i, fields[yField], yColumn));
        }

        return xs.Count > 0
            ? new(Tensor.Of<double>([.. xs]), Tensor.Of<double>([.. ys]))
            : throw new UserErrorException($"{path} has no observations below line {first + 1}, which names its columns");
    }

    private static bool IsBlank(string line) => string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#');

    private static string[] Fields(string line, char delimiter) => [.. line.Split(delimiter).Select(field => field.Trim().Trim('"'))];

    private static int Find(string path, int line, string text, string[] names, string column, string option, char delimiter)
    {
        var field = Array.IndexOf(names, column);
        if (field >= 0)
        {
            return field;
        }

        var other = Delimiters.FirstOrDefault(candidate => candidate != delimiter && Fields(text, candidate).Contains(column));
        throw new UserErrorException(other != default
            ? $"{path}, line {line + 1}: there is no column “{column}” between delimiters “{Shown(delimiter)}”, but there is between “{Shown(other)}”; give --delimiter \"{Shown(other)}\""
            : $"{path}, line {line + 1}: there is no column “{column}”; there {(names.Length == 1 ? "is" : "are")} {string.Join(", ", names.Select(name => $"“{name}”"))}; choose with {option}, or name the columns in the first line");
    }

    private static double Number(string path, int line, string field, string column) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new UserErrorException($"{path}, line {line + 1}: “{field}” in column {column} is not a finite number; write it like 1.5 or 2e-3");

    private static string Shown(char delimiter) => delimiter == '\t' ? "tab" : delimiter.ToString();
}
