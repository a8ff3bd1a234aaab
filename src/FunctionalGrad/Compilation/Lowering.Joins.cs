namespace FunctionalGrad;

/// <content>
/// Parts put where they belong in a larger whole, straight from where they lie. A primitive that is called wants its operands dense,
/// so that a shift, which joins a slice or pads one, would move everything twice.
/// </content>
internal sealed partial class Lowering
{
    private View Concatenated(Application application, int axis, ReadOnlySpan<int> inputs)
    {
        var shape = application.Shape;
        var isSideBySide = shape.SizeBefore(axis) == 1;
        if (!inputs.ToArray().Any(IsWritten) && !NeedsCopy(inputs))
        {
            return Call(application, inputs);
        }

        var target = View.RowMajor(NewBuffer(shape.Size, null, -1), shape);
        var (parts, regions) = (new List<View>(), new List<View>());
        var (first, steps) = (new int[shape.Rank], Enumerable.Repeat(1, shape.Rank).ToArray());
        foreach (var input in inputs)
        {
            var region = target.Slice(first, steps, _order.Nodes[input].Shape);
            first[axis] += region.Shape[axis];
            if (!IsWritten(input) || !WriteTo(input, region))
            {
                parts.Add(ViewOf(input));
                regions.Add(region);
            }
        }

        if (parts.Count > 0)
        {
            _producers[target.Buffer] = _steps.Count;
            _steps.Add(new JoinStep([.. parts], [.. regions], target));
        }

        return target;

        // Whether a loop that has a value in a register may write it where it belongs: numbers anywhere, others side by side.
        bool IsWritten(int position) =>
            _places[position].IsInLoop && !_isRoot[position] && (isSideBySide || _order.Nodes[position].Shape.Size == 1);
    }

    // False where the loop walks in another order, or has written the value already.
    private bool WriteTo(int position, View region)
    {
        while (_sameAs.TryGetValue(position, out var other) && _places[position].IsInLoop)
        {
            (position, region) = (other, region.TryReshape(_order.Nodes[other].Shape)!);
        }

        var place = _places[position];
        if (!place.IsInLoop)
        {
            return false;
        }

        var loop = (LoopStep)_steps[place.Step];
        SettleOrder(loop, isResult: true);
        if (loop.Space.Size > 1 && !loop.AxisOrder.AsSpan().SequenceEqual(Enumerable.Range(0, loop.Space.Rank).ToArray()))
        {
            return false;
        }

        loop.Outputs.Add(new(place.Operation, InSpace(region, loop.Space), IsSum: false));
        _places[position] = place with { View = region };
        _producers[region.Buffer] = Math.Max(_producers[region.Buffer], place.Step);
        return true;
    }

    private View Padded(Application application, Pad pad, ReadOnlySpan<int> inputs)
    {
        if (!NeedsCopy(inputs))
        {
            return Call(application, inputs);
        }

        var zero = new View(NewBuffer(1, Expr.Zero, -1), 0, new int[application.Shape.Rank], application.Shape);
        var part = ViewOf(inputs[0]);
        var target = View.RowMajor(NewBuffer(application.Shape.Size, null, _steps.Count), application.Shape);
        var region = target.Slice(pad.Before.AsSpan(), [.. pad.Interior.Select(between => between + 1)], part.Shape);
        _steps.Add(new JoinStep([zero, part], [target, region], target));
        return target;
    }

    private bool NeedsCopy(ReadOnlySpan<int> positions)
    {
        foreach (var position in positions)
        {
            var view = ViewOf(position);
            if (!view.IsRowMajor || _buffers[view.Buffer].Size != view.Shape.Size)
            {
                return true;
            }
        }

        return false;
    }
}
