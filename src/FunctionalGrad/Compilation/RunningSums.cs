namespace FunctionalGrad;

/// <summary>A short cumulative sum as operations on single numbers, in the order of its kernel: less work than a call.</summary>
internal static class RunningSums
{
    // About as many as the sums that follow can wait for in registers.
    private const int MostEntries = 8;

    /// <summary>A loop over one entry that writes every sum, or nothing where the step is another or long.</summary>
    public static LoopStep? Of(CallStep step)
    {
        if (step.Node.Primitive is not CumulativeSum sum || step.Target.Shape is not { Rank: 1, Size: > 0 and <= MostEntries } shape)
        {
            return null;
        }

        var loop = new LoopStep(Shape.Scalar) { AxisOrder = [], Weight = shape.Size };
        for (var i = 0; i < shape.Size; i++)
        {
            var entry = sum.IsReverse ? shape.Size - 1 - i : i;
            var input = new Argument(ArgumentKind.Input, i);
            loop.Inputs.Add(Entry(step.Operands[0], entry));

            // The first is itself: less zero, −0 too.
            loop.Operations.Add(i == 0
                ? new((ElementwisePrimitive)Subtract.Primitive, [input, new(ArgumentKind.Number, 0)], i)
                : new((ElementwisePrimitive)Add.Primitive, [new(ArgumentKind.Operation, i - 1), input], i));
            loop.Outputs.Add(new(i, Entry(step.Target, entry), IsSum: false));
        }

        return loop;

        static View Entry(View view, int entry) => new(view.Buffer, view.Offset + (entry * view.Strides[0]), [], Shape.Scalar);
    }
}
