using System.Text;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

/// <summary>A file that is not what it should be is refused whole, with the byte and what was expected there.</summary>
public sealed class SafeTensorsRefusalTests
{
    private const string Fine = """{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""";

    [Theory]
    [InlineData(Fine, 15, 8 + 55 + 15, "15 bytes of numbers", "its tensors have 16", "cut")]
    [InlineData(Fine, 17, 8 + 55 + 16, "after 16 bytes", "goes on to 17")]
    [InlineData("", 0, 8, "begins with {", "with nothing")]
    [InlineData("[]", 0, 8, "begins with {", "0x5b")]
    [InlineData(" {}", 0, 8, "begins with {", "0x20")]
    [InlineData("{} x", 0, 11, "no JSON")]
    [InlineData("{\"a\":", 0, 13, "no JSON")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", 4, 22, "“a”", "“BF16”", "F64 and F32 are read")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", 8, 9, "“a”", "F64", "[2]", "takes 16 bytes", "leave it 8")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}""", 16, 9, "[16, 0]")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0]}}""", 16, 9, "[0]", "two numbers")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2]}}""", 16, 9, "“a” has no data_offsets")]
    [InlineData("""{"a":{"dtype":"F64","data_offsets":[0,8]}}""", 8, 9, "“a” has no shape")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,16]}}""", 16, 9, "“a” has no dtype")]
    [InlineData("""{"a":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}}""", 16, 37, "shape holds “-2”", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2.0],"data_offsets":[0,16]}}""", 16, 37, "“2.0”")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2e0],"data_offsets":[0,16]}}""", 16, 37, "“2e0”")]
    [InlineData("""{"a":{"dtype":"F64","shape":["2"],"data_offsets":[0,16]}}""", 16, 37, "a text")]
    [InlineData("""{"a":{"dtype":"F64","shape":[[2]],"data_offsets":[0,16]}}""", 16, 37, "no JSON that a header can be", "depth")]
    [InlineData("""{"a":{"dtype":"F64","shape":2,"data_offsets":[0,16]}}""", 16, 36, "“shape” is “2”", "a list")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, 9, "[4294967296, 4294967296]", "at most 2,147,483,591")]
    [InlineData("""{"a":{"dtype":"F64","shape":[0,2147483591,2147483591],"data_offsets":[0,0]}}""", 0, 9, "at most 2,147,483,591")]
    [InlineData("""{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 0, 9, "at most 2,147,483,591")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2147483591],"data_offsets":[0,17179868728]}}""", 16, 8 + 73 + 16, "16 bytes of numbers", "17,179,868,728")]
    [InlineData("""{"a":{"dtype":"F64","shape":[18446744073709551616],"data_offsets":[0,0]}}""", 0, 37, "“18446744073709551616”")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[16,24]}}""", 24, 62, "“b” leaves a gap", "begin at 16", "end at 8")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}""", 12, 62, "“b” overlaps", "begin at 4", "end at 8")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", 16, 9, "“a” leaves a gap", "begin at 8")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"\u0061":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", 16, 62, "“a” stands here and at byte 9")]
    [InlineData("""{"a":{"dtype":"F64","dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, 28, "“dtype”", "once each")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"scale":2}}""", 8, 61, "“scale”", "no meaning")]
    [InlineData("""{"a":[]}""", 0, 13, "“a” is a list", "an object")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, 29, "“k” is “1”", "a text")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, 33, "“k” stands twice")]
    [InlineData("""{"__metadata__":[]}""", 0, 24, "“__metadata__” is a list")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, 27, "“__metadata__” stands here and at byte 9")]
    [InlineData("""{"\ud83c":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}""", 0, 9, "UTF-8")]
    public void A_wrong_header_is_refused(string header, int data, long offset, params string[] says)
    {
        var problem = Assert.Throws<CheckpointException>(() => SafeTensors.Read(SafeTensorsFile.Of(header, new byte[data])));
        Assert.StartsWith($"the stream, byte {offset}: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal(offset, problem.Offset);
        Assert.All(says, part => Assert.Contains(part, problem.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "byte 0: the file ends here", "cut")]
    [InlineData(7, "byte 7: the file ends here", "8 bytes")]
    [InlineData(8, "byte 0", "header 55 bytes", "0 follow")]
    [InlineData(62, "byte 0", "header 55 bytes", "54 follow")]
    [InlineData(63, "byte 63", "after 0 bytes of numbers", "have 16")]
    [InlineData(78, "byte 78", "after 15 bytes of numbers", "have 16")]
    public void A_cut_file_is_refused(int length, params string[] says) =>
        Errors.Say<CheckpointException>(() => SafeTensors.Read(SafeTensorsFile.Of(Fine, new byte[16]).AsSpan(0, length)), says);

    [Theory]
    [InlineData(100_000_001, "100,000,001", "at most 100,000,000")]
    [InlineData(ulong.MaxValue, "18,446,744,073,709,551,615", "at most 100,000,000")]
    [InlineData(1ul << 63, "9,223,372,036,854,775,808")]
    [InlineData(56ul + 16, "72 bytes", "71 follow")]
    public void A_header_that_claims_too_much_is_refused_before_room_is_made(ulong claimed, params string[] says)
    {
        var bytes = SafeTensorsFile.Of(claimed, Encoding.UTF8.GetBytes(Fine), new byte[16]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Errors.Say<CheckpointException>(() => SafeTensors.Read(bytes), says);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] header = [.. "{\""u8, 0xff, .. "\":{\"dtype\":\"F64\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8];
        Errors.Say<CheckpointException>(() => SafeTensors.Read(SafeTensorsFile.Of(header, [])), "byte 9", "UTF-8");
    }

    [Fact]
    public void A_stream_of_unknown_length_is_refused()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        Errors.Say<ArgumentException>(() => SafeTensors.Read(pipe, "the pipe"), "the pipe does not know its length", "MemoryStream");
    }

    [Fact]
    public void An_error_shows_a_hostile_name_short_and_on_one_line()
    {
        var name = new string('x', 100_000) + "\\n\\u001b[31m";
        var problem = Assert.Throws<CheckpointException>(() => SafeTensors.Read(SafeTensorsFile.Of("{\"\\u001b[2J\\n" + name + "\":{\"dtype\":\"I8\"}}", [])));
        Assert.InRange(problem.Message.Length, 1, 500);
        Assert.DoesNotContain(problem.Message, char.IsControl);
    }
}
