using FunctionalGrad.Samples;
using FunctionalGrad.Samples.MicroGpt;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

public sealed class NameListTests
{
    [Theory]
    [InlineData("ada\nbob\n")]
    [InlineData("ada\nbob")]
    [InlineData("ada\r\nbob\r\n")]
    [InlineData("ada\r\nbob")]
    public void Lines_may_end_in_any_way(string text) => Assert.Equal(["ada", "bob"], NameList.Parse("names", text));

    [Theory]
    [InlineData("", "names is empty")]
    [InlineData("\n", "line 1: the line is empty")]
    [InlineData("ada\n\nbob", "line 2: the line is empty")]
    [InlineData("ada\nbob\n\n", "line 3: the line is empty")]
    [InlineData("ada\nBob", "line 2: character 1 is “B” (U+0042)")]
    [InlineData("ada\nbob\nzoë", "line 3: character 3 is “ë” (U+00EB)")]
    [InlineData("ada\nb 😀", "line 2: character 2 is a space")]
    [InlineData("ada\nb😀", "line 2: character 2 is “😀” (U+1F600)")]
    [InlineData("ada,bob", "line 1: character 4 is “,” (U+002C)")]
    [InlineData("ada\tbob", "line 1: character 4 is a tab")]
    [InlineData("ada\r\r\nbob", "line 1: character 4 is U+000D")]
    [InlineData("ada\u0000", "line 1: character 4 is U+0000")]
    [InlineData("ada\uFFFD", "line 1: character 4 is not valid UTF-8 text")]
    public void What_is_no_name_is_said_with_its_line_and_what_is_allowed(string text, string says) =>
        Errors.Say<UserErrorException>(() => NameList.Parse("names", text), says, "names", "letters a to z");

    [Fact]
    public void The_names_that_come_with_the_sample_are_all_there()
    {
        var names = NameList.Embedded();
        Assert.Equal(1513, names.Length);
        Assert.Equal(("aaron", "zon"), (names[0], names[^1]));
        Assert.All(names, name => Assert.InRange(name.Length, 2, 14));
    }

    [Fact]
    public void Names_txt_is_read_whole() =>
        Assert.Equal(32033, NameList.Read(Oracle.Shared("data", "names.txt")).Length);

    [Fact]
    public void What_is_no_file_is_said()
    {
        var missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        Errors.Say<UserErrorException>(() => NameList.Read(missing), $"there is no file {missing}");
        Errors.Say<UserErrorException>(() => NameList.Read(Path.GetTempPath()), "is a folder");
    }

    [Fact]
    public void A_name_becomes_numbers_between_boundaries() => Assert.Equal([26, 0, 3, 0, 26], Alphabet.Encode("ada"));
}
