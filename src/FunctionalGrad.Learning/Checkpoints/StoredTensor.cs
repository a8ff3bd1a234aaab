using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad.Learning;

/// <summary>A tensor of either precision, and how its bytes go into a file and come out of it.</summary>
internal abstract class StoredTensor(ElementType type, Shape shape)
{
    // Spans of bytes end at 2³¹, arrays of numbers do not; and other byte orders need room to reverse in.
    private const int ChunkBytes = 1 << 20;

    public ElementType Type { get; } = type;

    public Shape Shape { get; } = shape;

    public long Bytes => (long)Shape.Size * Type.Width;

    public static StoredTensor Of<T>(Tensor<T> tensor)
        where T : struct, IBinaryFloatingPointIeee754<T> => new OfPrecision<T>(tensor);

    /// <summary>The next bytes of a stream as a tensor. That so many are there has been checked.</summary>
    public static StoredTensor Read(Stream stream, ElementType type, Shape shape) =>
        type == ElementType.F64 ? Read<double>(stream, shape) : Read<float>(stream, shape);

    public abstract void Write(Stream stream);

    public abstract bool BitEquals(StoredTensor other);

    private static StoredTensor Read<T>(Stream stream, Shape shape)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[shape.Size];
        for (var start = 0; start < values.Length;)
        {
            var chunk = Chunk<T>(values, start);
            stream.ReadExactly(MemoryMarshal.AsBytes(chunk));
            start += chunk.Length;
            if (!BitConverter.IsLittleEndian)
            {
                Reverse(MemoryMarshal.AsBytes(chunk), ElementType.Of<T>().Width);
            }
        }

        return new OfPrecision<T>(Tensor.Of(shape, values.AsSpan()));
    }

    private static Span<T> Chunk<T>(Span<T> values, int start) =>
        values.Slice(start, Math.Min(ChunkBytes / Marshal.SizeOf<T>(), values.Length - start));

    private static void Reverse(Span<byte> bytes, int width)
    {
        if (width == sizeof(double))
        {
            var words = MemoryMarshal.Cast<byte, ulong>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else
        {
            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    internal sealed class OfPrecision<T>(Tensor<T> tensor) : StoredTensor(ElementType.Of<T>(), tensor.Shape)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        public Tensor<T> Tensor { get; } = tensor;

        public override void Write(Stream stream)
        {
            if (BitConverter.IsLittleEndian && Bytes <= int.MaxValue)
            {
                stream.Write(MemoryMarshal.AsBytes(Tensor.Values));
                return;
            }

            for (var start = 0; start < Tensor.Size; start += ChunkBytes / Type.Width)
            {
                Span<T> chunk = Tensor.Values.Slice(start, Math.Min(ChunkBytes / Type.Width, Tensor.Size - start)).ToArray();
                if (!BitConverter.IsLittleEndian)
                {
                    Reverse(MemoryMarshal.AsBytes(chunk), Type.Width);
                }

                stream.Write(MemoryMarshal.AsBytes(chunk));
            }
        }

        public override bool BitEquals(StoredTensor other) => other is OfPrecision<T> same && Tensor.BitEquals(same.Tensor);
    }
}
