using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Expressions made into a program for one precision: elementwise chains run as loops over vector registers, products and
/// sums as kernels, and what only rearranges costs nothing. Immutable; any number of threads may call it at once. It agrees
/// with the <see cref="Interpreter{T}"/>, which is its specification: bit for bit in + − × ÷ √ and choices, within a few
/// units in the last place in other functions, and within rounding of the terms in sums and products.
/// </summary>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var x = Expr.Variable("x", [3]);
/// var f = x.Square().Sum().Compile&lt;double&gt;();
/// f.Invoke(Point.Of((x, Tensor.Of(1.0, 2.0, 3.0))))[0];      // 14
/// </code></example>
public sealed class CompiledFunction<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Schedule<T> _schedule;
    private readonly Program _program;
    private readonly Bindings _bindings;
    private readonly (Variable Variable, int Slot)[] _inputs;
    private readonly View[] _computed;

    // Memory between calls: taken whole by one call at a time, so no call sees another's numbers.
    private readonly ConcurrentBag<T[][]> _idle = [];

    internal CompiledFunction(ReadOnlySpan<Expr> expressions, CodeGeneration generation)
    {
        _bindings = Bindings.Of(TopologicalOrder.Of(expressions)).WithConstantsChecked();
        _program = Lowering.Lower(Simplified(expressions));
        _schedule = new(_program, generation);
        _inputs =
        [
            .. Enumerable.Range(0, _program.Buffers.Count).Where(i => _program.Buffers[i].Source is Variable)
                .Select(i => ((Variable)_program.Buffers[i].Source!, _schedule.Plan.Slots[i])),
        ];
        _computed = [.. Enumerable.Range(0, _program.Results.Count)
            .Where(i => _program.Buffers[_program.Results[i].Buffer].Source is null).Select(i => _schedule.Program.Results[i])
            .DistinctBy(view => view.Buffer)];
    }

    /// <summary>The variables that a point must assign.</summary>
    public ImmutableArray<Variable> Variables => _bindings.Variables;

    /// <summary>How many bytes of memory a call works in, besides what it is given and what it returns.</summary>
    public long WorkingBytes => (long)_schedule.Plan.Sizes[BufferPlan.Arena] * Unsafe.SizeOf<T>();

    /// <summary>The values of the expressions at a point, in their order.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    /// <exception cref="IndexOutsideException">An index is not whole or out of range.</exception>
    public ImmutableArray<Tensor<T>> Invoke(Point<T> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        var memory = Rent();
        foreach (var (variable, slot) in _inputs)
        {
            if (!at.TryGetValue(variable, out var value))
            {
                _bindings.Check(at);
            }

            memory[slot] = value!.Array;
        }

        _bindings.CheckIndices(at);

        // What goes out is new for every call, since the caller keeps it.
        foreach (var view in _computed)
        {
            memory[view.Buffer] = GC.AllocateUninitializedArray<T>(view.Shape.Size);
        }

        _schedule.Run(memory);
        var views = _schedule.Program.Results;
        var results = new Tensor<T>[views.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Tensor<T>.Seal(views[i].Shape, memory[views[i].Buffer]);
        }

        Return(memory);
        return ImmutableCollectionsMarshal.AsImmutableArray(results);
    }

    /// <summary>The program as text: its steps, what each reads and what it writes.</summary>
    public override string ToString() => _program.ToString();

    /// <summary>Where the variables of the program come in.</summary>
    internal ReadOnlySpan<(Variable Variable, int Slot)> Inputs => _inputs;

    /// <summary>Where the results lie after a run.</summary>
    internal IReadOnlyList<View> Results => _schedule.Program.Results;

    /// <summary>Whether a slot is written by a run, and not a variable or a constant.</summary>
    internal bool IsComputed(int slot) => Array.Exists(_computed, view => view.Buffer == slot);

    internal Bindings Bindings => _bindings;

    /// <summary>Takes memory to run in: inputs and results are to be filled in.</summary>
    internal T[][] Rent() => _idle.TryTake(out var memory) ? memory : NewMemory();

    internal void Run(T[][] memory) => _schedule.Run(memory);

    /// <summary>Gives memory back, without what came from a caller or went to one: that is not ours to keep.</summary>
    internal void Return(T[][] memory)
    {
        foreach (var (_, slot) in _inputs)
        {
            memory[slot] = null!;
        }

        foreach (var view in _computed)
        {
            memory[view.Buffer] = null!;
        }

        _idle.Add(memory);
    }

    private static Expr[] Simplified(ReadOnlySpan<Expr> expressions) =>
        [.. expressions.Simplify().AsSpan().ShareCommonSubexpressions()];

    private T[][] NewMemory()
    {
        var memory = new T[_schedule.Plan.Sizes.Length][];
        memory[BufferPlan.Arena] = new T[_schedule.Plan.Sizes[BufferPlan.Arena]];
        for (var i = 0; i < _program.Buffers.Count; i++)
        {
            if (_program.Buffers[i].Source is Constant constant)
            {
                memory[_schedule.Plan.Slots[i]] = constant.Value.To<T>().Array;
            }
        }

        return memory;
    }
}
