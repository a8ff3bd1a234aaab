using Xunit;

namespace FunctionalGrad.Tests.Architecture;

public class FolderOrderTests
{
    // Each folder of the core may use what the folders before it declare. The root, with the front doors, comes last.
    private static readonly string[] Folders =
        ["Tensors", "Graph", "Primitives", "Transforms", "Printing", "Evaluation", "Control", "Tracing", "Compilation", "Parameters", "Diagnosis", "Reading"];

    // Exceptions: the folder on the left may use the later one on the right.
    private static readonly HashSet<(string From, string To)> Allowances = [];

    [Fact]
    public void No_folder_of_the_core_uses_a_later_one()
    {
        var core = Repository.At("src", "FunctionalGrad");
        var files = Directory.GetFiles(core, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(core, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(core, path)));
        var violations = new FolderOrder(Folders, Allowances).Violations(files);
        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    [Fact]
    public void Every_folder_of_the_core_has_its_place_in_the_order()
    {
        var folders = Directory.GetDirectories(Repository.At("src", "FunctionalGrad")).Select(folder => Path.GetFileName(folder));
        Assert.Empty(folders.Except(Folders).Except(["bin", "obj"]));
    }

    [Theory]
    [InlineData("class A { Above b; }", "Upper.Above")]
    [InlineData("class A { object b = new Above(); }", "Upper.Above")]
    [InlineData("class A { int B() => Above.Value; }", "Upper.Above.Value")]
    [InlineData("class A { object B(Both x) => x + x; }", "operator +")]
    [InlineData("class A { object B() { var x = Both.Make(); return x; } }", "Both.Make")]
    public void A_use_of_a_later_folder_is_found(string lower, string used)
    {
        var found = Check("using Upper; " + lower);
        Assert.Contains(found, line => line.StartsWith("Tensors/A.cs:1 uses", StringComparison.Ordinal) && line.Contains(used));
    }

    [Theory]
    [InlineData("class A { int Above => 1; int B => Above; }")]
    [InlineData("class A { Both b; }")]
    [InlineData("class A { string B => nameof(System.Math); }")]
    public void A_name_that_only_looks_like_one_is_not(string lower) => Assert.Empty(Check(lower));

    [Fact]
    public void An_allowance_is_heard()
    {
        var order = new FolderOrder(["Tensors", "Graph"], new HashSet<(string, string)> { ("Tensors", "Graph") });
        Assert.Empty(order.Violations(Sources("class A { Upper.Above b; }")));
    }

    private static IReadOnlyList<string> Check(string lower) =>
        new FolderOrder(["Tensors", "Graph"], new HashSet<(string, string)>()).Violations(Sources(lower));

    private static Dictionary<string, string> Sources(string lower) => new()
    {
        ["Tensors/A.cs"] = lower,
        ["Tensors/Both.cs"] = "public partial class Both { }",
        ["Graph/Both.cs"] = "public partial class Both { public static Both Make() => null; "
            + "public static Both operator +(Both a, Both b) => a; }",
        ["Graph/Above.cs"] = "namespace Upper { public class Above { public const int Value = 1; } }",
        ["Front.cs"] = "class Front { Both b; Upper.Above c; }",
    };
}
