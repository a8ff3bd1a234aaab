namespace FunctionalGrad;

/// <content>
/// Parts put where they belong in a larger whole, straight from where they lie. A primitive that is called wants its operands dense,
/// so that a shift, which joins a slice or pads one, would move everything twice.
/// </content>
internal sealed partial class Lowering
{
    private View Concatenated(Application application, int axis, ReadOnlySpan<int> inputs)
    {
        var target = new View(-1, 0, [.. application.Shape.Strides()], application.Shape);
        var regions = new View[inputs.Length];
        var (first, start, steps) = (new int[application.Shape.Rank], 0, Ones(application.Shape.Rank));
        for (var i = 0; i < regions.Length; i++)
        {
            first[axis] = start;
            regions[i] = target.Slice(first, steps, _order.Nodes[inputs[i]].Shape);
            start += regions[i].Shape[axis];
        }

        var direct = inputs.ToArray().Select((input, i) => IsWrittenTo(input, regions[i])).ToArray();
        if (!direct.Contains(true) && !NeedsCopy(inputs))
        {
            return Call(application, inputs);
        }

        target = target with { Buffer = NewBuffer(application.Shape.Size, null, -1) };
        var (parts, places) = (new List<View>(), new List<View>());
        for (var i = 0; i < regions.Length; i++)
        {
            var region = regions[i] with { Buffer = target.Buffer };
            if (direct[i] && WriteTo(inputs[i], region))
            {
                continue;
            }

            parts.Add(ViewOf(inputs[i]));
            places.Add(region);
        }

        if (parts.Count > 0)
        {
            _producers[target.Buffer] = _steps.Count;
            _steps.Add(new JoinStep([.. parts], [.. places], target));
        }

        return target;
    }

    // Whether a loop that has a value in a register can write it where it belongs: numbers anywhere, others side by side.
    private bool IsWrittenTo(int position, View region) =>
        _places[position].IsInLoop && !_isRoot[position]
        && (region.Shape.Size == 1 || (region with { Offset = 0 }).IsRowMajor);

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

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];

    private View Padded(Application application, Pad pad, ReadOnlySpan<int> inputs)
    {
        if (!NeedsCopy(inputs))
        {
            return Call(application, inputs);
        }

        var zero = new View(NewBuffer(1, Expr.Zero, -1), 0, new int[application.Shape.Rank], application.Shape);
        var part = ViewOf(inputs[0]);
        return Joined(application.Shape, [zero, part], (target, i) => i == 0
            ? target
            : target.Slice(pad.Before.AsSpan(), [.. pad.Interior.Select(between => between + 1)], part.Shape));
    }

    private View Joined(Shape shape, View[] parts, Func<View, int, View> regionOf)
    {
        var target = View.RowMajor(NewBuffer(shape.Size, null, _steps.Count), shape);
        _steps.Add(new JoinStep(parts, [.. parts.Select((_, i) => regionOf(target, i))], target));
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
