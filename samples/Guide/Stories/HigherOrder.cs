using System.Text.Json.Nodes;
using FunctionalGrad.Samples.Micrograd;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Samples.Guide;

/// <summary>Page 9: functions and their derivatives up to the fourth, as graphs and as numbers; and a Hessian.</summary>
internal static class HigherOrder
{
    private const int Orders = 4;
    private const int Samples = 160;

    public static JsonObject Data()
    {
        var x = Variable("x");
        return new()
        {
            ["table"] = CalculusTable.Rows(),
            ["functions"] = new JsonArray(
                Function("x · sin x", x, x * Sin(x), -6, 6),
                Function("a bell, e^(−x²)", x, Exp(-x.Square()), -3, 3),
                Function("a double well", x, (Pow(x, 4) / 4) - x.Square(), -2.2, 2.2),
                Function("tanh x", x, Tanh(x), -3, 3)),
            ["hessian"] = Hessian(),
        };
    }

    private static JsonObject Function(string name, Variable x, Expr f, double low, double high)
    {
        JsonArray orders = [];
        var derivative = f;
        for (var order = 0; order <= Orders; order++)
        {
            orders.Add(new JsonObject
            {
                ["text"] = derivative.ToString().Replace('-', '−'),
                ["nodes"] = Nodes(derivative),
                ["values"] = Numbers.Array(Enumerable.Range(0, Samples + 1).Select(i => derivative.Evaluate(Point.Of((x, low + ((high - low) * i / Samples)))).ToScalar())),
            });
            var raw = derivative.Gradient(x)[x];
            orders[order]!["grown"] = TopologicalOrder.Of(raw).Count;
            derivative = raw.Simplify().ShareCommonSubexpressions();
        }

        return new() { ["name"] = name, ["from"] = low, ["to"] = high, ["orders"] = orders };
    }

    // The graph as the pages' own evaluator has it.
    private static JsonArray Nodes(Expr root)
    {
        var order = TopologicalOrder.Of(root);
        return [.. Enumerable.Range(0, order.Count).Select(i => Node(order, i))];
    }

    private static JsonNode Node(TopologicalOrder order, int position) => order.Nodes[position] switch
    {
        Variable variable => new JsonObject { ["operation"] = "variable", ["given"] = variable.Name, ["inputs"] = new JsonArray() },
        Constant constant => new JsonObject { ["operation"] = "constant", ["number"] = constant.Value.ToScalar(), ["inputs"] = new JsonArray() },
        Application { Primitive: var primitive } => new JsonObject
        {
            ["operation"] = primitive.Name == "integer power" ? $"pow:{primitive.Parameters["n: ".Length..]}" : primitive.Name,
            ["inputs"] = new JsonArray([.. order.InputsOf(position).ToArray().Select(input => (JsonNode)input)]),
        },
        var other => throw new InvalidOperationException($"{other.GetType()} is not a kind of expression"),
    };

    // Each entry by two routes: reverse over reverse, and forward over reverse.
    private static JsonObject Hessian()
    {
        var (g, at, gradient) = (ReadmeExample.G, ReadmeExample.At, ReadmeExample.Gradient);
        JsonArray entries = [];
        foreach (var first in gradient.Variables)
        {
            foreach (var second in gradient.Variables)
            {
                entries.Add(new JsonObject
                {
                    ["by"] = new JsonArray(first.Name, second.Name),
                    ["reverse"] = gradient[first].Gradient(second).Evaluate(at)[second].ToScalar(),
                    ["forward"] = gradient[first].Pushforward(GradientMap<Expr>.Of((second, 1.0))).Evaluate(at).ToScalar(),
                });
            }
        }

        return new()
        {
            ["entries"] = entries,
            ["at"] = new JsonObject(at.Select(entry => KeyValuePair.Create(entry.Key.Name, (JsonNode?)entry.Value.ToScalar()))),
            ["gradient"] = new JsonObject(gradient.Evaluate(at).Select(entry => KeyValuePair.Create(entry.Key.Name, (JsonNode?)entry.Value.ToScalar()))),
            ["value"] = g.Evaluate(at).ToScalar(),
        };
    }
}
