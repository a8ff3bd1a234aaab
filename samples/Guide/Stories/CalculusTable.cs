using System.Globalization;
using System.Text.Json.Nodes;

namespace FunctionalGrad.Samples.Guide;

/// <summary>
/// The calculus table as the pages read it: a row for each elementwise primitive, all of it from the primitive's own
/// declaration. A partial derivative is a tree: a number, <c>"x0"</c> or <c>"x1"</c> for an operand, or
/// <c>[operation, tree, …]</c>.
/// </summary>
internal static class CalculusTable
{
    private const int Window = 3;

    // Whole powers are a family; these are the ones that a formula may have.
    private static readonly int[] Powers = [.. Enumerable.Range(-6, 16)];

    // Signs have no name in a formula; powers are written ^.
    private static readonly string[] Signs = ["add", "subtract", "multiply", "divide", "negate", "power"];

    // What a learner knows comes first; the rest as the library has it.
    private static readonly string[] First =
        [.. Signs, "pow:3", "sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "logistic", "relu", "softplus", "abs", "maximum", "minimum"];

    // What the pages do not compute, or a learner would not look for.
    private static readonly HashSet<string> LeftOut = ["polygamma", "digamma", "share", "stop gradient", "clamp", "integer power"];

    private static readonly Dictionary<string, string> Calls = new()
    {
        ["logistic"] = "sigmoid",
        ["maximum"] = "max",
        ["minimum"] = "min",
    };

    public static JsonArray Rows()
    {
        var elementwise = Primitive.All.DistinctBy(primitive => primitive.Name)
            .Where(primitive => primitive.Rule is Rule.Elementwise && !primitive.IsComparison && !LeftOut.Contains(primitive.Name));
        var rows = elementwise.Select(primitive => Row(primitive, primitive.Name, listed: true));
        var x = Expr.Variable("x");
        var powers = Powers.Select(n => Row(((Application)Expr.Pow(x, n)).Primitive, string.Create(CultureInfo.InvariantCulture, $"pow:{n}"), listed: n == 3));
        return [.. rows.Concat(powers).OrderBy(row => Array.IndexOf(First, (string)row["operation"]!) is >= 0 and var place ? place : First.Length)];
    }

    private static JsonObject Row(Primitive primitive, string operation, bool listed)
    {
        var arity = primitive.Examples[0].Operands.Length;
        Variable[] operands = [Expr.Variable("x"), Expr.Variable("y")];
        var application = (Application)primitive.Apply(operands.Take(arity).ToArray<Expr>());
        var partials = Enumerable.Range(0, arity).Select(operand => ((Rule.Elementwise)primitive.Rule).Partial(application, operand)).ToArray();
        var isPower = operation.StartsWith("pow:", StringComparison.Ordinal);
        var call = Signs.Contains(primitive.Name) || isPower ? null : Calls.GetValueOrDefault(primitive.Name, primitive.Name);
        return new()
        {
            ["operation"] = operation,
            ["name"] = isPower ? "x³" : primitive.Name,
            ["call"] = call,
            ["arity"] = arity,
            ["listed"] = listed,
            ["formula"] = isPower ? application.ToString() : primitive.Formula,
            ["texts"] = new JsonArray([.. partials.Select(partial => (JsonNode?)(partial?.ToString().Replace('-', '−') ?? "0"))]),
            ["partials"] = new JsonArray([.. partials.Select(partial => partial is null ? null : Tree(partial, operands))]),
            ["kinks"] = new JsonArray([.. primitive.Kinks.Where(kink => kink.At.All(double.IsFinite)).Select(kink => (JsonNode)KinkText(kink, arity))]),
            ["window"] = new JsonArray([.. Seen(primitive).Select(bound => (JsonNode)bound)]),
            ["at"] = new JsonArray([.. primitive.Examples[0].Operands.Select(operand => (JsonNode)Inside(operand.Domain))]),
        };
    }

    /// <summary>An expression as a tree. Rules are small, so what they share may stand twice.</summary>
    private static JsonNode Tree(Expr expression, Variable[] operands) => expression switch
    {
        Constant constant => JsonValue.Create(constant.Value.ToScalar()),
        Variable variable => JsonValue.Create($"x{Array.IndexOf(operands, variable)}"),
        Application { Primitive: { Name: "integer power" } primitive } application =>
            new JsonArray($"pow:{primitive.Parameters["n: ".Length..]}", Tree(application.Input(0), operands)),
        Application application => new JsonArray([JsonValue.Create(application.Primitive.Name), .. application.Inputs.ToArray().Select(input => Tree(input, operands))]),
        _ => throw new InvalidOperationException($"{expression.GetType()} is not a kind of expression"),
    };

    private static string KinkText(Kink kink, int arity)
    {
        var names = new[] { "x", "y" };
        var at = string.Join(", ", kink.At.Select((value, i) => $"{names[i]} = {Number(value)}"));
        return $"{string.Join(" and ", kink.Partials.Take(arity).Select(Number))} at {at}";
    }

    // What a plot shows: the whole axis where the declared domain is around 0, else the domain and a little before it.
    private static double[] Seen(Primitive primitive)
    {
        var intervals = primitive.Examples[0].Operands[0].Domain.Intervals;
        var (low, high) = (intervals.Min(interval => interval.Low), intervals.Max(interval => interval.High));
        return low >= 0 ? [Math.Min(0, low) - 0.2, Math.Max(Window, high)]
            : high - low <= 2 ? [Math.Max(low - 0.1, -1), Math.Min(high + 0.1, 1)]
            : [Math.Min(-Window, low), Math.Max(Window, high)];
    }

    private static double Inside(Domain domain)
    {
        var interval = domain.Intervals[^1];
        return Math.Round(interval.Low + (0.75 * (interval.High - interval.Low)), 1);
    }

    private static string Number(double number) =>
        double.IsPositiveInfinity(number) ? "∞" : double.IsNegativeInfinity(number) ? "−∞" : number.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−');
}
