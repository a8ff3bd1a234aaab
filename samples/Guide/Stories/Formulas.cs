using System.Text.Json.Nodes;
using FunctionalGrad.Samples.Micrograd;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Samples.Guide;

/// <summary>Pages 1 to 6: a formula each, which the reader may edit.</summary>
internal static class Formulas
{
    public static JsonObject Value()
    {
        var (x, y) = (Variable("x"), Variable("y"));
        Expr a = x * y;
        Expr b = a + 1;
        return Page(new("a = x * y; b = a + 1; c = b * sin(a)", b * Sin(a), Point.Of((x, 2.0), (y, 0.5))));
    }

    public static JsonObject Calculus()
    {
        var (w, x) = (Variable("w"), Variable("x"));
        Expr s = w * x;
        Expr h = Tanh(s);
        return Page(new("s = w * x; h = tanh(s); y = h^2 + s", h.Square() + s, Point.Of((w, 0.6), (x, 1.5))));
    }

    public static JsonObject Push() => WithRemarks(Page(Doubled()));

    public static JsonObject Pull() => WithRemarks(Page(Doubled()));

    public static JsonObject Maps()
    {
        var (w, x, b, y) = (Variable("w"), Variable("x"), Variable("b"), Variable("y"));
        var guess = (w * x) + b;
        var page = WithRemarks(Page(new("guess = w * x + b; loss = (guess - y)^2", (guess - y).Square(), Point.Of((w, 0.5), (x, 1.0), (b, 0.0), (y, 2.0)))));
        page["examples"] = new JsonArray(
            new JsonObject { ["x"] = 1.0, ["y"] = 2.0 },
            new JsonObject { ["x"] = 3.0, ["y"] = 1.0 });
        return page;
    }

    public static JsonObject TimeTravel()
    {
        const string formula = "c = a + b; d = a*b + b^3; c = c + (c + 1); c = c + (1 + c + -a); d = d + (d*2 + relu(b + a)); d = d + (3*d + relu(b - a)); e = c - d; f = e^2; g = f/2 + 10/f";
        var page = WithRemarks(Page(new(formula, ReadmeExample.G, ReadmeExample.At)));
        page["story"]!["start"] = 27;
        return page;
    }

    private static FormulaRun Doubled()
    {
        var a = Variable("a");
        Expr b = a + a;
        return new("b = a + a; c = b + b", b + b, Point.Of((a, 1.0)));
    }

    private static JsonObject Page(FormulaRun run) => new()
    {
        ["table"] = CalculusTable.Rows(),
        ["story"] = run.Story(),
        ["runs"] = new JsonArray(run.Run()),
    };

    // For bugs that the formula of the page happens to survive: one that it does not.
    private static JsonObject WithRemarks(JsonObject page)
    {
        JsonObject Example(string formula) => new() { ["formula"] = formula, ["inputs"] = new JsonObject { ["a"] = 1.0 } };
        page["remarks"] = new JsonObject
        {
            ["order"] = Example("b = a * 2; c = b * 3; d = b + c"),
            ["set"] = Example("b = a + a; c = b * b"),
            ["assign"] = Example("b = a + a; c = b * b"),
        };
        return page;
    }
}
