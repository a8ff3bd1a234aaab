using System.Buffers.Binary;
using System.Text;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("functionalgrad").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_bit_survives_in_both_precisions_and_every_shape()
    {
        double[] doubles =
        [
            0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7ff0000000000001), BitConverter.Int64BitsToDouble(-1), double.Epsilon,
            double.MaxValue, double.NegativeInfinity, 0.1, -1.5, 1e-310, 3,
        ];
        float[] floats =
        [
            0, -0f, float.NaN, BitConverter.Int32BitsToSingle(0x7f800001), BitConverter.Int32BitsToSingle(-1), float.Epsilon,
            float.MaxValue, float.NegativeInfinity, 0.1f, -1.5f, 1e-40f, 3,
        ];
        var saved = SafeTensors.Empty.WithMetadata("ünicode 🌱", "\"quotes\"\\\n\0").WithMetadata("", "");
        foreach (var shape in new Shape[] { [12], [3, 4], [1, 12, 1], [2, 3, 2, 1] })
        {
            saved = saved.With($"doubles {shape}", Tensor.Of(shape, doubles)).With($"floats {shape}", Tensor.Of(shape, floats));
        }

        saved = saved.With("scalar", Tensor.Scalar(-0.0)).With("single", Tensor.Scalar(float.NaN)).With("", Tensor.Of(1.0))
            .With("empty", Tensor.Of<double>([0], [])).With("empty too", Tensor.Of<float>([3, 0, 5], [])).With("名前\u2028🌱", Tensor.Of(1f, 2f, 3f));
        var path = At("all.safetensors");
        saved.Write(path);
        Assert.Equal(saved, SafeTensors.Read(path));
        Assert.Equal(saved, SafeTensors.Read(saved.ToBytes()));
        Assert.Equal(saved.ToBytes(), SafeTensors.Read(path).ToBytes());
        Assert.Equal(saved.ToBytes(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.Equal(doubles.Select(BitConverter.DoubleToInt64Bits), SafeTensors.Read(path).Get<double>("doubles [3, 4]").ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(floats.Select(BitConverter.SingleToInt32Bits), SafeTensors.Read(path).Get<float>("floats [12]").ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.NotEqual(saved, SafeTensors.Empty);
    }

    [Fact]
    public void A_tensor_larger_than_a_chunk_survives()
    {
        var large = Tensor.Generate<float>([1000, 701], i => (float)Math.Sin(i));
        Assert.True(large.BitEquals(SafeTensors.Read(SafeTensors.Empty.With("large", large).ToBytes()).Get<float>("large")));
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var bytes = SafeTensors.Empty.With("b", Tensor.Of([1, 2], [1f, -2f])).With("a", Tensor.Scalar(1.0)).With("c", Tensor.Of<double>([0], []))
            .WithMetadata("format", "demo").ToBytes();
        const string header =
            """{"__metadata__":{"format":"demo"},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"c":{"dtype":"F64","shape":[0],"data_offsets":[8,8]},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""";
        Assert.Equal(0, bytes[0] % 8);
        Assert.Equal(bytes.Length - 8 - 16, (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(header, Encoding.UTF8.GetString(bytes, 8, bytes[0]).TrimEnd(' '));
        Assert.Equal("000000000000F03F0000803F000000C0", Convert.ToHexString(bytes[^16..]));
    }

    [Fact]
    public void The_order_of_making_leaves_no_trace()
    {
        var (a, b) = (Tensor.Of(1.0, 2), Tensor.Of(3.0));
        Assert.Equal(
            SafeTensors.Empty.With("a", a).With("b", b).WithMetadata("k", "1").WithMetadata("j", "2").ToBytes(),
            SafeTensors.Empty.WithMetadata("j", "2").WithMetadata("k", "0").With("b", b).With("a", a).WithMetadata("k", "1").ToBytes());
    }

    // Spaces and line breaks, keys in another order than bytes, escapes, no padding, no alignment, no metadata.
    [Fact]
    public void A_file_as_other_tools_write_it_is_read()
    {
        var read = SafeTensors.Read(SafeTensorsFile.Of(
            "{ \"z\": {\"data_offsets\": [12, 20], \"dtype\": \"F64\",\r\n\t\"shape\": [1]},\"\\u0061\\ud83c\\udf31\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]} }\n",
            [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 0, 0, 0, 0, 240, 191]));
        Assert.Equal(["z", "a🌱"], read.Names);
        Assert.Equal(Tensor.Of(1f, 2f, 3f), read.Get<float>("a🌱"));
        Assert.Equal(Tensor.Of(-1.0), read.Get<double>("z"));
        Assert.Empty(SafeTensors.Read(SafeTensorsFile.Of("{}", [])).Names);
        Assert.Equal("pt", SafeTensors.Read(SafeTensorsFile.Of("""{"__metadata__":{"format":"pt"}}   """, [])).Metadata["format"]);
    }

    [Fact]
    public void What_cannot_be_stored_or_is_not_there_is_said()
    {
        var saved = SafeTensors.Empty.With("w", Tensor.Of(1.0, 2)).With("b", Tensor.Of(1f));
        Errors.Say<ArgumentException>(() => saved.With("w", Tensor.Of(1f)), "“w” is given twice", "[2] and [1]");
        Errors.Say<ArgumentException>(() => saved.With("__metadata__", Tensor.Of(1f)), "choose another name");
        Errors.Say<ArgumentException>(() => saved.With("half \ud83c", Tensor.Of(1f)), "“half \\ud83c”", "surrogate");
        Errors.Say<ArgumentException>(() => saved.WithMetadata("a", "\udf31\ud83c"), "surrogate");
        Errors.Say<NotSupportedException>(() => saved.With("h", Tensor.Of((Half)1)), "Half", "To<double>()");
        Errors.Say<CheckpointException>(() => saved.Get<double>("v"), "no tensor “v”", "2 tensors: w F64 [2], b F32 [1]");
        Errors.Say<CheckpointException>(() => saved.Get<float>("w"), "“w” is F64", "asked for as F32", "Get<double>", "To<float>");
        Errors.Say<CheckpointException>(() => SafeTensors.Read(_folder), "is a folder");
        Assert.Throws<FileNotFoundException>(() => SafeTensors.Read(At("none")));
        Assert.Throws<DirectoryNotFoundException>(() => saved.Write(Path.Combine(_folder, "none", "file")));
        Assert.ThrowsAny<SystemException>(() => saved.Write(_folder));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder)!, Path.GetFileName(_folder) + ".*"));
    }

    [Fact]
    public void Readers_and_writers_at_once_meet_whole_files_only()
    {
        var path = At("shared.safetensors");
        var contents = Enumerable.Range(0, 4).Select(i => SafeTensors.Empty.With("x", Tensor.Full([1000 * (i + 1)], (double)i))).ToArray();
        contents[0].Write(path);
        var refused = 0;
        Parallel.For(0, 8, i =>
        {
            for (var round = 0; round < 25; round++)
            {
                try
                {
                    if (i < 4)
                    {
                        contents[i].Write(path);
                    }
                    else
                    {
                        Assert.Contains(SafeTensors.Read(path), contents);
                    }
                }
                catch (IOException) when (i < 4)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });
        Assert.InRange(refused, 0, 99);
        Assert.Contains(SafeTensors.Read(path), contents);
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_a_killed_writer_left_is_deleted_and_nothing_else()
    {
        var path = At("run");
        var abandoned = $"{path}.{Guid.NewGuid():N}.partial";
        string[] others = [At($"run2.{Guid.NewGuid():N}.partial"), At("run.old.partial"), At("run.partial"), $"{path}.{Guid.NewGuid():N}"];
        foreach (var file in others.Append(abandoned))
        {
            File.WriteAllText(file, "x");
        }

        SafeTensors.Empty.Write(path);
        Assert.Equal(others.Append(path).Order(StringComparer.Ordinal), Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    private string At(string file) => Path.Combine(_folder, file);
}
