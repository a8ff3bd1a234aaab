using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// A value that a request brings: a number, an array of numbers, or an object of such values by name. Whoever asks for what
/// it is not gets an error that says where it stands and what was expected.
/// </summary>
internal sealed class Argument
{
    private readonly string _path;

    // A double, a bool, a NumberArray, a dictionary of arguments, or null for anything else.
    private readonly object? _value;

    private Argument(string path, object? value) => (_path, _value) = (path, value);

    /// <summary>Whether it has named parts.</summary>
    public bool IsObject => _value is Dictionary<string, Argument>;

    /// <summary>A part by its name.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public Argument this[string name] => Find(name) ?? throw new RequestException(
        IsObject ? $"{Part(name)} is missing; give it" : $"{_path} is no object and should be one with {name} in it");

    /// <summary>Reads a value.</summary>
    /// <param name="reader">A reader on the first token of the value; on the last one afterwards.</param>
    /// <param name="path">What the value is called in errors.</param>
    /// <exception cref="RequestException">Rows of an array differ in length, or a number is beyond double precision.</exception>
    public static Argument Read(ref Utf8JsonReader reader, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return new(path, Finite(reader.GetDouble(), path));
            case JsonTokenType.StartArray:
                return new(path, NumberArray.Read(ref reader, path));
            case JsonTokenType.StartObject:
                var parts = new Dictionary<string, Argument>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    parts[name] = Read(ref reader, path == "input" ? name : $"{path}.{name}");
                }

                return new(path, parts);
            case JsonTokenType.True or JsonTokenType.False:
                return new(path, reader.TokenType == JsonTokenType.True);
            default:
                return new(path, null);
        }
    }

    /// <summary>A number as it is, unless it is too large for double precision.</summary>
    public static double Finite(double number, string path) => double.IsFinite(number)
        ? number
        : throw new RequestException($"{path}: a number is beyond double precision; scale the problem");

    /// <summary>A part by its name, if there is one.</summary>
    public Argument? Find(string name) => (_value as Dictionary<string, Argument>)?.GetValueOrDefault(name);

    /// <summary>The number that it is.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public double Number() => _value as double? ?? throw new RequestException($"{_path} is {Kind} and should be a number");

    /// <summary>The whole number that it is.</summary>
    /// <exception cref="RequestException">It is none, or less than the least.</exception>
    public int Whole(int least)
    {
        var number = Number();
        return number >= least && number <= int.MaxValue && number == Math.Floor(number)
            ? (int)number
            : throw new RequestException($"{_path} is {number:R} and should be a whole number from {least}");
    }

    /// <summary>The truth value that it is.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public bool Flag() => _value as bool? ?? throw new RequestException($"{_path} is {Kind} and should be true or false");

    /// <summary>How long the array is that it is.</summary>
    /// <exception cref="RequestException">It is no array of numbers.</exception>
    public int Count() => Array().Shape[0];

    /// <summary>The array of numbers that it is.</summary>
    /// <param name="extents">Its extents; −1 where any will do.</param>
    /// <exception cref="RequestException">It has other extents.</exception>
    public Tensor<double> Tensor(params ReadOnlySpan<int> extents)
    {
        var array = Array();
        var fits = array.Shape.Rank == extents.Length;
        for (var axis = 0; fits && axis < extents.Length; axis++)
        {
            fits = extents[axis] < 0 || extents[axis] == array.Shape[axis];
        }

        return fits
            ? FunctionalGrad.Tensor.Of(array.Shape, array.Values)
            : throw new RequestException($"{_path} has shape {array.Shape} and should have [{string.Join(", ", extents.ToArray().Select(extent => extent < 0 ? "any" : $"{extent}"))}]");
    }

    private NumberArray Array() =>
        _value as NumberArray ?? throw new RequestException($"{_path} is {Kind} and should be an array of numbers");

    private string Part(string name) => _path == "input" ? name : $"{_path}.{name}";

    private string Kind => _value switch
    {
        double => "a number",
        bool => "true or false",
        NumberArray array => $"an array of shape {array.Shape}",
        null => "neither a number nor an array of them",
        _ => "an object",
    };
}
