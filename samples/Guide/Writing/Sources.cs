using System.Collections.Immutable;
using System.Text;

namespace FunctionalGrad.Samples.Guide;

/// <summary>The hand-written parts of the pages, which come with the program.</summary>
internal static class Sources
{
    // Each file may use those before it.
    private static readonly ImmutableArray<string> Formulas =
    [
        "view/elements.js", "view/numbers.js",
        "engine/kernels.js", "engine/operations.js", "engine/graph.js", "engine/reader.js", "engine/pull.js", "engine/push.js",
        "view/layout.js", "view/drawing.js", "view/formulas.js", "view/stepper.js", "view/formula.js", "view/maps.js", "view/plot.js",
        "view/lab.js", "view/breaking.js",
    ];

    // Pages 7 and 8 show runs of larger models, which no formula on a page could be.
    private static readonly ImmutableArray<string> Runs =
        ["view/elements.js", "view/numbers.js", "view/layout.js", "view/stepper.js", "view/plot.js", "view/heat.js"];

    public static string Text(string name)
    {
        using var stream = typeof(Sources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing from this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The program of a page: the files that it needs, one after another.</summary>
    public static string Script(int page) => string.Join(
        "\n",
        (page is 7 or 8 ? Runs : Formulas).Append($"pages/{page}.js").Select(Text)
            .Prepend("const DATA = JSON.parse(document.getElementById(\"data\").textContent);\n"));
}
