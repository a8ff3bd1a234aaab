using Xunit;

namespace FunctionalGrad.Tests.Architecture;

public class PublicApiTests
{
    public static TheoryData<string> Libraries => new(Repository.Libraries);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_api_is_the_one_that_is_written_down(string library)
    {
        var path = Repository.At("tests", "api", library + ".txt");
        var actual = PublicApi.Of(library);
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        var written = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        var change = Change(written.Split('\n'), actual.Split('\n'));
        Assert.True(written == actual, $"""
            The public API of {library} differs from tests/api/{library}.txt:
            {change}
            If that is intended, run

                UPDATE_API=1 dotnet test

            and commit the changed file.
            """);
    }

    private static string Change(string[] written, string[] actual) => string.Join('\n',
        [.. written.Except(actual).Select(line => "- " + line.Trim()), .. actual.Except(written).Select(line => "+ " + line.Trim())]);
}
