using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>A JSON array of numbers, nested to any depth, every row as long as its neighbours.</summary>
/// <param name="Shape">The extents.</param>
/// <param name="Values">The numbers in row-major order.</param>
internal sealed record NumberArray(Shape Shape, double[] Values)
{
    /// <summary>Reads an array from its first bracket to its last.</summary>
    /// <param name="reader">A reader on the first bracket; on the last one afterwards.</param>
    /// <param name="path">What the array is called in errors.</param>
    /// <returns>The array; null where it holds anything but numbers and arrays.</returns>
    /// <exception cref="RequestException">Rows differ in length, or a number is beyond double precision.</exception>
    public static NumberArray? Read(ref Utf8JsonReader reader, string path)
    {
        var (values, count) = (new double[16], 0);

        // Of each depth: how long its arrays are, once one was read to its end, and how long the one being read is so far.
        List<int> extents = [-1], lengths = [0];
        var (depth, leaf, numeric) = (0, -1, true);
        while (true)
        {
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.Number:
                    if (leaf >= 0 && leaf != depth)
                    {
                        throw new RequestException($"{path}: numbers stand at different depths; give an array in which every row has the same shape");
                    }

                    leaf = depth;
                    lengths[depth]++;
                    if (count == values.Length)
                    {
                        Array.Resize(ref values, 2 * count);
                    }

                    values[count++] = Argument.Finite(reader.GetDouble(), path);
                    break;
                case JsonTokenType.StartArray:
                    lengths[depth++]++;
                    if (depth == extents.Count)
                    {
                        extents.Add(-1);
                        lengths.Add(0);
                    }

                    lengths[depth] = 0;
                    break;
                case JsonTokenType.EndArray:
                    if (extents[depth] >= 0 && extents[depth] != lengths[depth] && numeric)
                    {
                        throw new RequestException($"{path}: a row has {lengths[depth]} entries and another one {extents[depth]}; give rows of one length");
                    }

                    extents[depth] = lengths[depth];
                    if (depth-- == 0)
                    {
                        return numeric ? new(Shape.Of([.. extents]), values.AsSpan(0, count).ToArray()) : null;
                    }

                    break;
                case JsonTokenType.StartObject:
                    numeric = false;
                    reader.Skip();
                    break;
                default:
                    numeric = false;
                    break;
            }
        }
    }
}
