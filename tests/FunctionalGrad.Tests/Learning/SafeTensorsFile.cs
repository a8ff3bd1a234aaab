using System.Buffers.Binary;
using System.Text;

namespace FunctionalGrad.Tests.Learning;

/// <summary>Files of tensors that are put together by hand, right and wrong ones.</summary>
internal static class SafeTensorsFile
{
    public static byte[] Of(string header, ReadOnlySpan<byte> data) => Of(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Of(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data) => Of((ulong)header.Length, header, data);

    public static byte[] Of(ulong length, ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var first = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(first, length);
        return [.. first, .. header, .. data];
    }
}
