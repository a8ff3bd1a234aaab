using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

/// <summary>
/// Thousands of damaged files from one seed: each is read or refused with a <see cref="CheckpointException"/>, quickly, and
/// with no more memory than a multiple of its length.
/// </summary>
public sealed class SafeTensorsFuzzTests
{
    private const int Files = 20_000;

    // Numbers that overflow, lie about sizes, or are no numbers; nesting; and pieces of headers.
    private static readonly string[] Pieces =
    [
        "0", "1", "7", "8", "-1", "1e3", "1.5", "2147483591", "2147483647", "4294967296", "9223372036854775807", "18446744073709551615", "1e999",
        "[", "]", "{", "}", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":", ",", ":", "\"", "null", "true", "\"F64\"", "\"F32\"", "\"BF16\"", "\"dtype\":", "\"shape\":[]",
        "\"data_offsets\":[0,8]", "\\ud83c", "\\u0000", "\"__metadata__\":{}", "[0,0]", "//", " ", "\0",
    ];

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        var originals = Originals();
        var random = new Random(20260101);
        var (refused, read) = (0, 0);
        foreach (var original in originals)
        {
            SafeTensors.Read(original);
        }

        for (var i = 0; i < Files; i++)
        {
            var file = Mutated(originals[random.Next(originals.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var tensors = SafeTensors.Read(file);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Bound(file));
                Assert.Equal(tensors, SafeTensors.Read(tensors.ToBytes()));
                read++;
            }
            catch (CheckpointException problem)
            {
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Bound(file));
                Assert.True(problem.Offset is null or >= 0 && problem.Offset <= file.Length, problem.Message);
                refused++;
            }
        }

        Assert.Equal(Files, refused + read);
        Assert.InRange(refused, Files / 2, Files - 1);
        TestContext.Current.SendDiagnosticMessage($"{Files} damaged files: {refused} refused, {read} read");
    }

    // What a byte of a header can at most become: `0,` in a shape is an extent in three lists.
    private static long Bound(byte[] file) => (64 * 1024) + (32L * file.Length);

    [Fact]
    public void Large_hostile_headers_cost_no_more_than_a_multiple_of_their_length()
    {
        string[] headers =
        [
            "{\"a\":{\"dtype\":\"F64\",\"shape\":[" + string.Join(",", Enumerable.Repeat("1", 500_000)) + "],\"data_offsets\":[0,8]}}",
            "{" + string.Join(",", Enumerable.Range(0, 20_000).Select(i => $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}",
            "{\"__metadata__\":{" + string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"{i:x}\":\"\"")) + "}}",
            new string('{', 1_000_000),
            "{\"a\":" + new string('[', 1_000_000),
            "{\"" + new string('x', 1_000_000) + "\":1}",
            "{}" + new string(' ', 1_000_000),
        ];
        foreach (var header in headers)
        {
            var file = SafeTensorsFile.Of(header, []);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                SafeTensors.Read(file);
            }
            catch (CheckpointException)
            {
                // Some of them are well-formed; what counts here is what they cost.
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Bound(file));
        }
    }

    private static byte[][] Originals() =>
    [
        SafeTensors.Empty.ToBytes(),
        SafeTensors.Empty.With("w", Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6])).With("b", Tensor.Scalar(1f)).With("e", Tensor.Of<double>([0, 4], [])).WithMetadata("step", "3").ToBytes(),
        Enumerable.Range(0, 12).Aggregate(SafeTensors.Empty, (all, i) => all.With($"layer {i}", Tensor.Full([i, 2], (double)i)).With($"single {i}", Tensor.Full([i], 1f))).ToBytes(),
    ];

    private static byte[] Mutated(byte[] original, Random random)
    {
        var file = original;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            file = random.Next(7) switch
            {
                0 => Flipped(file, random.Next(Math.Max(file.Length, 1)), random),
                1 => Flipped(file, random.Next(Math.Min(Math.Max(file.Length, 1), 8)), random),
                2 => file[..random.Next(file.Length + 1)],
                3 => [.. file, .. new byte[random.Next(1, 100)]],
                4 => WithHeader(file, header => Regex.Replace(header, "[0-9]+", number => random.Next(4) == 0 ? Pieces[random.Next(13)] : number.Value)),
                5 => WithHeader(file, header => header.Insert(random.Next(header.Length + 1), Pieces[random.Next(Pieces.Length)])),
                _ => WithHeader(file, header => Spliced(header, random)),
            };
        }

        return file;
    }

    private static byte[] Flipped(byte[] file, int at, Random random) =>
        file.Length == 0 ? file : [.. file[..at], (byte)(file[at] ^ (1 << random.Next(8))), .. file[(at + 1)..]];

    // One part of the header put in the place of another: names and offsets come to stand twice, and objects in objects.
    private static string Spliced(string header, Random random)
    {
        var (from, to) = (random.Next(header.Length + 1), random.Next(header.Length + 1));
        var part = header[Math.Min(from, to)..Math.Max(from, to)];
        var start = random.Next(header.Length + 1);
        return header[..start] + part + header[random.Next(start, header.Length + 1)..];
    }

    // Most often the length in front is put right, so that what is wrong inside is met.
    private static byte[] WithHeader(byte[] file, Func<string, string> change)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(file) > (ulong)(file.Length - 8))
        {
            return file;
        }

        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return SafeTensorsFile.Of(change(Encoding.UTF8.GetString(file, 8, length)), file.AsSpan(8 + length));
    }
}
