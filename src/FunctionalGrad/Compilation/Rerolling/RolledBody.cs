namespace FunctionalGrad;

/// <summary>Builds the loop that the nodes of one level make, which go from step to step.</summary>
internal sealed class RolledBody
{
    private readonly RolledSteps _steps;
    private readonly RepeatedNodes _nodes;
    private readonly StepRows _rows;
    private readonly int[] _own;
    private readonly Loop _loop;

    // The values that a step takes from former ones, by node and how many steps before.
    private readonly Dictionary<(int Node, int Back), Variable> _states = [];
    private readonly Dictionary<Expr, Variable> _items = [];
    private readonly Dictionary<int, Expr>[] _values;

    private RolledBody(RolledSteps steps, RepeatedNodes nodes, StepRows rows, int[] own)
    {
        (_steps, _nodes, _rows, _own) = (steps, nodes, rows, own);
        _loop = new() { Length = steps.Count / steps.AtOnce, IsReversed = steps.IsReversed };
        _values = new Dictionary<int, Expr>[steps.AtOnce];
    }

    /// <summary>Builds the loop and adds the rows that it leaves.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="nodes">The operations.</param>
    /// <param name="rows">The rows of the steps, where those of lower levels are.</param>
    /// <param name="own">The nodes of the level.</param>
    /// <param name="before">The value of a node at a step before the first, −1 or less.</param>
    /// <param name="wantedRows">The nodes of which a row for each step is wanted.</param>
    /// <param name="wantedLast">The nodes whose last value is wanted.</param>
    /// <returns>The last values.</returns>
    public static Expr[] Build(
        RolledSteps steps, RepeatedNodes nodes, StepRows rows, int[] own, Func<int, int, Expr> before, ReadOnlySpan<int> wantedRows, ReadOnlySpan<int> wantedLast)
    {
        var body = new RolledBody(steps, nodes, rows, own);
        for (var step = 0; step < steps.AtOnce; step++)
        {
            body.Take(step);
        }

        return body.Finish(before, wantedRows, wantedLast);
    }

    private bool IsOwn(int node) => _steps.Levels[node] == _steps.Levels[_own[0]];

    private Variable State(int node, int back)
    {
        if (!_states.TryGetValue((node, back), out var state))
        {
            _states.Add((node, back), state = Expr.Variable("s", _rows.ShapeOf(node)));
        }

        return state;
    }

    // One of the steps that are taken at once, from those before it or from the states.
    private void Take(int step)
    {
        var values = _values[step] = [];
        foreach (var node in _own)
        {
            var operands = _steps.Operands[node];
            var inputs = new Expr[operands.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = operands[i] switch
                {
                    StepOperand.OfStep former when !IsOwn(former.Node) => Entry(node, i, step),
                    StepOperand.OfStep former when former.Lag <= step => _values[step - former.Lag][former.Node],
                    StepOperand.OfStep former => State(former.Node, former.Lag - step),
                    _ => Entry(node, i, step),
                };
            }

            values.Add(node, _nodes.At(_steps.PlaceOf(0, node)).With(inputs));
        }
    }

    // What a step takes from outside: one of the rows that the steps taken at once read, or the same every time.
    private Expr Entry(int node, int operand, int step)
    {
        var (rows, isSame) = _rows.Operand(node, operand);
        if (isSame)
        {
            return rows;
        }

        if (!_items.TryGetValue(rows, out var item))
        {
            item = Expr.Variable("x", Shape.Of(rows.Shape.Extents[1..]).Behind(_steps.AtOnce));
            _loop.AddItem(item, rows.Reshape(item.Shape.Behind(_loop.Length)));
            _items.Add(rows, item);
        }

        return item.At(RowAtOnce(step)).Reshape(_nodes.At(_steps.PlaceOf(0, node)).Input(operand).Shape);
    }

    private int RowAtOnce(int step) => _steps.IsReversed ? _steps.AtOnce - 1 - step : step;

    private Expr[] Finish(Func<int, int, Expr> before, ReadOnlySpan<int> wantedRows, ReadOnlySpan<int> wantedLast)
    {
        var places = new Dictionary<(int Node, int Back), int>();

        // A state that steps took, they may have taken from earlier ones too.
        foreach (var (node, most) in _states.Keys.GroupBy(state => state.Node).Select(states => (states.Key, states.Max(state => state.Back))).ToArray())
        {
            for (var back = 1; back <= most; back++)
            {
                places.Add((node, back), _loop.AddState(State(node, back), before(-back, node), _values[_steps.AtOnce - back][node]));
            }
        }

        foreach (var node in wantedLast)
        {
            if (!places.ContainsKey((node, 1)))
            {
                // Only wanted in the end: what it begins with is read by nobody.
                places.Add((node, 1), _loop.AddState(State(node, 1), Expr.Zeros(_rows.ShapeOf(node)), _values[^1][node]));
            }
        }

        foreach (var node in wantedRows)
        {
            _loop.AddOutput(Expr.Stack([.. Enumerable.Range(0, _steps.AtOnce).Select(row => _values[RowAtOnce(row)][node])]));
        }

        var (_, states, outputs) = _loop.Build();
        for (var i = 0; i < wantedRows.Length; i++)
        {
            _rows.Add(wantedRows[i], outputs[i].Reshape(_rows.ShapeOf(wantedRows[i]).Behind(_steps.Count)));
        }

        return Array.ConvertAll(wantedLast.ToArray(), node => states[places[(node, 1)]]);
    }
}
