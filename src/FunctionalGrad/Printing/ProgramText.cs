using System.Text;

namespace FunctionalGrad;

/// <summary>
/// Expressions as a program: a <c>let</c> for every application that is used more than once, so that the text is never
/// longer than the graph is large, and for parts of expressions that would become too long to read.
/// </summary>
internal sealed class ProgramText
{
    /// <summary>How large an expression may grow on one line before a part of it gets a name.</summary>
    private const int LongestLine = 60;

    private readonly List<(string Name, Application Node)> _lets = [];
    private readonly Dictionary<Application, string> _names = [];
    private readonly VariableNames _variables;
    private int _lastNumber;

    /// <summary>Plans the text.</summary>
    /// <param name="roots">The expressions to be printed.</param>
    /// <param name="named">Variables that the text names besides.</param>
    public ProgramText(ReadOnlySpan<Expr> roots, ReadOnlySpan<Variable> named = default)
    {
        var order = TopologicalOrder.Of(roots);
        _variables = new([.. named, .. order.Nodes]);

        var uses = CountUses(order, roots);
        var shownRoots = new HashSet<Expr>();
        foreach (var root in roots)
        {
            shownRoots.Add(Infix.Shown(root));
        }

        var size = new long[order.Count];
        for (var i = 0; i < size.Length; i++)
        {
            var inputs = order.InputsOf(i);
            size[i] = IsSilent(order.Nodes[i]) ? 0 : 1;
            foreach (var input in inputs)
            {
                size[i] += size[input];
            }

            var isLong = size[i] > LongestLine && !shownRoots.Contains(order.Nodes[i]);
            if (order.Nodes[i] is Application application && !IsSilent(application) && (uses[i] > 1 || isLong))
            {
                Name(application);
                size[i] = 1;
            }
        }
    }

    /// <summary>The names of the variables in this text.</summary>
    public VariableNames Variables => _variables;

    /// <summary>Appends the lines that name parts.</summary>
    public void AppendLets(StringBuilder text, string separator, bool shapes = false)
    {
        foreach (var (name, node) in _lets)
        {
            text.Append("let ").Append(name).Append(shapes ? ShapeAfterName(node.Shape) : "").Append(" = ");
            Infix.Append(text, node, _variables, StandIn);
            text.Append(separator);
        }
    }

    /// <summary>Appends one of the roots.</summary>
    public void AppendRoot(StringBuilder text, Expr root)
    {
        if (Infix.Shown(root) is Application application && _names.TryGetValue(application, out var name))
        {
            text.Append(name);
        }
        else
        {
            Infix.Append(text, root, _variables, StandIn);
        }
    }

    /// <summary>The shape of what a name stands for, as it follows the name; nothing for a scalar.</summary>
    public static string ShapeAfterName(Shape shape) => shape.IsScalar ? "" : $" {shape}";

    private static bool IsSilent(Expr node) => node is Application { Primitive.Notation: Notation.Nothing };

    // A silent application passes its uses on to what it stretches.
    private static int[] CountUses(TopologicalOrder order, ReadOnlySpan<Expr> roots)
    {
        var uses = new int[order.Count];
        foreach (var root in roots)
        {
            uses[order.PositionOf(root)]++;
        }

        for (var i = order.Count - 1; i >= 0; i--)
        {
            var passed = IsSilent(order.Nodes[i]) ? uses[i] : 1;
            foreach (var input in order.InputsOf(i))
            {
                uses[input] += passed;
            }
        }

        return uses;
    }

    private string? StandIn(Application application, int depth) => _names.GetValueOrDefault(application);

    private void Name(Application application)
    {
        string name;
        do
        {
            name = $"t{++_lastNumber}";
        }
        while (_variables.IsTaken(name));

        _lets.Add((name, application));
        _names.Add(application, name);
    }
}
