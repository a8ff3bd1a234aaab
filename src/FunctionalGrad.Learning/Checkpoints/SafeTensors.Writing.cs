using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FunctionalGrad.Learning;

/// <content>Writing.</content>
public sealed partial class SafeTensors
{
    // Where the numbers begin is a multiple of this, and so is the place of each of them, of its own width.
    private const int Alignment = 8;

    /// <summary>
    /// Writes the file, replacing one that is there. It is written beside its place, flushed to the disk, and then moved into
    /// its place: whoever reads, and whoever comes after a kill at any moment, finds the old file or the new one, whole. A
    /// writer that is killed may leave <c>path.….partial</c> behind, which the next one deletes.
    /// </summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <exception cref="ArgumentException">The header would exceed the 100,000,000 bytes that the format allows.</exception>
    /// <exception cref="IOException">The file cannot be written, or somebody else is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, Write);
    }

    /// <summary>Writes the bytes of the file to a stream, from where it stands.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="ArgumentException">The header would exceed the 100,000,000 bytes that the format allows.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = Header();
        Span<byte> length = stackalloc byte[SafeTensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in InFileOrder)
        {
            tensor.Write(stream);
        }
    }

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="ArgumentException">The header would exceed the 100,000,000 bytes that the format allows.</exception>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    private ReadOnlySpan<byte> Header()
    {
        var buffer = new ArrayBufferWriter<byte>();

        // Names in other alphabets stay readable: the file is data, and never part of a page.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (!Metadata.IsEmpty)
            {
                json.WriteStartObject(SafeTensorsHeader.MetadataKey);
                foreach (var (key, text) in Metadata)
                {
                    json.WriteString(key, text);
                }

                json.WriteEndObject();
            }

            var begin = 0L;
            foreach (var (name, tensor) in InFileOrder)
            {
                WriteEntry(json, name, tensor, begin);
                begin += tensor.Bytes;
            }

            json.WriteEndObject();
        }

        var padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(Alignment)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenCount <= SafeTensorsHeader.Longest
            ? buffer.WrittenSpan
            : throw new ArgumentException($"the names, shapes and texts take {buffer.WrittenCount} bytes, and the header of a file has at most {SafeTensorsHeader.Longest}; write several files");
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, StoredTensor tensor, long begin)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", tensor.Type.Name);
        json.WriteStartArray("shape");
        foreach (var extent in tensor.Shape.Extents)
        {
            json.WriteNumberValue(extent);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + tensor.Bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
