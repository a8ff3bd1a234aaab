namespace FunctionalGrad;

/// <summary>
/// Loops that a program wrote out step by step become loops again: an expression that a <c>for</c> built, and its gradient, are
/// graphs of as many nodes as all steps have together. Compiled as they are, they would be more code than any cache holds, and
/// would take longer to compile than to run. What each step does for itself is done for all of them at once, over lanes; what
/// goes from step to step becomes a loop where it is much. The same operations on the same numbers, so the same bits.
/// </summary>
internal sealed class LoopRerolling
{
    // Runs as long as this are looked for first, so that what repeats within their steps does not hide them.
    private const int Long = 2048;
    private const int Short = 64;

    private readonly TopologicalOrder _order;
    private readonly RepeatedNodes _nodes;
    private readonly List<RolledSteps> _steps = [];
    private readonly Dictionary<RolledSteps, StepRows> _rows = [];

    // The last values of nodes of loops of which nothing else is asked for.
    private readonly Dictionary<(RolledSteps Steps, int Node), Expr> _last = [];
    private readonly Expr?[] _replaced;

    private LoopRerolling(TopologicalOrder order, RepeatedNodes nodes) =>
        (_order, _nodes, _replaced) = (order, nodes, new Expr?[order.Count]);

    /// <summary>The same expressions, with repetitions in them rolled up.</summary>
    public static Expr[] Of(ReadOnlySpan<Expr> roots)
    {
        var order = TopologicalOrder.Of(roots);
        if (order.Count < Short)
        {
            return roots.ToArray();
        }

        var rerolling = new LoopRerolling(order, new(order));
        rerolling.Find();
        return rerolling._steps.Count == 0 ? roots.ToArray() : rerolling.Rewrite(roots);
    }

    private void Find()
    {
        var tokens = _nodes.Tokens();
        foreach (var run in RepeatedRun.In(tokens, Long))
        {
            Find(run);
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = StepsAt(i) is null ? tokens[i] : -1 - i;
        }

        foreach (var run in RepeatedRun.In(tokens, Short))
        {
            Find(run);
        }
    }

    // Around the middle of a run, and then in what is left of it on both sides.
    private void Find(RepeatedRun run)
    {
        var pending = new Stack<RepeatedRun>([run]);
        while (pending.TryPop(out var next))
        {
            if (next.Steps < RepeatedRun.FewestSteps || StepPattern.StepsOf(_nodes, _order, next, StepsAt) is not { } steps)
            {
                continue;
            }

            _steps.Insert(CountUpTo(steps.First), steps);
            var before = (steps.First - next.First) / next.Period;
            pending.Push(new(steps.PlaceOf(steps.Count, 0), next.Period, next.Steps - before - steps.Count));
            pending.Push(next with { Steps = before });
        }
    }

    private RolledSteps? StepsAt(int place) =>
        CountUpTo(place) is > 0 and var count && _steps[count - 1].Contains(place) ? _steps[count - 1] : null;

    // How many of the known steps, which are kept in order, begin at a place or before it.
    private int CountUpTo(int place)
    {
        var (low, high) = (0, _steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _steps[middle].First <= place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private Expr[] Rewrite(ReadOnlySpan<Expr> roots)
    {
        var wanted = new WantedOfSteps(_steps);
        foreach (var root in roots)
        {
            wanted.Ask(StepsAt, _nodes.PlaceOf(_order.PositionOf(root)), isRow: false);
        }

        wanted.AskOperands(_nodes, StepsAt);
        for (var place = 0; place < _nodes.Count; place++)
        {
            if (StepsAt(place) is not { } steps)
            {
                Keep(place);
            }
            else if (place == steps.First)
            {
                Build(steps, wanted);
            }
        }

        var results = new Expr[roots.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = ValueAt(_order.PositionOf(roots[i]));
        }

        return results;
    }

    private void Keep(int place)
    {
        var node = _nodes.At(place);
        var inputs = Array.ConvertAll(_nodes.OperandsOf(place).ToArray(), ValueAt);
        _replaced[_nodes.PositionOf(place)] = node.Primitive is Concatenate { Axis: 0 } ? AdjacentParts.Join(inputs) : node.With(inputs);
    }

    private void Build(RolledSteps steps, WantedOfSteps wanted)
    {
        var rows = new StepRows(steps, _nodes, ValueAt, other => _rows[other]);
        _rows.Add(steps, rows);
        for (var level = 0; level <= steps.Levels.Max(); level++)
        {
            var nodes = steps.NodesOf(level);
            if (level % 2 == 0)
            {
                Array.ForEach(nodes, rows.Map);
            }
            else if (!steps.IsLoop)
            {
                for (var step = 0; step < steps.Count; step++)
                {
                    Array.ForEach(nodes, node => Keep(steps.PlaceOf(step, node)));
                }
            }
            else if (nodes.Length > 0)
            {
                var (asRows, last) = wanted.Of(steps, nodes);
                var values = RolledBody.Build(steps, _nodes, rows, nodes, (step, node) => ValueAt(_nodes.PositionOf(steps.PlaceOf(step, node))), asRows, last);
                for (var i = 0; i < last.Length; i++)
                {
                    _last.Add((steps, last[i]), values[i]);
                }
            }
        }
    }

    private Expr ValueAt(int position)
    {
        var place = _nodes.PlaceOf(position);
        if ((place < 0 ? _order.Nodes[position] : _replaced[position]) is { } known)
        {
            return known;
        }

        var steps = StepsAt(place)!;
        var (step, node) = steps.At(place);
        return _replaced[position] = _rows[steps].At(step, node) ?? _last[(steps, node)];
    }
}
