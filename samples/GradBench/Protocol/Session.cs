using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>Answers messages one by one, each with one line; an error is an answer too, and the session goes on.</summary>
/// <param name="problems">What is offered.</param>
internal sealed class Session(ImmutableArray<Problem> problems)
{
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Answers until the input ends.</summary>
    public void Run(Stream input, Stream output)
    {
        var lines = new LineReader(input);
        while (lines.Next() is { } line)
        {
            Answer(line.Span);
            output.Write(_line.WrittenSpan);
            output.Flush();
        }
    }

    private void Answer(ReadOnlySpan<byte> line)
    {
        var request = new Request();
        try
        {
            request.Read(line);
            Write(request, writer => Answer(writer, request));
        }
        catch (JsonException problem)
        {
            Fail(request, $"the message is not JSON: {problem.Message}");
        }
        catch (Exception problem) when (problem is RequestException or ShapeException or IndexOutsideException or OverflowException or OutOfMemoryException)
        {
            Fail(request, problem.Message);
        }
    }

    private void Answer(Utf8JsonWriter writer, Request request)
    {
        switch (request.Kind)
        {
            case "start":
                writer.WriteString("tool", "functionalgrad");
                break;
            case "define":
                Define(writer, request.Module);
                break;
            case "evaluate":
                Evaluate(writer, request);
                break;
            default:
                break;
        }
    }

    private void Define(Utf8JsonWriter writer, string? module)
    {
        var isKnown = problems.Any(problem => problem.Module == module);
        writer.WriteBoolean("success", isKnown);
        if (!isKnown)
        {
            writer.WriteString("error", NoModule(module));
        }
    }

    private void Evaluate(Utf8JsonWriter writer, Request request)
    {
        var problem = problems.FirstOrDefault(problem => problem.Module == request.Module) ?? throw new RequestException(NoModule(request.Module));
        var prepare = problem.Function(request.Function);
        var input = request.Input ?? throw new RequestException($"an evaluate message needs an input for {request.Module}.{request.Function}");
        var repetition = Repetition.Of(input);
        var evaluation = prepare(input);
        var times = repetition.Time(evaluation);
        writer.WriteBoolean("success", true);
        writer.WritePropertyName("output");
        evaluation.Write(writer);
        writer.WriteStartArray("timings");
        foreach (var time in times)
        {
            writer.WriteStartObject();
            writer.WriteString("name", "evaluate");
            writer.WriteNumber("nanoseconds", time);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private string NoModule(string? module) =>
        $"there is no module {module ?? "without a name"}; there are {string.Join(", ", problems.Select(problem => problem.Module))}";

    private void Fail(Request request, string error) => Write(request, writer =>
    {
        writer.WriteBoolean("success", false);
        writer.WriteString("error", error);
    });

    // A line is written only when it is whole, so that an error in the midst of one leaves nothing behind.
    private void Write(Request request, Action<Utf8JsonWriter> fields)
    {
        _line.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_line);
        writer.WriteStartObject();
        if (request.Id is { } id)
        {
            writer.WriteNumber("id", id);
        }
        else
        {
            writer.WriteNull("id");
        }

        fields(writer);
        writer.WriteEndObject();
        writer.Flush();
        _line.Write("\n"u8);
    }
}
