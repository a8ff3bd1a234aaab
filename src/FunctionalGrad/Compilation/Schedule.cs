using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// A program with its buffers in memory and its steps as code: kernel by kernel at first, and as one generated method once
/// the calls seen make that worth while. Both give the same bits.
/// </summary>
internal sealed class Schedule<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly int _callsBeforeCode;
    private readonly Lazy<Action<T[][]>[]> _kernels;
    private readonly Lazy<Action<T[][]>[]> _code;

    // Equal loops share a program and the memory that it runs in.
    private readonly Dictionary<Primitive, LoopProgram<T>> _loops = [];
    private int _calls;

    public Schedule(Program program, CodeGeneration generation)
    {
        Plan = BufferPlan.Of(program);
        Program = InSlots(program, Plan);
        foreach (var step in Program.Steps.OfType<RecurrenceStep>())
        {
            if (!_loops.ContainsKey(step.Loop))
            {
                _loops.Add(step.Loop, new(step.Loop, generation));
            }

            SizeOfLoops += Recurrences<T>.SizeOfCopies(step);
        }

        SizeOfLoops += _loops.Values.Sum(loop => loop.WorkingSize);

        _kernels = new(() => [.. Program.Steps.Select(Kernel)]);
        _code = new(() => StepCode.Of(Program.Steps, Plan.Sizes.Length, Kernel));
        _callsBeforeCode = generation switch
        {
            _ when !RuntimeFeature.IsDynamicCodeSupported => int.MaxValue,
            CodeGeneration.Always => 0,
            CodeGeneration.Never => int.MaxValue,
            _ => LoopCost.CallsBeforeCode(Program),
        };
    }

    /// <summary>The program, its buffers replaced by slots.</summary>
    public Program Program { get; }

    public BufferPlan Plan { get; }

    /// <summary>How many numbers the loops work in, besides what the program does.</summary>
    public int SizeOfLoops { get; }

    /// <summary>Whether runs from now on are worth code.</summary>
    public bool IsWorthCode => _calls >= _callsBeforeCode;

    public void Run(T[][] memory)
    {
        // Counted without care for races: it only decides how, not what.
        var steps = IsWorthCode ? _code.Value : _kernels.Value;
        if (!IsWorthCode)
        {
            _calls++;
        }

        foreach (var step in steps)
        {
            step(memory);
        }
    }

    private static Program InSlots(Program program, BufferPlan plan) => new(
        [.. program.Steps.Select(step => step.InSlots(plan.Moved))], program.Buffers, [.. program.Results.Select(plan.Moved)]);

    private Action<T[][]> Kernel(Step step) => step switch
    {
        LoopStep loop => LoopParts<T>.Of(loop, Plan.Sizes.Length, LoopRunner<T>.Part) ?? LoopRunner<T>.For(loop, LoopNest.Of(loop)).Run,
        CopyStep copy => new Copies<T>(copy).Run,
        ProductStep product => new Products<T>(product).Run,
        JoinStep join => Joins(join),
        AssembleStep assembly => new Assembly<T>(assembly).Run,
        SumStep sum => new Sums<T>(sum).Run,
        CallStep call => new Call<T>(call).Run,
        RecurrenceStep recurrence => new Recurrences<T>(recurrence, _loops[recurrence.Loop]).Run,
        _ => throw new InvalidOperationException($"{step.GetType()} is not a kind of step"),
    };

    private static Action<T[][]> Joins(JoinStep join)
    {
        var copies = join.Parts.Select((part, i) => new Copies<T>(new(part, join.Regions[i]))).ToArray();
        return memory =>
        {
            foreach (var copy in copies)
            {
                copy.Run(memory);
            }
        };
    }
}
