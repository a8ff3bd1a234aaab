using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>A message to the tool.</summary>
internal sealed class Request
{
    /// <summary>Which message it is; null until one was read.</summary>
    public long? Id { get; private set; }

    public string? Kind { get; private set; }

    public string? Module { get; private set; }

    public string? Function { get; private set; }

    public Argument? Input { get; private set; }

    /// <summary>Reads a message; what it says beyond the protocol is passed over.</summary>
    /// <param name="line">The message in JSON.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="RequestException">It is no message of the protocol.</exception>
    public void Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException("a message is a JSON object on a line of its own");
        }

        RequestException? problem = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id":
                    Id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id)
                        ? id
                        : throw new RequestException("id should be a whole number");
                    break;
                case "kind":
                    Kind = Text(ref reader, name);
                    break;
                case "module":
                    Module = Text(ref reader, name);
                    break;
                case "function":
                    Function = Text(ref reader, name);
                    break;
                case "input" when problem is null:
                    // An error in the input must not hide an id that comes after it.
                    var start = reader;
                    try
                    {
                        Input = Argument.Read(ref reader, "input");
                    }
                    catch (RequestException found)
                    {
                        problem = found;
                        reader = start;
                        reader.Skip();
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (reader.Read())
        {
            throw new RequestException("something follows the message on its line");
        }

        if (problem is not null)
        {
            throw problem;
        }
    }

    private static string Text(ref Utf8JsonReader reader, string name) => reader.TokenType == JsonTokenType.String
        ? reader.GetString()!
        : throw new RequestException($"{name} should be a string");
}
