namespace FunctionalGrad;

/// <content>
/// Loops. A loop has several results, each with a buffer of its own; a program packs none of them. Where one loop does what
/// another does and gives more results, as the one that a gradient needs its states from, one of them runs for both.
/// </content>
internal sealed partial class Lowering
{
    // Shorter rows are copied as quickly as found.
    private const int ShortestRow = 64;

    // Each row has a place in the table of a program's memory.
    private const int MostRows = 4096;

    // For each loop, the one that runs for it; and for those that run, what is asked of their results and where they lie.
    private readonly Dictionary<int, int> _runsFor = [];
    private readonly Dictionary<int, Asked> _asked = [];
    private readonly Dictionary<int, View?[]> _resultsOf = [];

    private static Recurrence? LoopOf(Expr node) => node switch
    {
        Application { Primitive: Recurrence loop } => loop,
        Application { Primitive: FixedPoint point } => point.Loop,
        _ => null,
    };

    private void FindLoops()
    {
        var loops = new List<int>();
        for (var i = 0; i < _order.Count; i++)
        {
            if (LoopOf(_order.Nodes[i]) is not null)
            {
                loops.Add(i);
            }
        }

        foreach (var loop in loops)
        {
            _runsFor[loop] = loop;
            foreach (var other in loops)
            {
                if (other != loop && Covers(other, _runsFor[loop]))
                {
                    _runsFor[loop] = other;
                }
            }
        }

        foreach (var loop in loops)
        {
            var runs = _runsFor[loop];
            var results = LoopOf(_order.Nodes[runs])!.Results.Length;
            _asked.TryAdd(runs, new(new bool[results], new bool[results], new bool[results]));
            Ask(loop, _asked[runs]);
        }
    }

    // Whether a loop gives more results than another, and first of all the same.
    private bool Covers(int loop, int other) =>
        _order.Nodes[loop] is Application { Primitive: Recurrence wide } && _order.Nodes[other] is Application { Primitive: Recurrence narrow }
        && wide.Results.Length > narrow.Results.Length && wide.Form == narrow.Form
        && _order.InputsOf(loop).SequenceEqual(_order.InputsOf(other))
        && wide.Body.Continues(narrow.Body) && Equals(wide.Condition, narrow.Condition);

    private void Ask(int position, Asked asked)
    {
        var loop = LoopOf(_order.Nodes[position])!;
        if (_order.Nodes[position] is Application { Primitive: FixedPoint point })
        {
            (asked.Wanted[point.Result], asked.Whole[point.Result]) = (true, true);
            return;
        }

        var isWhole = _isRoot[position];
        foreach (var use in _uses[position])
        {
            if (ResultOf(loop, _order.Nodes[use.User]) is { } result)
            {
                // A loop that goes over the steps that another has taken reads no more rows than that has written.
                asked.Wanted[result] = true;
                asked.Fills[result] |= !IsReadByLoops(use.User, form => form.IsCounted);
                asked.Whole[result] |= !IsReadByLoops(use.User, _ => true);
            }
            else
            {
                isWhole = true;
            }
        }

        if (isWhole)
        {
            asked.Wanted.AsSpan(0, loop.Results.Length).Fill(true);
            asked.Fills.AsSpan(0, loop.Results.Length).Fill(true);
            asked.Whole.AsSpan(0, loop.Results.Length).Fill(true);
        }
    }

    // Whether nothing but loops of some kind reads a sequence, an item for each step.
    private bool IsReadByLoops(int position, Predicate<LoopForm> kind)
    {
        foreach (var use in _uses[position])
        {
            if (_order.Nodes[use.User] is not Application { Primitive: Recurrence { Form: var form } }
                || !kind(form) || !form.IsItem(use.Operand - form.FirstOperand))
            {
                return false;
            }
        }

        return !_isRoot[position];
    }

    private static int? ResultOf(Recurrence loop, Expr user)
    {
        if (user is Application { Primitive: Part part })
        {
            for (var i = 0; i < loop.Results.Length; i++)
            {
                if (loop.Offsets[i] == part.Offset && loop.Results[i] == user.Shape)
                {
                    return i;
                }
            }
        }

        return null;
    }

    private Place LoopAt(int position)
    {
        var node = (Application)_order.Nodes[position];
        var loop = LoopOf(node)!;
        var results = Run(_runsFor[position]);
        if (node.Primitive is FixedPoint point)
        {
            return Place.Of(results[point.Result]!);
        }

        if (loop.Results.Length == 1)
        {
            return results[0] is { } only ? Place.Of(only.TryReshape(node.Shape)!) : Place.None;
        }

        // Somebody asks for the vector of all results.
        foreach (var use in _uses[position])
        {
            if (ResultOf(loop, _order.Nodes[use.User]) is null)
            {
                return Packed();
            }
        }

        return _isRoot[position] ? Packed() : Place.None;

        Place Packed()
        {
            var parts = new Expr[loop.Results.Length];
            var views = new View[parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = loop.Result(node, i).Reshape([loop.Results[i].Size]);
                views[i] = results[i]!.TryReshape(parts[i].Shape)!;
            }

            var target = View.RowMajor(NewBuffer(node.Shape.Size, null, _steps.Count), node.Shape);
            _steps.Add(new CallStep((Application)Expr.Concatenate(parts), views, target));
            return Place.Of(target);
        }
    }

    private View?[] Run(int position)
    {
        if (_resultsOf.TryGetValue(position, out var known))
        {
            return known;
        }

        var loop = LoopOf(_order.Nodes[position])!;
        var operands = Array.ConvertAll(_order.InputsOf(position).ToArray(), RowMajor);
        var asked = _asked[position];
        var targets = new View?[loop.Results.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = asked.Wanted[i] ? View.RowMajor(NewBuffer(loop.Results[i].Size, null, _steps.Count), loop.Results[i]) : null;
            if (targets[i] is { } target && !asked.Whole[i] && HasLongRows(loop, i))
            {
                _buffers[target.Buffer] = _buffers[target.Buffer] with { Rows = loop.Form.Length };
            }
        }

        _steps.Add(new RecurrenceStep(
            loop, operands, targets, asked.Fills,
            Array.ConvertAll(operands, AreInRows), Array.ConvertAll(targets, target => target is not null && AreInRows(target))));
        return _resultsOf[position] = targets;

        bool AreInRows(View view) => _buffers[view.Buffer].Rows > 0;
    }

    private static bool HasLongRows(Recurrence loop, int result) =>
        result >= loop.FirstState + loop.Form.States && loop.Form.Length <= MostRows
        && loop.Body.Results[result - loop.FirstState].Shape.Size >= ShortestRow;

    private View PartOf(Part part, int input, Shape shape)
    {
        if (_order.Nodes[input] is Application { Primitive: Recurrence loop } && ResultOf(loop, part.Apply(_order.Nodes[input])) is { } result)
        {
            return Run(_runsFor[input])[result]!;
        }

        return ViewOf(input).Slice([part.Offset], [1], [shape.Size]).TryReshape(shape)!;
    }

    /// <summary>
    /// What is asked of the results of a loop: which are wanted, of which the rows of steps that were not taken might be read,
    /// and which are read otherwise than step by step.
    /// </summary>
    private sealed record Asked(bool[] Wanted, bool[] Fills, bool[] Whole);
}
