namespace FunctionalGrad;

/// <summary>Steps written out one after the other that do the same.</summary>
/// <param name="First">The first operation.</param>
/// <param name="Period">How many operations a step has.</param>
/// <param name="Count">How many steps there are.</param>
/// <param name="AtOnce">How many of them a loop takes at once: they divide the count. 0 where there is no loop.</param>
/// <param name="IsReversed">Whether rows lie from the last step to the first.</param>
/// <param name="Operands">For each node of a step the operands; of a slice that reads row after row, only that.</param>
/// <param name="Levels">For each node of a step its level (see <see cref="StepLevels"/>).</param>
/// <param name="Order">The nodes of a step in the order in which all steps can do them at once.</param>
internal sealed record RolledSteps(int First, int Period, int Count, int AtOnce, bool IsReversed, StepOperand[][] Operands, int[] Levels, int[] Order)
{
    /// <summary>Whether what goes from step to step is a loop; else it stays written out.</summary>
    public bool IsLoop => AtOnce > 0;

    /// <summary>The operation that a node of a step is.</summary>
    public int PlaceOf(int step, int node) => First + (step * Period) + node;

    /// <summary>Which node of which step an operation is.</summary>
    public (int Step, int Node) At(int place) => Math.DivRem(place - First, Period);

    public bool Contains(int place) => place >= First && place < First + (Count * Period);

    /// <summary>The row that belongs to a step.</summary>
    public int RowOf(int step) => IsReversed ? Count - 1 - step : step;

    /// <summary>The nodes of a level: of an even one as all steps do them at once, of an odd one as they follow in a step.</summary>
    public int[] NodesOf(int level)
    {
        var nodes = Array.FindAll(Order, node => Levels[node] == level);
        if (level % 2 == 1)
        {
            Array.Sort(nodes);
        }

        return nodes;
    }
}
