using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace FunctionalGrad.Learning;

/// <content>Reading.</content>
public sealed partial class SafeTensors
{
    /// <summary>The tensors in a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The path is a folder, or the file is no safetensors file, is cut or damaged, or
    /// holds numbers of another type than F64 and F32. The message names the byte, and what was expected there.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafeTensors Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new CheckpointException($"{path} is a folder; name a safetensors file in it");
        }

        // Whoever writes the file replaces it, and never changes this one: it may go on while this one is read.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return stream.CanSeek
            ? Read(stream, path)
            : throw new CheckpointException($"{path} is a pipe or a device, whose length is not known in advance; copy it to a file first");
    }

    /// <summary>The tensors in the bytes of a safetensors file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="CheckpointException">The bytes are no safetensors file, as for <see cref="Read(string)"/>.</exception>
    public static SafeTensors Read(ReadOnlySpan<byte> bytes) => Read(new MemoryStream(bytes.ToArray(), writable: false));

    /// <summary>The tensors in a stream, from where it stands to its end.</summary>
    /// <param name="stream">A stream that knows its length.</param>
    /// <param name="source">What the stream is, for errors.</param>
    /// <exception cref="ArgumentException">The stream does not know its length, so that it could not be checked before room is made.</exception>
    /// <exception cref="CheckpointException">The stream holds no safetensors file, as for <see cref="Read(string)"/>.</exception>
    public static SafeTensors Read(Stream stream, string source = "the stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(source);
        if (!stream.CanSeek)
        {
            throw new ArgumentException($"{source} does not know its length; copy it to a MemoryStream or a file first", nameof(stream));
        }

        var length = stream.Length - stream.Position;
        try
        {
            return Read(stream, source, length);
        }
        catch (EndOfStreamException)
        {
            throw new CheckpointException(string.Create(
                CultureInfo.InvariantCulture, $"{source} had {length:N0} bytes and became shorter while it was read; read it again when nobody writes to it"));
        }
    }

    private static SafeTensors Read(Stream stream, string source, long length)
    {
        if (length < SafeTensorsHeader.LengthBytes)
        {
            throw new CheckpointException(
                source, length, $"the file ends here, and the first {SafeTensorsHeader.LengthBytes} bytes should give the length of its header; it was cut, or it is no safetensors file: use another copy");
        }

        Span<byte> first = stackalloc byte[SafeTensorsHeader.LengthBytes];
        stream.ReadExactly(first);
        var headerLength = SafeTensorsHeader.CheckedLength(source, BinaryPrimitives.ReadUInt64LittleEndian(first), length);
        var json = new byte[headerLength];
        stream.ReadExactly(json);
        var header = SafeTensorsHeader.Parse(source, json, length - first.Length - headerLength);

        var tensors = ImmutableSortedDictionary.CreateBuilder<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            tensors.Add(entry.Name, StoredTensor.Read(stream, entry.Type, entry.Shape));
        }

        return new(tensors.ToImmutable(), header.Metadata.ToImmutableSortedDictionary(StringComparer.Ordinal), source);
    }
}
