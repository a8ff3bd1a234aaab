using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace FunctionalGrad.Samples.Guide;

/// <summary>One page: what it is called, and the numbers that it shows.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What it is about, in a line.</param>
/// <param name="Data">Its numbers, from runs of the library.</param>
internal sealed record Page(int Number, string Title, string Summary, Func<CancellationToken, JsonObject> Data)
{
    public string File => string.Create(CultureInfo.InvariantCulture, $"{Number}.html");
}

/// <summary>The nine pages, and the index.</summary>
internal static class Book
{
    public static ImmutableArray<Page> Pages { get; } =
    [
        new(1, "An expression is a value", "A formula as a graph that holds no numbers.", _ => Formulas.Value()),
        new(2, "A derivative for each operation", "The calculus table, from the library’s own declarations.", _ => Formulas.Calculus()),
        new(3, "Push and mutate", "The tutorials’ way, one += at a time, and five ways to break it.", _ => Formulas.Push()),
        new(4, "Pull and sum", "The same graph; each adjoint is defined once.", _ => Formulas.Pull()),
        new(5, "A gradient is a map", "Add two examples’ maps and get the batch’s.", _ => Formulas.Maps()),
        new(6, "Time travel", "micrograd’s example, forwards and backwards, every map kept.", _ => Formulas.TimeTravel()),
        new(7, "Training is a fold", "A net learns two moons; each of 101 states is still there.", MoonsStory.Data),
        new(8, "A GPT", "A real train step, from the loss back to the embeddings.", GptStory.Data),
        new(9, "The derivative of a derivative", "The gradient is a graph, so differentiate it again.", _ => HigherOrder.Data()),
    ];

    /// <summary>Writes all pages into a folder.</summary>
    /// <returns>The path of the index.</returns>
    /// <exception cref="UserErrorException">The folder cannot be made or written to.</exception>
    public static string Write(string folder, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--out {folder}: {problem.Message}; name a folder that can be made");
        }

        foreach (var page in Pages)
        {
            cancellation.ThrowIfCancellationRequested();
            OutputFile.Write(Path.Combine(folder, page.File), [Shell.Page(page, page.Data(cancellation))]);
        }

        var index = Path.GetFullPath(Path.Combine(folder, "index.html"));
        OutputFile.Write(index, [Shell.Index()]);
        output.WriteLine($"The guide is in {index}");
        return index;
    }
}
