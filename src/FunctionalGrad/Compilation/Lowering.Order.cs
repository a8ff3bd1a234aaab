namespace FunctionalGrad;

/// <content>In which order of its axes a loop walks.</content>
internal sealed partial class Lowering
{
    private static LoopStep NewLoop(Shape space) => new(space) { AxisOrder = [.. Enumerable.Range(0, space.Rank)] };

    /// <summary>
    /// Before a loop first writes, it settles for the order of axes in which most of what fills its space lies in memory,
    /// results having to lie in row-major order.
    /// </summary>
    private static void SettleOrder(LoopStep loop, bool isResult)
    {
        if (loop.Outputs.Count > 0)
        {
            return;
        }

        var votes = new List<(int[] Order, int Count)> { (loop.AxisOrder, isResult ? 2 : 0) };
        foreach (var input in loop.Inputs)
        {
            if (OrderOf(input) is not { } order)
            {
                continue;
            }

            var known = votes.FindIndex(vote => vote.Order.AsSpan().SequenceEqual(order));
            if (known < 0)
            {
                votes.Add((order, 1));
            }
            else
            {
                votes[known] = (order, votes[known].Count + 1);
            }
        }

        loop.AxisOrder = votes.MaxBy(vote => vote.Count).Order;
    }

    private static int[]? OrderOf(View view)
    {
        for (var axis = 0; axis < view.Shape.Rank; axis++)
        {
            if (view.Strides[axis] == 0 && view.Shape[axis] > 1)
            {
                return null;
            }
        }

        return [.. Enumerable.Range(0, view.Shape.Rank).OrderByDescending(axis => view.Shape[axis] == 1 ? int.MaxValue : view.Strides[axis])];
    }
}
