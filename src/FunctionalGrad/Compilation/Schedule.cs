using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>A program with its buffers in slots of memory and its steps as code.</summary>
internal sealed class Schedule<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Action<T[][]>[] _steps;

    public Schedule(Program program, bool generateCode)
    {
        Slots = BufferPlan.Of(program);
        Program = InSlots(program, Slots);
        Sizes = new int[Slots.Length == 0 ? 0 : Slots.Max() + 1];
        for (var buffer = 0; buffer < Slots.Length; buffer++)
        {
            Sizes[Slots[buffer]] = program.Buffers[buffer].Size;
        }

        _steps = [.. Program.Steps.Select(step => Code(step, generateCode && RuntimeFeature.IsDynamicCodeSupported))];
    }

    /// <summary>The program, its buffers replaced by slots.</summary>
    public Program Program { get; }

    /// <summary>For each buffer of the lowered program, its slot.</summary>
    public int[] Slots { get; }

    /// <summary>How many numbers each slot holds.</summary>
    public int[] Sizes { get; }

    public void Run(T[][] memory)
    {
        foreach (var step in _steps)
        {
            step(memory);
        }
    }

    private static Program InSlots(Program program, int[] slots)
    {
        View Moved(View view) => view with { Buffer = slots[view.Buffer] };
        Step[] steps = [.. program.Steps.Select(step => (Step)(step switch
        {
            LoopStep loop => loop.InSlots(Moved),
            CopyStep copy => new CopyStep(Moved(copy.Source), Moved(copy.Target)),
            ProductStep product => product with { Left = Moved(product.Left), Right = Moved(product.Right), Target = Moved(product.Target) },
            SumStep sum => sum with { Source = Moved(sum.Source), Target = Moved(sum.Target) },
            CallStep call => call with { Operands = Array.ConvertAll(call.Operands, Moved), Target = Moved(call.Target) },
            _ => throw new InvalidOperationException($"{step.GetType()} is not a kind of step"),
        }))];
        return new(steps, program.Buffers, [.. program.Results.Select(Moved)]);
    }

    private static Action<T[][]> Code(Step step, bool generateCode) => step switch
    {
        LoopStep loop when generateCode => LoopEmitter<T>.Emit(loop),
        LoopStep loop => memory => LoopRunner.Run(memory, loop),
        CopyStep copy => new Copies<T>(copy).Run,
        ProductStep product => new Products<T>(product).Run,
        SumStep sum => new Sums<T>(sum).Run,
        CallStep call => memory => Call(memory, call),
        _ => throw new InvalidOperationException($"{step.GetType()} is not a kind of step"),
    };

    private static void Call(T[][] memory, CallStep call)
    {
        var operands = new Tensor<T>[call.Operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            // A user's own code may keep what it is given, so it is given a copy.
            var values = memory[call.Operands[i].Buffer];
            operands[i] = Tensor<T>.Seal(call.Operands[i].Shape, call.Node.Primitive is DefinedPrimitive ? [.. values] : values);
        }

        call.Node.Primitive.Evaluate<T>(operands, call.Node.Shape).Values.CopyTo(memory[call.Target.Buffer]);
    }
}
