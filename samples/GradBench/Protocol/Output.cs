using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>Writes numbers and arrays of them as JSON, which has neither NaN nor infinities.</summary>
internal static class Output
{
    /// <summary>Writes a number.</summary>
    /// <exception cref="RequestException">It is NaN or infinite.</exception>
    public static void Number(this Utf8JsonWriter writer, double number) => writer.WriteNumberValue(double.IsFinite(number)
        ? number
        : throw new RequestException($"the result has {(double.IsNaN(number) ? "NaN" : "an infinity")} in it, which JSON cannot say; the function has no finite value at this input"));

    /// <summary>Writes a tensor as arrays in arrays, one of rank 0 as a number.</summary>
    /// <exception cref="RequestException">An entry is NaN or infinite.</exception>
    public static void Tensor(this Utf8JsonWriter writer, Tensor<double> tensor)
    {
        var extents = tensor.Shape.Extents;
        if (tensor.Size == 0)
        {
            Empty(writer, extents);
            return;
        }

        var entry = 0;
        foreach (var number in tensor.Values)
        {
            Brackets(writer, extents, entry, open: true);
            Number(writer, number);
            Brackets(writer, extents, ++entry, open: false);
        }
    }

    /// <summary>Writes a field that is a tensor.</summary>
    /// <exception cref="RequestException">An entry is NaN or infinite.</exception>
    public static void Tensor(this Utf8JsonWriter writer, string name, Tensor<double> tensor)
    {
        writer.WritePropertyName(name);
        writer.Tensor(tensor);
    }

    // As many as there are axes whose rows begin, or end, at this entry.
    private static void Brackets(Utf8JsonWriter writer, ReadOnlySpan<int> extents, int entry, bool open)
    {
        var row = 1;
        for (var axis = extents.Length - 1; axis >= 0; axis--)
        {
            row *= extents[axis];
            if (entry % row != 0)
            {
                return;
            }

            if (open)
            {
                writer.WriteStartArray();
            }
            else
            {
                writer.WriteEndArray();
            }
        }
    }

    private static void Empty(Utf8JsonWriter writer, ReadOnlySpan<int> extents)
    {
        writer.WriteStartArray();
        for (var i = 0; i < extents[0]; i++)
        {
            Empty(writer, extents[1..]);
        }

        writer.WriteEndArray();
    }
}
