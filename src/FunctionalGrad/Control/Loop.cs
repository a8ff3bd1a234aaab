namespace FunctionalGrad;

/// <summary>
/// A loop while it is put together, from expressions that may use anything: what depends on neither states nor items is
/// computed once, outside, and captured.
/// </summary>
internal sealed class Loop
{
    private readonly List<Variable> _states = [];
    private readonly List<Expr> _initial = [];
    private readonly List<Expr> _next = [];
    private readonly List<Variable> _items = [];
    private readonly List<Expr> _sequences = [];
    private readonly List<Expr> _outputs = [];
    private readonly Dictionary<Expr, Expr> _replacements = [];

    /// <summary>How many steps it takes, or may take at most.</summary>
    public required int Length { get; init; }

    public bool IsReversed { get; init; }

    /// <summary>How many steps it takes, where only running it tells.</summary>
    public Expr? Count { get; init; }

    /// <summary>Whether to take another step; null where it always is.</summary>
    public Expr? Condition { get; init; }

    /// <summary>A state, with its initial value and its value after a step; returns its place.</summary>
    public int AddState(Variable state, Expr initial, Expr next)
    {
        _states.Add(state);
        _initial.Add(initial);
        _next.Add(next);
        return _states.Count - 1;
    }

    /// <summary>An item, with the sequence that it comes from.</summary>
    public void AddItem(Variable item, Expr sequence)
    {
        _items.Add(item);
        _sequences.Add(sequence);
    }

    /// <summary>An output of each step; returns its place.</summary>
    public int AddOutput(Expr output)
    {
        _outputs.Add(output);
        return _outputs.Count - 1;
    }

    /// <summary>A variable that stands for an expression outside of the loop.</summary>
    public void Replace(Variable variable, Expr expression) => _replacements.Add(variable, expression);

    /// <summary>The node of the loop, with its final states and outputs.</summary>
    public (Expr Node, Expr[] States, Expr[] Outputs) Build()
    {
        Expr[] results = [.. _next, .. _outputs, .. Condition is null ? [] : new[] { Condition }];
        results = Structure.Merge(Rewriting.Rewrite(results, node => _replacements.GetValueOrDefault(node, node)));

        // An item that nothing uses need not be there.
        var used = TopologicalOrder.Of(results);
        for (var i = _items.Count - 1; i >= 0; i--)
        {
            if (!used.Contains(_items[i]))
            {
                _items.RemoveAt(i);
                _sequences.RemoveAt(i);
            }
        }

        var (function, captured) = ClosedFunction.Lift([.. _states, .. _items], results);
        var form = new LoopForm(Length, _states.Count, _items.Count, IsReversed, IsCounted: Count is not null);
        var steps = _next.Count + _outputs.Count;
        var recurrence = Condition is null
            ? new Recurrence(form, function)
            : new(form, new(function.Parameters, function.Results[..steps]), new(function.Parameters, function.Results[steps..]));
        var node = recurrence.Apply([.. Count is null ? [] : new[] { Count }, .. _initial, .. _sequences, .. captured]);
        return (
            node,
            [.. Enumerable.Range(0, _next.Count).Select(i => recurrence.Result(node, recurrence.FirstState + i))],
            [.. Enumerable.Range(0, _outputs.Count).Select(i => recurrence.Result(node, recurrence.FirstState + _next.Count + i))]);
    }
}
