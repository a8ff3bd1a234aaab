using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace FunctionalGrad.Tests.Samples;

/// <summary>The tool of GradBench as a process of its own, which is told messages line by line.</summary>
internal sealed class GradBenchTool : IDisposable
{
    private readonly Process _process;
    private int _next;

    public GradBenchTool(params string[] options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "GradBench.dll"));
        foreach (var option in options)
        {
            start.ArgumentList.Add(option);
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Sends a line as it is, and returns the answer.</summary>
    public JsonNode Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the tool ended"))!;
    }

    /// <summary>Sends a message with the next number, which the answer must repeat.</summary>
    public JsonNode Ask(JsonNode message)
    {
        message["id"] = _next;
        var answer = Say(message.ToJsonString());
        Assert.Equal(_next++, answer["id"]!.GetValue<int>());
        return answer;
    }

    /// <summary>Asks for a function's value once.</summary>
    public JsonNode Evaluate(string module, string function, JsonNode input)
    {
        if (input is JsonObject parts)
        {
            (parts["min_runs"], parts["min_seconds"]) = (1, 0);
        }

        return Ask(new JsonObject { ["kind"] = "evaluate", ["module"] = module, ["function"] = function, ["input"] = input.DeepClone() });
    }

    /// <summary>The numbers that a function gives, in the order in which they stand; the answer must be a success.</summary>
    public double[] Numbers(string module, string function, JsonNode input)
    {
        var answer = Evaluate(module, function, input);
        Assert.True(answer["success"]!.GetValue<bool>(), answer["error"]?.ToString());
        Assert.True(answer["timings"]!.AsArray().Count >= 1);
        return [.. NumbersIn(answer["output"]!)];
    }

    /// <summary>The error that a function gives in place of a value.</summary>
    public string Error(string module, string function, JsonNode input)
    {
        var answer = Evaluate(module, function, input);
        Assert.False(answer["success"]!.GetValue<bool>());
        return answer["error"]!.ToString();
    }

    /// <summary>Ends the input; the tool must then end by itself.</summary>
    public void End()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(60_000));
        Assert.Equal(0, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    public static IEnumerable<double> NumbersIn(JsonNode value) => value switch
    {
        JsonObject parts => parts.OrderBy(part => part.Key, StringComparer.Ordinal).SelectMany(part => NumbersIn(part.Value!)),
        JsonArray items => items.SelectMany(item => NumbersIn(item!)),
        _ => [value.GetValue<JsonElement>().GetDouble()],
    };
}
