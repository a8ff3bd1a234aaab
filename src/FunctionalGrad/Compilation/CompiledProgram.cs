using System.Collections.Concurrent;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A program ready to run, with the memory that its runs take turns in: what functions whose graphs have the same form
/// share. Variables are known by their place in the order of the graph.
/// </summary>
internal sealed class CompiledProgram<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Schedule<T> _schedule;

    // Memory between calls: taken whole by one call at a time, so no call sees another's numbers. One place that is quick to
    // reach, and a bag for calls at the same time.
    private readonly ConcurrentBag<T[][]> _idle = [];
    private T[][]? _first;

    private PointMethod<T>? _overPoints;

    private CompiledProgram(TopologicalOrder order, ReadOnlySpan<Expr> simplified, CodeGeneration generation)
    {
        Lowered = Lowering.Lower(order, simplified);
        _schedule = new(Lowered, generation);
        Results = [.. _schedule.Program.Results];

        // Variables are lowered in their order.
        Inputs =
        [
            .. Enumerable.Range(0, Lowered.Buffers.Count).Where(i => Lowered.Buffers[i].Source is Variable)
                .Select((i, place) => (place, Plan.Slots[i])),
        ];
        Computed = [.. Enumerable.Range(0, Results.Length)
            .Where(i => Lowered.Buffers[Lowered.Results[i].Buffer].Source is null).Select(i => Results[i])
            .DistinctBy(view => view.Buffer)];
        IsOfSingleNumbers = PointCode<T>.Fits(Lowered);
    }

    /// <summary>The program as it was lowered.</summary>
    public Program Lowered { get; }

    public BufferPlan Plan => _schedule.Plan;

    /// <summary>Whether it works on single numbers alone, in code for one method.</summary>
    public bool IsOfSingleNumbers { get; }

    /// <summary>Whether runs from now on are worth code.</summary>
    public bool IsWorthCode => _schedule.IsWorthCode;

    /// <summary>Where the variables come in, by their place in the order.</summary>
    public (int Variable, int Slot)[] Inputs { get; }

    /// <summary>Where the results lie after a run.</summary>
    public View[] Results { get; }

    /// <summary>The results that a run writes: not a variable or a constant.</summary>
    public View[] Computed { get; }

    /// <summary>How many numbers a run works in, besides what comes in and goes out.</summary>
    public int WorkingSize => OwnSize + SizeOfRows + _schedule.SizeOfLoops;

    /// <summary>How many of them are the program's own, and neither rows nor those of a loop in it.</summary>
    public int OwnSize => Plan.Sizes[BufferPlan.Arena];

    private int SizeOfRows => Lowered.Buffers.Sum(buffer => buffer.Rows > 0 ? buffer.Size : 0);

    /// <summary>The program of simplified expressions: one that is known, or a new one.</summary>
    public static CompiledProgram<T> Of(GraphForm form, ReadOnlySpan<Expr> simplified, CodeGeneration generation)
    {
        if (ProgramCache<T>.Find(form, generation) is { } known)
        {
            return known;
        }

        var program = new CompiledProgram<T>(form.Order, simplified, generation);
        ProgramCache<T>.Add(form, generation, program);
        return program;
    }

    /// <summary>The program of a function, and where each of its parameters comes in: −1 for one that nothing uses.</summary>
    public static (CompiledProgram<T> Program, int[] Slots) Of(ClosedFunction function, CodeGeneration generation)
    {
        var (form, simplified) = Simplified(function);
        var program = Of(form, simplified, generation);
        var variables = form.Order.Variables;
        var slots = new int[function.Parameters.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            var variable = variables.IndexOf(function.Parameters[i]);
            slots[i] = variable < 0 ? -1 : Array.Find(program.Inputs, input => input.Variable == variable).Slot;
        }

        return (program, slots);
    }

    /// <summary>The graph of a function as it is compiled.</summary>
    public static (GraphForm Form, Expr[] Results) Simplified(ClosedFunction function)
    {
        var simplified = Simplified(function.Results);
        return (new(simplified), simplified);
    }

    /// <summary>Expressions as they are compiled.</summary>
    public static Expr[] Simplified(ReadOnlySpan<Expr> expressions)
    {
        // Loops first, so that all else has little to go over; and again, since entries side by side let more of them be seen.
        ReadOnlySpan<Expr> rolled = LoopRerolling.Of(expressions);
        return LoopRerolling.Of(Entries.SideBySide(rolled.Simplify().AsSpan().ShareCommonSubexpressions().AsSpan()));
    }

    /// <summary>Takes memory to run in: inputs and results are to be filled in.</summary>
    public T[][] Rent() => Interlocked.Exchange(ref _first, null) ?? (_idle.TryTake(out var memory) ? memory : NewMemory());

    /// <summary>From the values of a point to those of the expressions.</summary>
    /// <param name="values">The values of the point.</param>
    /// <param name="places">For each input, which of them is its own.</param>
    public Tensor<T>[] Run(Tensor<T>[] values, int[] places)
    {
        if (_overPoints is null && IsWorthCode)
        {
            // Quicker to call, where there is such code, than memory is to rent.
            _overPoints = (IsOfSingleNumbers ? PointCode<T>.Of(Lowered, RunInMemory) : StackCode<T>.Of(Lowered, _schedule, RunInMemory)) ?? RunInMemory;
        }

        return _overPoints is { } method ? method(values, places) : RunInMemory(values, places);
    }

    public void Run(T[][] memory) => _schedule.Run(memory);

    /// <summary>Gives memory back, without what came from a caller or went to one: that is not ours to keep.</summary>
    public void Return(T[][] memory)
    {
        foreach (var (_, slot) in Inputs)
        {
            memory[slot] = null!;
        }

        foreach (var view in Computed)
        {
            memory[view.Buffer] = null!;
        }

        if (_first is null)
        {
            // Of memory that two calls put here at the same time, one is lost; to take turns would cost each call more.
            Volatile.Write(ref _first, memory);
        }
        else
        {
            _idle.Add(memory);
        }
    }

    private Tensor<T>[] RunInMemory(Tensor<T>[] values, int[] places)
    {
        var memory = Rent();
        var inputs = Inputs;
        for (var i = 0; i < inputs.Length; i++)
        {
            memory[inputs[i].Slot] = values[places[i]].Array;
        }

        // What goes out is new for every call, since the caller keeps it.
        foreach (var view in Computed)
        {
            memory[view.Buffer] = GC.AllocateUninitializedArray<T>(view.Shape.Size);
        }

        Run(memory);
        var views = Results;
        var results = new Tensor<T>[views.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Tensor<T>.Seal(views[i].Shape, memory[views[i].Buffer]);
        }

        Return(memory);
        return results;
    }

    private T[][] NewMemory()
    {
        var memory = new T[Plan.Sizes.Length][];
        memory[BufferPlan.Arena] = AlignedArray.Of<T>(OwnSize);
        for (var i = 0; i < Lowered.Buffers.Count; i++)
        {
            if (Lowered.Buffers[i].Source is Constant constant)
            {
                memory[Plan.Slots[i]] = constant.Value.To<T>().Array;
            }

            for (var row = 0; row < Lowered.Buffers[i].Rows; row++)
            {
                memory[Plan.Slots[i] + row] = AlignedArray.Of<T>(Plan.Sizes[Plan.Slots[i] + row]);
            }
        }

        return memory;
    }
}
