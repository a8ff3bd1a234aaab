using Xunit;

namespace FunctionalGrad.Tests.Documentation;

/// <summary>Every example in the documentation and every C# block of the README runs and prints what it says.</summary>
public sealed class ExampleTests
{
    private static readonly Lazy<ExampleAssembly> Documentation = new(() => new([.. Example.All]));

    public static TheoryData<int, string> Indices
    {
        get
        {
            var data = new TheoryData<int, string>();
            var i = 0;
            foreach (var example in Example.All)
            {
                data.Add(i++, example.Where);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void An_example_does_what_it_says(int index, string where)
    {
        var failures = Documentation.Value.Failures(index);
        Assert.True(failures.Count == 0, $"{where}: {string.Join("\n", failures)}");
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void An_example_claims_something(int index, string where) =>
        Assert.True(Documentation.Value.Examples[index].ClaimsSomething, $"{where} claims no result; end a line with `;   // what it prints`");

    [Theory]
    [InlineData("1 + 1;      // 3", "says 3 where the code gives 2")]
    [InlineData("Tensor.Of(1.0, 2.0);      // [1, 3]", "says [1, 3] where the code gives [1, 2]")]
    [InlineData("var x = 1;\nx;      // 2: a remark", "says 2: a remark where the code gives 1")]
    [InlineData("int.Parse(\"x\");      // 0", "FormatException")]
    [InlineData("Expr.NoSuchThing;      // 0", "does not compile")]
    [InlineData("Math.Max(\n1,\n2);      // 2", "whole expression")]
    public void An_example_that_says_what_is_not_so_is_caught(string code, string says)
    {
        var assembly = new ExampleAssembly([Example.Of("right", "1 + 1;      // 2"), Example.Of("wrong", code)]);
        Assert.Empty(assembly.Failures(0));
        Assert.Contains(says, Assert.Single(assembly.Failures(1)));
    }

    [Theory]
    [InlineData("1 + 1;      // 2: a remark")]
    [InlineData("// A comment; // is no claim\nvar t = Tensor.Of(1.0); // and neither is this\nt[0];   // 1")]
    [InlineData("using System.Text;\nnew StringBuilder { Length = 0 }.Append(1.5);   // 1.5")]
    [InlineData("var (a, b) = (1, 2);   // a pair\nb = 3;   // an assignment\n(a, b);   // (1, 3)")]
    public void An_example_that_says_what_is_so_passes(string code)
    {
        var example = Example.Of("right", code);
        Assert.True(example.ClaimsSomething);
        Assert.Empty(new ExampleAssembly([example]).Failures(0));
    }

    [Fact]
    public void A_row_of_a_table_is_an_example()
    {
        const string table = "| what | code | gives |\n|---|---|---|\n| a sum | `1 + 1` | `3` |\n| no code | `x` | text |\n| a sine | `Sin(0.0).Evaluate()` | `0` |\n";
        var rows = Example.Rows(table).Select((row, i) => Example.Of($"row {i}", row)).ToList();
        Assert.Equal(2, rows.Count);
        var assembly = new ExampleAssembly(rows);
        Assert.Contains("says 3 where the code gives 2", Assert.Single(assembly.Failures(0)));
        Assert.Empty(assembly.Failures(1));
    }

    [Fact]
    public void An_example_without_a_claim_is_noticed() => Assert.False(Example.Of("silent", "var x = 1;   // nothing").ClaimsSomething);
}
