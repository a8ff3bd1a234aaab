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

    // Memory between calls: taken whole by one call at a time, so no call sees another's numbers.
    private readonly ConcurrentBag<T[][]> _idle = [];

    internal CompiledFunction(ReadOnlySpan<Expr> expressions, bool generateCode)
    {
        _bindings = Bindings.Of(TopologicalOrder.Of(expressions)).WithConstantsChecked();
        _program = Lowering.Lower(Simplified(expressions));
        _schedule = new(_program, generateCode);
    }

    /// <summary>The variables that a point must assign.</summary>
    public ImmutableArray<Variable> Variables => _bindings.Variables;

    /// <summary>How many bytes of memory a call works in, besides what it is given and what it returns.</summary>
    public long WorkingBytes
    {
        get
        {
            var own = new HashSet<int>();
            for (var i = 0; i < _program.Buffers.Count; i++)
            {
                if (_program.Buffers[i].Source is null)
                {
                    own.Add(_schedule.Slots[i]);
                }
            }

            own.ExceptWith(_program.Results.Select(result => _schedule.Slots[result.Buffer]));
            return own.Sum(slot => (long)_schedule.Sizes[slot]) * Unsafe.SizeOf<T>();
        }
    }

    /// <summary>The values of the expressions at a point, in their order.</summary>
    /// <param name="at">The values of the variables.</param>
    /// <exception cref="UnboundVariableException">The point lacks a variable; found before any work.</exception>
    /// <exception cref="IndexOutsideException">An index is not whole or out of range.</exception>
    public ImmutableArray<Tensor<T>> Invoke(Point<T> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        _bindings.Check(at);
        if (!_idle.TryTake(out var memory))
        {
            memory = new T[_schedule.Sizes.Length][];
        }

        Prepare(memory, at);
        _schedule.Run(memory);
        var results = new Tensor<T>[_schedule.Program.Results.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var view = _schedule.Program.Results[i];
            results[i] = Tensor<T>.Seal(view.Shape, memory[view.Buffer]);
        }

        Forget(memory);
        _idle.Add(memory);
        return ImmutableCollectionsMarshal.AsImmutableArray(results);
    }

    /// <summary>The program as text: its steps, what each reads and what it writes.</summary>
    public override string ToString() => _program.ToString();

    private static Expr[] Simplified(ReadOnlySpan<Expr> expressions) =>
        [.. expressions.Simplify().AsSpan().ShareCommonSubexpressions()];

    // What came from a caller or went to one is not ours to keep.
    private void Forget(T[][] memory)
    {
        for (var i = 0; i < _program.Buffers.Count; i++)
        {
            if (_program.Buffers[i].Source is Variable)
            {
                memory[_schedule.Slots[i]] = null!;
            }
        }

        foreach (var result in _program.Results)
        {
            memory[_schedule.Slots[result.Buffer]] = null!;
        }
    }

    // What comes in is read where it is; what goes out is new for every call, since the caller keeps it.
    private void Prepare(T[][] memory, Point<T> at)
    {
        for (var i = 0; i < _program.Buffers.Count; i++)
        {
            var slot = _schedule.Slots[i];
            switch (_program.Buffers[i].Source)
            {
                case Variable variable:
                    memory[slot] = at[variable].Array;
                    break;
                case Constant constant:
                    memory[slot] ??= constant.Value.To<T>().Array;
                    break;
                default:
                    memory[slot] ??= new T[_schedule.Sizes[slot]];
                    break;
            }
        }

        foreach (var result in _program.Results)
        {
            if (_program.Buffers[result.Buffer].Source is null)
            {
                memory[_schedule.Slots[result.Buffer]] = new T[result.Shape.Size];
            }
        }
    }
}
