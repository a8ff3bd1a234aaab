namespace FunctionalGrad;

/// <summary>Which nodes of steps are asked for elsewhere: a row for each step, or the last value alone.</summary>
internal sealed class WantedOfSteps(IEnumerable<RolledSteps> all)
{
    private readonly Dictionary<RolledSteps, (HashSet<int> Rows, HashSet<int> Last)> _wanted = all.ToDictionary(steps => steps, _ => (new HashSet<int>(), new HashSet<int>()));

    /// <summary>Asks for an operation.</summary>
    /// <param name="stepsAt">The steps that an operation belongs to.</param>
    /// <param name="place">The operation, −1 for none.</param>
    /// <param name="isRow">Whether it is one of many that are asked for in line.</param>
    public void Ask(Func<int, RolledSteps?> stepsAt, int place, bool isRow)
    {
        if (stepsAt(place) is { } steps)
        {
            var (step, node) = steps.At(place);
            _ = isRow || step < steps.Count - 1 ? _wanted[steps].Rows.Add(node) : _wanted[steps].Last.Add(node);
        }
    }

    /// <summary>Asks for the operands of all operations.</summary>
    public void AskOperands(RepeatedNodes nodes, Func<int, RolledSteps?> stepsAt)
    {
        for (var user = 0; user < nodes.Count; user++)
        {
            var own = stepsAt(user);
            var operands = nodes.OperandsOf(user);
            for (var i = 0; i < operands.Length; i++)
            {
                var place = nodes.PlaceOf(operands[i]);
                if (own is null || !own.Contains(place))
                {
                    Ask(stepsAt, place, own?.Operands[own.At(user).Node][i] is StepOperand.RowOf);
                }
            }
        }

        // What goes from level to level.
        foreach (var (steps, (rows, _)) in _wanted)
        {
            for (var node = 0; node < steps.Period; node++)
            {
                rows.UnionWith(steps.Operands[node].OfType<StepOperand.OfStep>()
                    .Where(former => steps.Levels[former.Node] != steps.Levels[node]).Select(former => former.Node));
            }
        }
    }

    /// <summary>What is wanted of some nodes of steps.</summary>
    public (int[] Rows, int[] Last) Of(RolledSteps steps, int[] nodes) =>
        (Array.FindAll(nodes, _wanted[steps].Rows.Contains), Array.FindAll(nodes, node => _wanted[steps].Last.Contains(node) && !_wanted[steps].Rows.Contains(node)));
}
