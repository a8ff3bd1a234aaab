using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FunctionalGrad.Learning;

/// <summary>
/// Reads the JSON of a header, token by token: what it holds is decided by whoever wrote the file, so nothing is made of it
/// that is not small beside it, and every error names its byte.
/// </summary>
internal ref struct SafeTensorsHeaderReader
{
    // An object of objects with arrays in them.
    private const int Depth = 3;

    private readonly string _source;
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _json;

    public SafeTensorsHeaderReader(string source, ReadOnlySpan<byte> json)
    {
        _source = source;
        _text = json;
        _json = new(json, new JsonReaderOptions { MaxDepth = Depth });
    }

    private readonly long At => SafeTensorsHeader.LengthBytes + _json.TokenStartIndex;

    public (List<SafeTensorsHeader.Entry> Entries, Dictionary<string, string> Metadata) Read()
    {
        if (_text.IsEmpty || _text[0] != (byte)'{')
        {
            throw new CheckpointException(
                _source, SafeTensorsHeader.LengthBytes, $"a header begins with {{, not with {(_text.IsEmpty ? "nothing" : $"the byte 0x{_text[0]:x2}")}; this is no safetensors file, or it is damaged");
        }

        var entries = new List<SafeTensorsHeader.Entry>();
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        Advance();
        while (AdvanceToKey() is { } name)
        {
            var at = At;
            if (!places.TryAdd(name, at))
            {
                throw Problem($"the name {Quoted.Of(name)} stands here and at byte {places[name]}; each name may stand once");
            }

            if (name == SafeTensorsHeader.MetadataKey)
            {
                metadata = ReadMetadata();
            }
            else
            {
                entries.Add(ReadTensor(name, at));
            }
        }

        // Nothing but white space may follow; anything else is an error of the JSON.
        Advance();
        return (entries, metadata ?? []);
    }

    private Dictionary<string, string> ReadMetadata()
    {
        Require(JsonTokenType.StartObject, SafeTensorsHeader.MetadataKey, "an object of texts");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        while (AdvanceToKey() is { } key)
        {
            var problem = metadata.ContainsKey(key) ? Problem($"the key {Quoted.Of(key)} stands twice in {SafeTensorsHeader.MetadataKey}; each may stand once") : null;
            Require(JsonTokenType.String, key, "a text");
            metadata[key] = problem is null ? Text() : throw problem;
        }

        return metadata;
    }

    private SafeTensorsHeader.Entry ReadTensor(string name, long at)
    {
        Require(JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        ElementType? type = null;
        List<long>? shape = null, offsets = null;
        while (AdvanceToKey() is { } key)
        {
            var known = key switch { "dtype" => type is null, "shape" => shape is null, "data_offsets" => offsets is null, _ => false };
            if (!known)
            {
                throw Problem($"the tensor {Quoted.Of(name)} has {Quoted.Of(key)}, again or of no meaning; it should have dtype, shape and data_offsets, once each");
            }

            switch (key)
            {
                case "dtype":
                    Require(JsonTokenType.String, key, "a text");
                    var dtype = Text();
                    type = ElementType.Named(dtype) ?? throw Problem(
                        $"the tensor {Quoted.Of(name)} holds numbers of type {Quoted.Of(dtype)}; F64 and F32 are read: convert it, or leave it out, with the tool that wrote the file");
                    break;
                case "shape":
                    shape = ReadNumbers(key);
                    break;
                default:
                    offsets = ReadNumbers(key);
                    break;
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw new CheckpointException(
                _source, at, $"the tensor {Quoted.Of(name)} has no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}; it should have dtype, shape and data_offsets");
        }

        return new(name, type, CheckedShape(name, at, type, shape, offsets), offsets[0], offsets[1], at);
    }

    private readonly Shape CheckedShape(string name, long at, ElementType type, List<long> extents, List<long> offsets)
    {
        if (offsets.Count != 2 || offsets[1] < offsets[0])
        {
            throw new CheckpointException(
                _source, at, $"the tensor {Quoted.Of(name)} has the data_offsets {Listed(offsets)}; they should be two numbers, where its bytes begin and end");
        }

        // An extent of 0 makes a tensor empty, and must not hide others that no array could have.
        var (size, room) = (1L, 1L);
        foreach (var extent in extents)
        {
            room = extent > Array.MaxLength || room * Math.Max(extent, 1) is var product && product > Array.MaxLength
                ? throw new CheckpointException(
                    _source, at, string.Create(CultureInfo.InvariantCulture, $"the tensor {Quoted.Of(name)} has the shape {Listed(extents)}; a tensor has at most {Array.MaxLength:N0} numbers: split it, or use another copy"))
                : product;
            size *= extent;
        }

        var bytes = offsets[1] - offsets[0];
        return size * type.Width == bytes
            ? Shape.Of([.. extents.Select(extent => (int)extent)])
            : throw new CheckpointException(
                _source, at, string.Create(CultureInfo.InvariantCulture, $"the tensor {Quoted.Of(name)} of type {type.Name} and shape {Listed(extents)} takes {size * type.Width:N0} bytes, and its data_offsets {Listed(offsets)} leave it {bytes:N0}; use another copy"));
    }

    private List<long> ReadNumbers(string key)
    {
        Require(JsonTokenType.StartArray, key, "a list of whole numbers");
        var numbers = new List<long>();
        while (Advance() != JsonTokenType.EndArray)
        {
            numbers.Add(_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var number) && number >= 0
                ? number
                : throw Problem($"{key} holds {Token()}; it should hold whole numbers from 0 to {long.MaxValue}"));
        }

        return numbers;
    }

    private string? AdvanceToKey() => Advance() == JsonTokenType.PropertyName ? Text() : null;

    private void Require(JsonTokenType type, string name, string expected)
    {
        if (Advance() != type)
        {
            throw Problem($"{Quoted.Of(name)} is {Token()}; it should be {expected}");
        }
    }

    private JsonTokenType Advance()
    {
        try
        {
            return _json.Read() ? _json.TokenType : JsonTokenType.None;
        }
        catch (JsonException problem)
        {
            // What follows in the message counts lines and their bytes, where the byte of the file is named already.
            var message = problem.Message.Split(" LineNumber:")[0];
            throw new CheckpointException(
                _source, SafeTensorsHeader.LengthBytes + _json.BytesConsumed, $"the header is no JSON that a header can be: {message} Use another copy");
        }
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw Problem("this is not valid UTF-8 text; use another copy");
        }
    }

    private readonly string Token() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        _ => Quoted.Of(Encoding.UTF8.GetString(_json.ValueSpan[..Math.Min(_json.ValueSpan.Length, 100)])),
    };

    private readonly CheckpointException Problem(string problem) => new(_source, At, problem);

    private static string Listed(List<long> numbers) =>
        $"[{string.Join(", ", numbers.Take(8))}{(numbers.Count > 8 ? $", … ({numbers.Count} numbers)" : "")}]";
}
