using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>Loops over one entry: no loop at all, but operations on single numbers.</summary>
internal static class ScalarLoop<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The values of a loop's operations in their turn, on lanes that hold one number.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="read">What stands for a number in memory.</param>
    public static LaneOperation[] Values(LoopStep loop, Func<Cell, LaneOperation> read) =>
        LoopFormula.Values<T>(loop, input => read(Cell.Of(loop.Inputs[input])));

    /// <summary>What a loop writes to one of its outputs.</summary>
    public static LaneOperation Written(LoopOutput output, LaneOperation[] values) =>

        // A sum of one term is 0 and that term: of −0 it is 0.
        output.IsSum ? new("Add", [new(LaneOperation.Number, [], 0.0), values[output.Operation]]) : values[output.Operation];

    /// <summary>Writes the code of a loop: every value is stored as soon as it is there.</summary>
    public static void Write(MethodWriter<T> method, LoopStep loop)
    {
        var values = Values(loop, cell => new(LaneOperation.Argument, [], cell));
        LaneOperation[] written = [.. loop.Outputs.Select(output => Written(output, values))];
        var exceptional = method.Otherwise ?? method.Code.DefineLabel();
        var formula = new ScalarFormula<T>(method, values, written, Load, exceptional);
        formula.Compute(Store);
        if (formula.HasExceptions && method.Otherwise is null)
        {
            // What was stored before the jump is written again: a loop never reads what it writes.
            var end = method.Code.DefineLabel();
            method.Code.Emit(OpCodes.Br, end);
            method.Code.MarkLabel(exceptional);
            method.CallLazily<Action<T[][]>>(() => LoopRunner<T>.For(loop, LoopNest.Of(loop)).Run);
            method.Code.MarkLabel(end);
        }

        void Load(Cell cell)
        {
            method.Address(cell.Buffer, cell.Offset, null);
            method.Code.Emit(OpCodes.Ldobj, typeof(T));
        }

        void Store(int output)
        {
            var target = loop.Outputs[output].Target;
            method.Address(target.Buffer, target.Offset, null);
            formula.Load(output);
            method.Code.Emit(OpCodes.Stobj, typeof(T));
        }
    }
}
