namespace FunctionalGrad;

/// <summary>
/// Reads off two neighbouring steps where their operands come from, and finds how far that is true of the steps before and
/// after them.
/// </summary>
internal sealed class StepPattern
{
    // As a body this is enough for what a step of a loop costs besides not to matter, and still well below the JIT's cliff.
    private const int OperationsAtOnce = 256;

    // What is less code gains nothing by being a loop.
    private const int ShortestLoop = 2048;

    // Less work gains nothing by being done over lanes.
    private const int LeastMapped = 512;

    private readonly RepeatedNodes _nodes;
    private readonly TopologicalOrder _order;
    private readonly RepeatedRun _run;
    private readonly Func<int, RolledSteps?> _stepsAt;
    private readonly int _middle;

    // Rows are those of the step in the middle.
    private readonly StepOperand[][] _operands;

    private StepPattern(RepeatedNodes nodes, TopologicalOrder order, RepeatedRun run, Func<int, RolledSteps?> stepsAt)
    {
        (_nodes, _order, _run, _stepsAt, _middle) = (nodes, order, run, stepsAt, (run.Steps - 1) / 2);
        _operands = new StepOperand[run.Period][];
    }

    /// <summary>The steps of a run, around its middle, that take their operands alike; null where it is not worth it.</summary>
    /// <param name="nodes">The operations.</param>
    /// <param name="order">The order that they stand in.</param>
    /// <param name="run">Steps of equal operations.</param>
    /// <param name="stepsAt">The steps that an operation is known to be part of.</param>
    public static RolledSteps? StepsOf(RepeatedNodes nodes, TopologicalOrder order, RepeatedRun run, Func<int, RolledSteps?> stepsAt)
    {
        var pattern = new StepPattern(nodes, order, run, stepsAt);
        return pattern.TryRead() ? pattern.Steps() : null;
    }

    private int Place(int step, int node) => _run.First + (step * _run.Period) + node;

    private bool TryRead()
    {
        for (var node = 0; node < _run.Period; node++)
        {
            var (here, next) = (Place(_middle, node), Place(_middle + 1, node));
            if (!_nodes.At(here).Primitive.Equals(_nodes.At(next).Primitive))
            {
                if (Slices(here, next) is not { } row)
                {
                    return false;
                }

                _operands[node] = [row];
                continue;
            }

            var operands = _nodes.OperandsOf(here);
            _operands[node] = new StepOperand[operands.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                if (Read(here, operands[i], _nodes.OperandsOf(next)[i]) is not { } operand)
                {
                    return false;
                }

                _operands[node][i] = operand;
            }
        }

        return true;
    }

    private StepOperand? Read(int user, int here, int next)
    {
        if (IsSame(here, next))
        {
            return new StepOperand.Fixed(here);
        }

        if (_order.Nodes[here] is Constant)
        {
            // An index is checked once, where it is a constant of the whole graph.
            return _nodes.At(user).Primitive is ElementwisePrimitive ? new StepOperand.Number() : null;
        }

        var (place, following) = (_nodes.PlaceOf(here), _nodes.PlaceOf(next));
        if (place < 0 || following < 0)
        {
            return null;
        }

        if (place >= _run.First)
        {
            var back = Place(_middle, _run.Period - 1) - place;
            return following - place == _run.Period ? new StepOperand.OfStep(_run.Period - 1 - (back % _run.Period), back / _run.Period) : null;
        }

        return RowAt(place) is var (steps, node, row) && RowAt(following) is var (other, otherNode, otherRow)
            && ReferenceEquals(steps, other) && node == otherNode && Math.Abs(otherRow - row) == 1
            ? new StepOperand.RowOf(steps, node, row, otherRow - row) : null;
    }

    // Equal constants may be two nodes.
    private bool IsSame(int position, int other) =>
        position == other
        || (_order.Nodes[position] is Constant constant && _order.Nodes[other] is Constant following && constant.Value.BitEquals(following.Value));

    private (RolledSteps Steps, int Node, int Row)? RowAt(int place)
    {
        if (_stepsAt(place) is not { } steps)
        {
            return null;
        }

        var (step, node) = steps.At(place);
        return (steps, node, steps.RowOf(step));
    }

    // Slices that differ in the one row that they begin with.
    private StepOperand.SlicedRow? Slices(int here, int next)
    {
        var (slice, following) = ((Slice)_nodes.At(here).Primitive, (Slice)_nodes.At(next).Primitive);
        var source = _nodes.OperandsOf(here)[0];
        return source == _nodes.OperandsOf(next)[0] && _nodes.At(here).Shape[0] == 1 && Math.Abs(following.Starts[0] - slice.Starts[0]) == 1
            && AreAlike(slice, following) ? new(source, slice.Starts[0], following.Starts[0] - slice.Starts[0]) : null;
    }

    private static bool AreAlike(Slice slice, Slice other) =>
        slice.Starts.AsSpan()[1..].SequenceEqual(other.Starts.AsSpan()[1..]) && slice.Steps.AsSpan()[1..].SequenceEqual(other.Steps.AsSpan()[1..]);

    private RolledSteps? Steps()
    {
        var (from, to) = (_middle, _middle + 1);
        while (from > 0 && HoldsAt(from - 1))
        {
            from--;
        }

        while (to < _run.Steps && HoldsAt(to))
        {
            to++;
        }

        Primitive[] primitives = [.. Enumerable.Range(0, _run.Period).Select(node => _nodes.At(Place(from, node)).Primitive)];
        var (levels, order) = StepLevels.Of(_operands, primitives);
        var carried = levels.Count(level => level % 2 == 1);
        var lag = _operands.Max(operands => operands.Max(operand => operand is StepOperand.OfStep former ? former.Lag : 0));
        var atOnce = (long)carried * (to - from) >= ShortestLoop ? AtOnce(to - from, lag, OperationsAtOnce / carried) : 0;
        var count = to - from - (atOnce == 0 ? 0 : (to - from) % atOnce);
        var mapped = Enumerable.Range(0, _run.Period).Sum(node => levels[node] % 2 == 0 ? StepLevels.WeightOf(primitives[node]) : 0);
        if (count < RepeatedRun.FewestSteps || (atOnce == 0 && (long)mapped * count < LeastMapped))
        {
            return null;
        }

        var moved = from - _middle;
        StepOperand[][] operands = [.. _operands.Select(ofNode => Array.ConvertAll(ofNode, operand => operand switch
        {
            StepOperand.RowOf row => row with { First = row.First + (moved * row.Direction) },
            StepOperand.SlicedRow row => row with { First = row.First + (moved * row.Direction) },
            _ => operand,
        }))];
        var directions = operands.Sum(ofNode => ofNode.Sum(operand => operand is StepOperand.RowOf row ? row.Direction : 0));
        return new(Place(from, 0), _run.Period, count, atOnce, directions < 0, operands, levels, order);
    }

    // As many steps as go into the body of a loop, or up to half as many, so that few are left over.
    private static int AtOnce(int count, int fewest, int most)
    {
        var best = Math.Max(Math.Max(1, fewest), most);
        for (var atOnce = best - 1; atOnce >= Math.Max(1, fewest) && 2 * atOnce > most; atOnce--)
        {
            best = count % atOnce < count % best ? atOnce : best;
        }

        return best;
    }

    private bool HoldsAt(int step)
    {
        for (var node = 0; node < _run.Period; node++)
        {
            if (!HoldsAt(step, node))
            {
                return false;
            }
        }

        return true;
    }

    private bool HoldsAt(int step, int node)
    {
        var place = Place(step, node);
        var (model, primitive) = (_nodes.At(Place(_middle, node)).Primitive, _nodes.At(place).Primitive);
        var operands = _nodes.OperandsOf(place);
        if (_operands[node] is [StepOperand.SlicedRow sliced])
        {
            return operands[0] == sliced.Source && ((Slice)primitive).Starts[0] == sliced.First + ((step - _middle) * sliced.Direction)
                && AreAlike((Slice)model, (Slice)primitive);
        }

        if (!primitive.Equals(model))
        {
            return false;
        }

        for (var i = 0; i < operands.Length; i++)
        {
            if (!HoldsAt(step, operands[i], _operands[node][i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool HoldsAt(int step, int position, StepOperand operand) => operand switch
    {
        StepOperand.Fixed same => IsSame(position, same.Position) && _nodes.PlaceOf(position) < Place(step, 0),
        StepOperand.OfStep former => step >= former.Lag && _nodes.PlaceOf(position) == Place(step - former.Lag, former.Node),
        StepOperand.RowOf row => _nodes.PlaceOf(position) is >= 0 and var place && RowAt(place) is var (steps, node, at)
            && ReferenceEquals(steps, row.Steps) && node == row.Node && at == row.First + ((step - _middle) * row.Direction),
        _ => _order.Nodes[position] is Constant,
    };
}
