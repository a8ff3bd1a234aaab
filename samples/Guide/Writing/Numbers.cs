using System.Text.Json.Nodes;

namespace FunctionalGrad.Samples.Guide;

/// <summary>Numbers and tensors as the pages read them.</summary>
internal static class Numbers
{
    // A thumbnail has no more rows and columns than this.
    private const int Side = 32;

    public static JsonArray Array(IEnumerable<double> numbers) => [.. numbers.Select(Number)];

    public static JsonArray Array(Tensor<double> tensor) => Array(tensor.ToArray());

    public static JsonArray Array(Shape shape) => [.. shape.Extents.ToArray().Select(extent => (JsonNode)extent)];

    /// <summary>A number; those that JSON lacks are nothing.</summary>
    public static JsonNode? Number(double number) => double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>A number in so many digits, where a picture is made of it.</summary>
    public static JsonNode? Short(double number, int digits = 5) =>
        double.IsFinite(number) && number != 0 ? JsonValue.Create(double.Parse(number.ToString($"G{digits}", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)) : Number(number);

    /// <summary>
    /// A tensor as a heat map: its summary, and a byte for each cell of its thumbnail, from −127 to 127 in parts of the
    /// largest size; entries that are not finite are 0.
    /// </summary>
    public static JsonObject Heat(Tensor<double> tensor)
    {
        var finite = Tensor.Generate(tensor.Shape, i => double.IsFinite(tensor.Values[i]) ? tensor.Values[i] : 0.0);
        var summary = TensorSummary.Of(finite, Side);
        var cells = summary.Thumbnail.ToArray();
        var size = cells.Length == 0 ? 0 : cells.Max(Math.Abs);
        var bytes = cells.Select(cell => (byte)(sbyte)Math.Round(size == 0 ? 0 : cell / size * 127)).ToArray();
        return new()
        {
            ["rows"] = summary.Thumbnail.Shape[0],
            ["columns"] = summary.Thumbnail.Shape[1],
            ["cells"] = Convert.ToBase64String(bytes),
            ["norm"] = Short(summary.Norm),
            ["least"] = Short(summary.Least),
            ["largest"] = Short(summary.Largest),
        };
    }
}
