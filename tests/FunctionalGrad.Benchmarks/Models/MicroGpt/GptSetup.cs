using System.Collections.Immutable;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Benchmarks;

/// <summary>What the sample MicroGpt trains: its names in its order, its model, its first parameters, its optimiser.</summary>
internal static class GptSetup
{
    public const int Context = 16;
    public const int Width = 16;
    public const int Heads = 4;
    public const int Hidden = 64;
    public const int Vocabulary = 27;
    public const int Boundary = 26;
    public const double FirstRate = 0.01;
    public const double Beta1 = 0.85;
    public const double Beta2 = 0.99;
    public const double Epsilon = 1e-8;
    public const int Steps = 1_000;

    static GptSetup()
    {
        using var stream = typeof(GptSetup).Assembly.GetManifestResourceStream("given-names.txt")!;
        using var reader = new StreamReader(stream);
        string[] names = reader.ReadToEnd().Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var (shuffled, next) = MersenneTwister.FromSeed(42).Shuffle(names);
        Documents = [.. shuffled.Take(Steps).Select(name => (int[])[Boundary, .. name.Select(letter => letter - 'a'), Boundary])];
        ImmutableArray<Variable> drawn =
            [Model.Tokens.Table, Model.Positions.Table, Model.Output.Weight, .. Model.Blocks.SelectMany(block => block.Parameters)];
        Start = next.Fill(drawn.AsSpan(), generator => generator.Gauss(0, 0.08)).Point;
    }

    public static Transformer Model { get; } = Transformer.Of(Vocabulary, Context, Width, Heads);

    public static Optimiser Adam { get; } = Optimiser.Adam(Beta1, Beta2, Epsilon);

    /// <summary>The names that 1,000 steps learn from, as letters between boundaries.</summary>
    public static ImmutableArray<int[]> Documents { get; }

    public static Point<double> Start { get; }

    /// <summary>How many letters of a document are guessed.</summary>
    public static int LengthOf(int[] document) => Math.Min(document.Length - 1, Context);

    public static double RateAt(int step) => FirstRate * (1 - ((double)step / Steps));
}
