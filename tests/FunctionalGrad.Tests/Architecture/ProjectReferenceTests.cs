using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace FunctionalGrad.Tests.Architecture;

public class ProjectReferenceTests
{
    // A library may refer to those on the right of it, and to no other project.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["FunctionalGrad"] = [],
        ["FunctionalGrad.Learning"] = ["FunctionalGrad"],
        ["FunctionalGrad.MathNet"] = ["FunctionalGrad"],
        ["FunctionalGrad.FSharp"] = ["FunctionalGrad"],
        ["FunctionalGrad.Laws"] = ["FunctionalGrad", "FunctionalGrad.FSharp"],
    };

    // What the core is built on, besides the .NET runtime.
    private static readonly string[] CorePackages = ["System.Numerics.Tensors"];

    [Fact]
    public void Every_library_is_in_the_table() =>
        Assert.Equal(
            Allowed.Keys.Order(),
            Directory.GetDirectories(Repository.At("src")).Select(folder => Path.GetFileName(folder)).Order());

    [Fact]
    public void Libraries_refer_only_to_the_libraries_below_them()
    {
        foreach (var (library, allowed) in Allowed)
        {
            var folder = Repository.At("src", library);
            var project = Directory.GetFiles(folder, library + ".*proj").Single();
            var referred = XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetFullPath(Path.Combine(folder, reference.Attribute("Include")!.Value)));
            var permitted = allowed.Select(name => Repository.At("src", name));
            Assert.All(referred, path => Assert.Contains(Path.GetDirectoryName(path), permitted));
        }
    }

    [Fact]
    public void The_core_names_no_package_but_one()
    {
        var references = File.ReadAllLines(Repository.At("src", "FunctionalGrad", "paket.references"));
        Assert.Equal(CorePackages, references.Select(line => line.Trim()).Where(line => line.Length > 0));
        var project = XDocument.Load(Repository.At("src", "FunctionalGrad", "FunctionalGrad.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("Reference"));
    }

    [Fact]
    public void The_core_is_linked_against_the_runtime_and_that_package_alone()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var foreign = Assembly.Load("FunctionalGrad").GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !File.Exists(Path.Combine(runtime, name + ".dll")))
            .Except(CorePackages);
        Assert.Empty(foreign);
    }
}
