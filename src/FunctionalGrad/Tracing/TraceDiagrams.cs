using System.Globalization;
using System.Numerics;
using System.Text;

namespace FunctionalGrad;

/// <summary>Moments of a trace as drawings: the graph with values, and with the adjoints that are known by then.</summary>
public static class TraceDiagrams
{
    /// <summary>
    /// The graph after a step, in DOT: each node with its value and, once it is defined, its adjoint; the node of the step is
    /// bold, and the edges that it pulls through carry their contributions.
    /// </summary>
    /// <remarks>Nodes are named as in <see cref="ExpressionDiagrams.ToDot(Expr, DiagramOptions?)"/>.</remarks>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="trace">The trace.</param>
    /// <param name="step">The step, from 0; the last one when omitted.</param>
    /// <param name="options">How many nodes there may be.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    /// <exception cref="ArgumentException">There are more nodes than the options allow.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var trace = (x * x).TraceGradient(Point.Of((x, 3.0)));
    /// trace.ToDot().Split('\n')[2].Trim();      // n0 [label="x\nvalue 3\nadjoint 6", shape=ellipse, style=bold];
    /// trace.ToDot().Split('\n')[4].Trim();      // n0 -> n1 [label="+ 3", style=bold];
    /// </code></example>
    public static string ToDot<T>(this GradientTrace<T> trace, int? step = null, TraceOptions? options = null)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var moment = new Moment<T>(trace, step, options);
        var text = new StringBuilder("digraph trace {\n  rankdir=BT;\n");
        for (var i = 0; i < trace.Order.Count; i++)
        {
            var node = trace.Order.Nodes[i];
            var shape = node is Variable ? "ellipse" : node is Constant ? "plaintext" : "box";
            var style = moment.IsCurrent(i) ? ", style=bold" : "";
            text.Append(CultureInfo.InvariantCulture, $"  n{i} [label=\"{ExpressionDiagrams.EscapeDot(moment.Label(i))}\", shape={shape}{style}];\n");
        }

        foreach (var (from, to, contribution) in moment.Edges())
        {
            var label = contribution is null ? "" : $" [label=\"+ {ExpressionDiagrams.EscapeDot(contribution)}\", style=bold]";
            text.Append(CultureInfo.InvariantCulture, $"  n{from} -> n{to}{label};\n");
        }

        return text.Append('}').ToString();
    }

    /// <summary>The graph after a step as a Mermaid flowchart, with what <see cref="ToDot"/> shows.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="trace">The trace.</param>
    /// <param name="step">The step, from 0; the last one when omitted.</param>
    /// <param name="options">How many nodes there may be.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    /// <exception cref="ArgumentException">There are more nodes than the options allow.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var trace = (x * x).TraceGradient(Point.Of((x, 3.0)));
    /// trace.ToMermaid().Split('\n')[1].Trim();      // n0(["x&lt;br/>value 3&lt;br/>adjoint 6"])
    /// </code></example>
    public static string ToMermaid<T>(this GradientTrace<T> trace, int? step = null, TraceOptions? options = null)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var moment = new Moment<T>(trace, step, options);
        var text = new StringBuilder("flowchart BT");
        for (var i = 0; i < trace.Order.Count; i++)
        {
            var (open, close) = trace.Order.Nodes[i] is Variable ? ("([", "])") : trace.Order.Nodes[i] is Constant ? ("(", ")") : ("[", "]");
            text.Append(CultureInfo.InvariantCulture, $"\n  n{i}{open}\"{ExpressionDiagrams.EscapeMermaid(moment.Label(i))}\"{close}");
        }

        foreach (var (from, to, contribution) in moment.Edges())
        {
            var label = contribution is null ? "" : $"|\"+ {ExpressionDiagrams.EscapeMermaid(contribution)}\"|";
            text.Append(CultureInfo.InvariantCulture, $"\n  n{from} -->{label} n{to}");
        }

        if (!trace.Steps.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  style n{moment.Current} stroke-width:3px");
        }

        return text.ToString();
    }

    /// <summary>What is known after a step, as the texts of a drawing.</summary>
    private sealed class Moment<T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        private readonly GradientTrace<T> _trace;
        private readonly TraceOptions _options;
        private readonly Diagram _diagram;
        private readonly TraceStep<T>? _step;

        public Moment(GradientTrace<T> trace, int? step, TraceOptions? options)
        {
            ArgumentNullException.ThrowIfNull(trace);
            if (step is < 0 || step >= trace.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(step), step, $"the trace has the steps 0 to {trace.Count - 1}; choose one of them, or none for the last");
            }

            _trace = trace;
            _options = options ?? new();
            _diagram = new([trace.Order.Nodes[^1]], new() { MaxNodes = _options.MaxNodes });
            _step = trace.Count == 0 ? null : trace[step ?? trace.Count - 1];
            Current = _step is null ? -1 : trace.Order.PositionOf(_step.Node);
        }

        /// <summary>The position of the node of the step; −1 where there is no step.</summary>
        public int Current { get; }

        public bool IsCurrent(int position) => position == Current;

        public string Label(int position)
        {
            var node = _trace.Order.Nodes[position];
            var value = node is Constant ? "" : $"\nvalue {Text(_trace.Values[position])}";
            var adjoint = _step is not null && _step.After.TryGetValue(node, out var known) ? $"\nadjoint {Text(known)}" : "";
            return _diagram.Label(node) + value + adjoint;
        }

        /// <summary>The edges, with what the node of this step is pulled through each.</summary>
        public IEnumerable<(int From, int To, string? Contribution)> Edges()
        {
            for (var user = 0; user < _trace.Order.Count; user++)
            {
                var inputs = _trace.Order.InputsOf(user).ToArray();
                for (var operand = 0; operand < inputs.Length; operand++)
                {
                    yield return (inputs[operand], user, inputs[operand] == Current ? Contribution(_trace.Order.Nodes[user], operand) : null);
                }
            }
        }

        private string? Contribution(Expr user, int operand)
        {
            foreach (var use in _step!.Uses)
            {
                if (ReferenceEquals(use.User, user) && use.Operand == operand)
                {
                    return Text(use.Value);
                }
            }

            return null;
        }

        private string Text(Tensor<T> tensor)
        {
            if (tensor.Size <= Math.Min(_options.FullUpTo, 8))
            {
                return tensor.ToString();
            }

            var summary = TensorSummary.Of(tensor, 1);
            return string.Create(CultureInfo.InvariantCulture, $"{summary.Least:G4} to {summary.Largest:G4}");
        }
    }
}
