using System.Text.Json.Nodes;

namespace FunctionalGrad.Samples.Guide;

/// <summary>A formula, as the pages read it and as the library does, at a point; and the library's trace of it.</summary>
/// <param name="Formula">The formula in the pages' grammar.</param>
/// <param name="Loss">The same as an expression.</param>
/// <param name="At">The point.</param>
internal sealed record FormulaRun(string Formula, Expr Loss, Point<double> At)
{
    /// <summary>Formula and inputs, for a page to show.</summary>
    public JsonObject Story() => new() { ["formula"] = Formula, ["inputs"] = Inputs() };

    /// <summary>The same with the trace.</summary>
    public JsonObject Run()
    {
        var run = Story();
        run["trace"] = JsonNode.Parse(Loss.TraceGradient(At).ToJson());
        return run;
    }

    private JsonObject Inputs() => new(At.Select(entry => KeyValuePair.Create(entry.Key.Name, (JsonNode?)entry.Value.ToScalar())));
}
