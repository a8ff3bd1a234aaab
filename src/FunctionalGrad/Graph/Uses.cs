namespace FunctionalGrad;

/// <summary>One use of a node: the position of its user in the order, and as which operand it is used.</summary>
/// <param name="User">The position of the user.</param>
/// <param name="Operand">The operand, from 0.</param>
internal readonly record struct Use(int User, int Operand);

/// <summary>For each node of an order, its uses, in the order of the users. Stored flat: two arrays for any graph.</summary>
internal sealed class Uses
{
    private readonly int[] _starts;
    private readonly Use[] _uses;

    private Uses(int[] starts, Use[] uses)
    {
        _starts = starts;
        _uses = uses;
    }

    /// <summary>The uses of the node at a position; <c>x · x</c> uses x twice.</summary>
    public ReadOnlySpan<Use> this[int position] => _uses.AsSpan(_starts[position].._starts[position + 1]);

    public static Uses Of(TopologicalOrder order)
    {
        var starts = new int[order.Count + 1];
        for (var user = 0; user < order.Count; user++)
        {
            foreach (var input in order.InputsOf(user))
            {
                starts[input + 1]++;
            }
        }

        for (var i = 0; i < order.Count; i++)
        {
            starts[i + 1] += starts[i];
        }

        var uses = new Use[order.EdgeCount];
        var next = starts.AsSpan(0, order.Count).ToArray();
        for (var user = 0; user < order.Count; user++)
        {
            var inputs = order.InputsOf(user);
            for (var operand = 0; operand < inputs.Length; operand++)
            {
                uses[next[inputs[operand]]++] = new Use(user, operand);
            }
        }

        return new(starts, uses);
    }
}
