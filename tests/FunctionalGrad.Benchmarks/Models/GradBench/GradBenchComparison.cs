using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FunctionalGrad.Samples.GradBench;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A problem of GradBench as the sample that takes part there runs it, against straightforward loops with the derivative worked
/// out by hand. It always makes machine code.
/// </summary>
/// <param name="module">The problem.</param>
/// <param name="function">Its function.</param>
/// <param name="derivative">What is asked of it.</param>
internal abstract class GradBenchComparison(string module, string function, string derivative) : IComparison
{
    private Evaluation? _function;
    private Evaluation? _derivative;

    public bool HasTuned => false;

    public int JobsPerCall => 1;

    public long? WorkingBytes => null;

    public string Listing => $"{module}.{derivative}: what runs is behind functions";

    public void Build()
    {
    }

    public void Compile(CodeGeneration generation)
    {
        var bytes = Encoding.UTF8.GetBytes(Json(Input()));
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        var input = Argument.Read(ref reader, "input");
        var problem = Samples.GradBench.Catalogue.Problems.Single(problem => problem.Module == module);
        (_function, _derivative) = (problem.Function(function)(input), problem.Function(derivative)(input));
    }

    public void Check()
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output);
        var evaluation = Compiled();
        ((Evaluation)evaluation).Write(writer);
        writer.Flush();
        using var parsed = JsonDocument.Parse(output.WrittenMemory);
        double[] numbers = [.. Answer(parsed.RootElement)];
        Agreement.Require("the compiled program", [ByLoops()[..numbers.Length]], [numbers]);
    }

    public object Straightforward() => ByLoops();

    public object Tuned() => throw new NotSupportedException("there is no tuned version of this row");

    public object Compiled() => Ran(_derivative);

    public object FunctionAlone() => Ran(_function);

    /// <summary>The input: numbers, arrays of numbers, truth values and dictionaries of such.</summary>
    protected abstract Dictionary<string, object> Input();

    /// <summary>The derivative by hand, its numbers in the order of the answer.</summary>
    protected abstract double[] ByLoops();

    /// <summary>The numbers of an answer that the loops give too.</summary>
    protected virtual IEnumerable<double> Answer(JsonElement output) => output.ValueKind == JsonValueKind.Number
        ? [output.GetDouble()]
        : output.EnumerateArray().SelectMany(Answer);

    /// <summary>Numbers in rows of a length.</summary>
    protected static double[][] Rows(double[] numbers, int length) => [.. numbers.Chunk(length)];

    private static Evaluation Ran(Evaluation? evaluation)
    {
        var ran = evaluation ?? throw new InvalidOperationException("call Compile before running");
        ran.Run();
        return ran;
    }

    private static string Json(object value) => value switch
    {
        Dictionary<string, object> parts => $"{{{string.Join(',', parts.Select(part => $"\"{part.Key}\":{Json(part.Value)}"))}}}",
        bool flag => flag ? "true" : "false",
        IEnumerable items => $"[{string.Join(',', items.Cast<object>().Select(Json))}]",
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
    };
}
