using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// What a loop computes for one entry, as operations on lanes in order: which are written at all, and where each value is
/// last used.
/// </summary>
internal sealed class LoopFormula
{
    private readonly Dictionary<LaneOperation, int> _positions = new(ReferenceEqualityComparer.Instance);

    private LoopFormula(List<LaneOperation> operations, int[] wanted, bool choosesByCondition, bool leavesExceptions)
    {
        (Operations, Wanted) = (operations, wanted);
        for (var i = 0; i < operations.Count; i++)
        {
            _positions.Add(operations[i], i);
        }

        IsEmitted = new bool[operations.Count];
        var lastUse = new int[operations.Count];
        Array.Fill(lastUse, -1);
        WantedAt = [.. Enumerable.Range(0, operations.Count).Select(_ => new List<int>())];
        for (var k = 0; k < wanted.Length; k++)
        {
            var i = wanted[k];
            (IsEmitted[i], lastUse[i]) = (operations[i].Member != LaneOperation.Number, i);
            WantedAt[i].Add(k);
        }

        for (var i = operations.Count - 1; i >= 0; i--)
        {
            if (!IsEmitted[i])
            {
                continue;
            }

            foreach (var input in UsedBy(operations[i], choosesByCondition, leavesExceptions))
            {
                var position = _positions[input];
                if (input.Member != LaneOperation.Number)
                {
                    (IsEmitted[position], lastUse[position]) = (true, Math.Max(lastUse[position], i));
                }
            }
        }

        EndsAt = [.. Enumerable.Range(0, operations.Count).Select(_ => new List<int>())];
        for (var i = 0; i < lastUse.Length; i++)
        {
            if (IsEmitted[i])
            {
                EndsAt[lastUse[i]].Add(i);
            }
        }
    }

    public List<LaneOperation> Operations { get; }

    /// <summary>For each output of the loop, the operation whose value it is.</summary>
    public int[] Wanted { get; }

    /// <summary>For each operation, the outputs of the loop whose value it is.</summary>
    public List<int>[] WantedAt { get; }

    /// <summary>Whether an operation has code of its own: numbers are written where they are used, and so are conditions of choices.</summary>
    public bool[] IsEmitted { get; }

    /// <summary>For each operation, the values that nothing needs after it.</summary>
    public List<int>[] EndsAt { get; }

    /// <summary>The formula of a loop.</summary>
    /// <param name="step">The loop.</param>
    /// <param name="choosesByCondition">Whether a choice takes a condition's operands.</param>
    /// <param name="leavesExceptions">Whether the loop is left where a kernel asks for one for single numbers.</param>
    public static LoopFormula Of<T>(LoopStep step, bool choosesByCondition, bool leavesExceptions)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var values = Values<T>(step, input => new(LaneOperation.Argument, [], input));
        var (operations, places) = LaneOperation.InOrder(values);
        return new(operations, [.. step.Outputs.Select(output => places[output.Operation])], choosesByCondition, leavesExceptions);
    }

    /// <summary>The values of a loop's operations in their turn, as operations on lanes.</summary>
    /// <param name="step">The loop.</param>
    /// <param name="read">What stands for an input, by its number.</param>
    public static LaneOperation[] Values<T>(LoopStep step, Func<int, LaneOperation> read)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var values = new LaneOperation[step.Operations.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var operation = step.Operations[i];
            values[i] = operation.Primitive.Record<T>(Array.ConvertAll(operation.Arguments, argument => argument.Kind switch
            {
                ArgumentKind.Operation => values[argument.Index],
                ArgumentKind.Input => read(argument.Index),
                _ => new LaneOperation(LaneOperation.Number, [], argument.Number),
            }));
        }

        return values;
    }

    public int PositionOf(LaneOperation operation) => _positions[operation];

    /// <summary>Which values are the same along an axis: those that depend only on what does not move along it.</summary>
    public bool[] Invariant(int[] strides)
    {
        var invariant = new bool[Operations.Count];
        for (var i = 0; i < invariant.Length; i++)
        {
            var operation = Operations[i];
            invariant[i] = operation.Member == LaneOperation.Argument
                ? strides[(int)operation.Detail!] == 0
                : Array.TrueForAll(operation.Inputs, input => invariant[_positions[input]]);
        }

        return invariant;
    }

    /// <summary>Whether an operation takes rare lanes through a kernel for single numbers: those of which something is too great.</summary>
    public static bool IsException(LaneOperation operation) => operation is { Member: "EachWhere", Inputs: [{ Member: "Greater" }, ..] };

    private static IEnumerable<LaneOperation> UsedBy(LaneOperation operation, bool choosesByCondition, bool leavesExceptions) =>
        choosesByCondition && operation.Member == "Select" && Register<double>.IsComparison(operation.Inputs[0])
            ? [.. operation.Inputs[0].Inputs, operation.Inputs[1], operation.Inputs[2]]
        : leavesExceptions && IsException(operation) ? [.. operation.Inputs[0].Inputs, operation.Inputs[2]]
        : operation.Inputs;
}
