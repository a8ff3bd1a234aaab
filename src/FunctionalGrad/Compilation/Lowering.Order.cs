namespace FunctionalGrad;

/// <content>In which order of its axes a loop walks.</content>
internal sealed partial class Lowering
{
    // In the widest register, of the smallest numbers.
    private const int MostLanes = 16;

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

        var votes = new List<(int[] Order, int Count)> { isResult ? (loop.AxisOrder, 2) : (LanesFilled(loop), 0) };
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

    /// <summary>
    /// Where nothing that fills the space lies in memory yet, the order is free: lanes run along the longest axis where the
    /// last one would not fill them, as where a few directions are taken at each of many points.
    /// </summary>
    private static int[] LanesFilled(LoopStep loop)
    {
        var order = loop.AxisOrder;
        if (order.Length < 2)
        {
            return order;
        }

        var inner = Array.FindLast(order, axis => loop.Space[axis] != 1);
        var longest = order.MaxBy(axis => loop.Space[axis]);
        return loop.Space[inner] < MostLanes && loop.Space[longest] >= 4 * MostLanes
            ? [.. order.Where(axis => axis != longest), longest]
            : order;
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
