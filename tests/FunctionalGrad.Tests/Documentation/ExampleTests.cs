namespace FunctionalGrad.Tests.Documentation;

/// <summary>Every example in the documentation and every C# block of the README runs and prints what it says.</summary>
public sealed class ExampleTests
{
    public static TheoryData<int, string> Indices
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < ExampleAssembly.Examples.Count; i++)
            {
                data.Add(i, ExampleAssembly.Examples[i].Where);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void AnExampleDoesWhatItSays(int index, string where)
    {
        var failures = ExampleAssembly.Failures(index);
        Assert.True(failures.Count == 0, $"{where}: {string.Join("\n", failures)}");
    }
}
