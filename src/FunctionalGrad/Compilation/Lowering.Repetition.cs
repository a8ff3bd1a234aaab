namespace FunctionalGrad;

/// <content>Values that are cheaper to compute again than to keep.</content>
internal sealed partial class Lowering
{
    // Up to so many operations are repeated instead of keeping their value.
    private const int MostRepeated = 3;

    /// <summary>
    /// Whether a value is computed again where it is needed rather than written and read: a few operations on what is repeated
    /// along axes, and so much smaller than the value.
    /// </summary>
    private bool IsCheap(LoopStep loop, int operation)
    {
        var (size, operations) = (0L, 0);
        var pending = new Stack<int>([operation]);
        while (pending.TryPop(out var next))
        {
            if (++operations > MostRepeated || loop.Operations[next].Primitive.Weight > 1)
            {
                return false;
            }

            foreach (var argument in loop.Operations[next].Arguments)
            {
                if (argument.Kind == ArgumentKind.Operation)
                {
                    pending.Push(argument.Index);
                }
                else if (argument.Kind == ArgumentKind.Input)
                {
                    size += loop.Inputs[argument.Index].Reached;
                }
            }
        }

        return 2 * size <= loop.Space.Size;
    }

    private Argument Repeated(LoopStep loop, LoopStep other, int operation)
    {
        var arguments = Array.ConvertAll(other.Operations[operation].Arguments, argument => argument.Kind switch
        {
            ArgumentKind.Input => argument with { Index = InputOf(loop, other.Inputs[argument.Index]) },
            ArgumentKind.Operation => Repeated(loop, other, argument.Index),
            _ => argument,
        });
        loop.Operations.Add(other.Operations[operation] with { Arguments = arguments, Turn = _turn++ });
        loop.Weight++;
        return new(ArgumentKind.Operation, loop.Operations.Count - 1);
    }
}
