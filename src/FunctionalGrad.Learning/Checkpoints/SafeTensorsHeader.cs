using System.Globalization;

namespace FunctionalGrad.Learning;

/// <summary>
/// The header of a safetensors file once it has been checked against the length of the file: which tensors there are, in
/// the order of their bytes, without gaps or overlaps, to the last byte.
/// </summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The key of the header that holds text and no tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>How many bytes hold the length of the header.</summary>
    public const int LengthBytes = sizeof(ulong);

    /// <summary>The longest header that the format allows.</summary>
    public const int Longest = 100_000_000;

    /// <summary>What the first bytes say of the length of the header, checked before room is made for it.</summary>
    public static int CheckedLength(string source, ulong length, long fileLength)
    {
        var rest = fileLength - LengthBytes;
        return length > Longest
            ? throw new CheckpointException(source, 0, Said($"the first {LengthBytes} bytes give the header {length:N0} bytes, and a header has at most {Longest:N0}; this is no safetensors file, or it is damaged: use another copy"))
            : length > (ulong)rest
            ? throw new CheckpointException(source, 0, Said($"the first {LengthBytes} bytes give the header {length:N0} bytes, and {rest:N0} follow; the file was cut, or it is no safetensors file: use another copy"))
            : (int)length;
    }

    /// <summary>The header as it stands in the file.</summary>
    /// <param name="source">The file, for errors.</param>
    /// <param name="json">The bytes of the header.</param>
    /// <param name="dataLength">How many bytes follow it.</param>
    /// <exception cref="CheckpointException">The header is malformed or does not fit the bytes that follow.</exception>
    public static SafeTensorsHeader Parse(string source, ReadOnlySpan<byte> json, long dataLength)
    {
        var (entries, metadata) = new SafeTensorsHeaderReader(source, json).Read();

        // The keys may stand in any order; that of the bytes counts. Tensors of no bytes begin where others do.
        entries.Sort(static (a, b) => (a.Begin, a.End, a.At).CompareTo((b.Begin, b.End, b.At)));
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                var problem = entry.Begin > end
                    ? Said($"leaves a gap: its bytes begin at {entry.Begin} and those before it end at {end}")
                    : Said($"overlaps another: its bytes begin at {entry.Begin} and those before it end at {end}");
                throw new CheckpointException(source, entry.At, $"the tensor {Quoted.Of(entry.Name)} {problem}; tensors stand one after another: use another copy");
            }

            end = entry.End;
        }

        return end == dataLength
            ? new(entries, metadata)
            : throw new CheckpointException(
                source,
                LengthBytes + json.Length + Math.Min(end, dataLength),
                end > dataLength
                    ? Said($"the file ends here, after {dataLength:N0} bytes of numbers, and its tensors have {end:N0}; it was cut: use another copy")
                    : Said($"the last tensor ends here, after {end:N0} bytes of numbers, and the file goes on to {dataLength:N0}; it is damaged: use another copy"));
    }

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where one tensor stands.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">The type of its numbers.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Begin">Its first byte, counted from the end of the header.</param>
    /// <param name="End">The byte after its last one.</param>
    /// <param name="At">The byte of the file at which the header speaks of it.</param>
    internal readonly record struct Entry(string Name, ElementType Type, Shape Shape, long Begin, long End, long At);
}
