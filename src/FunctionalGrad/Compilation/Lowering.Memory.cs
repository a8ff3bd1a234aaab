namespace FunctionalGrad;

/// <content>Where values lie: in a register of a loop until somebody else asks for them, and then in memory.</content>
internal sealed partial class Lowering
{
    /// <summary>After which step a value can be read, −1 for what is there from the start.</summary>
    private int Available(int position)
    {
        var place = _places[position];
        return place.Number is not null ? -1 : place.View is { } view ? _producers[view.Buffer] : place.Step;
    }

    /// <summary>The value in memory; a loop that has kept it in a register is told to write it.</summary>
    private View ViewOf(int position)
    {
        var place = _places[position];
        if (place.View is { } view)
        {
            return view;
        }

        var shape = _order.Nodes[position].Shape;
        if (place.Number is { } number)
        {
            var buffer = NewBuffer(1, Expr.Constant(number), -1);
            view = new View(buffer, 0, new int[shape.Rank], shape);
        }
        else if (_sameAs.TryGetValue(position, out var other))
        {
            view = ViewOf(other).TryReshape(shape)!;
        }
        else
        {
            var loop = (LoopStep)_steps[place.Step];
            SettleOrder(loop, _isRoot[position]);
            view = shape.Size == 1 ? View.RowMajor(NewBuffer(1, null, place.Step), shape) : Dense(NewBuffer(shape.Size, null, place.Step), shape, loop.AxisOrder);
            loop.Outputs.Add(new(place.Operation, InSpace(view, loop.Space), IsSum: false));
        }

        _places[position] = place with { View = view };
        return view;
    }

    /// <summary>The value in memory, dense and in row-major order.</summary>
    private View RowMajor(int position)
    {
        var view = ViewOf(position);
        if (view.IsRowMajor && _buffers[view.Buffer].Size == view.Shape.Size)
        {
            return view;
        }

        return Copy(view, [.. Enumerable.Range(0, view.Shape.Rank)]);
    }

    private View Copy(View view, int[] axisOrder)
    {
        var target = Dense(NewBuffer(view.Shape.Size, null, _steps.Count), view.Shape, axisOrder);
        _steps.Add(new CopyStep(view, target));
        return target;
    }

    private static View Dense(int buffer, Shape shape, int[] axisOrder) =>
        new(buffer, 0, View.DenseStrides(shape, axisOrder), shape);

    /// <summary>A view as a loop sees it: single numbers of all shapes are computed in loops over one entry without axes.</summary>
    private static View InSpace(View view, Shape space) =>
        view.Shape == space ? view : view.Shape.Size == 1 && space.IsScalar ? view.TryReshape(space)! : view.BroadcastTo(space);

    private int NewBuffer(int size, Expr? source, int producer)
    {
        _buffers.Add(new(size, source));
        _producers.Add(producer);
        return _buffers.Count - 1;
    }
}
