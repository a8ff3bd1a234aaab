using System.Globalization;

namespace FunctionalGrad;

/// <summary>What a drawing shows of each node, whatever language it is written in.</summary>
internal sealed class Diagram
{
    private readonly VariableNames _names;
    private readonly DiagramOptions _options;

    public Diagram(ReadOnlySpan<Expr> roots, DiagramOptions? options)
    {
        _options = options ?? new();
        Order = TopologicalOrder.Of(roots);
        if (Order.Count > _options.MaxNodes)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"the graph has {Order.Count} nodes and a drawing may have {_options.MaxNodes}; draw a part of it, merge equal parts first with ShareCommonSubexpressions, set MaxNodes higher, or print it with ToText, which takes any size"),
                nameof(options));
        }

        _names = new(Order.Nodes);
    }

    /// <summary>The nodes; a node's identifier is its position, so one graph always gives one drawing.</summary>
    public TopologicalOrder Order { get; }

    /// <summary>What stands in a node: its name or value, then the shape where it has axes.</summary>
    public string Label(Expr node)
    {
        var label = node switch
        {
            Variable variable => _names[variable],
            Constant constant => Infix.Text(constant),
            Application application => Operation(application.Primitive),
            _ => throw new InvalidOperationException($"{node.GetType()} is not a kind of expression"),
        };
        return _options.ShowShapes && !node.Shape.IsScalar ? $"{label}\n{node.Shape}" : label;
    }

    /// <summary>Whether the edges into a node are numbered: where it has several operands and their order matters.</summary>
    public static bool NumbersOperands(Expr node) =>
        node is Application { Inputs.Length: > 1 } application
        && application.Primitive.Notation is not Notation.Infix { Symbol: "+" or "·" or "=" or "≠" };

    private static string Operation(Primitive primitive) => primitive.Notation switch
    {
        Notation.Infix infix => infix.Symbol,
        Notation.Prefix prefix => prefix.Symbol,
        _ => primitive.ToString(),
    };
}
