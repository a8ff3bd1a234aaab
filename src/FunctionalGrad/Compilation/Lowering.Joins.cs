namespace FunctionalGrad;

/// <content>
/// Parts put where they belong in a larger whole, straight from where they lie. A primitive that is called wants its operands dense,
/// so that a shift, which joins a slice or pads one, would move everything twice.
/// </content>
internal sealed partial class Lowering
{
    private View Concatenated(Application application, int axis, ReadOnlySpan<int> inputs)
    {
        if (!NeedsCopy(inputs))
        {
            return Call(application, inputs);
        }

        var (parts, starts) = (new View[inputs.Length], new int[inputs.Length][]);
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = ViewOf(inputs[i]);
            starts[i] = new int[application.Shape.Rank];
            starts[i][axis] = start;
            start += parts[i].Shape[axis];
        }

        int[] steps = [.. Enumerable.Repeat(1, application.Shape.Rank)];
        return Joined(application.Shape, parts, (target, i) => target.Slice(starts[i], steps, parts[i].Shape));
    }

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
