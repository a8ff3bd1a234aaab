using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>The memory of one compiled function during a fold, and where the state goes in and comes out.</summary>
internal sealed class Frame<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly CompiledFunction<T> _function;
    private readonly ImmutableArray<Variable> _state;
    private readonly T[][] _memory;
    private readonly T[] _own;
    private readonly List<(int State, int Slot)> _stateIn = [];
    private readonly List<(Variable Variable, int Slot)> _dataIn = [];

    // Results that are written where the next state is wanted, and those that must be copied there afterwards.
    private readonly List<(int State, int Slot)> _stateOut = [];
    private readonly List<(int State, int Slot)> _stateCopied = [];
    private readonly List<(Shape Shape, int Slot)> _observedNew = [];

    public Frame(CompiledFunction<T> function, ImmutableArray<Variable> state)
    {
        (_function, _state) = (function, state);
        Require(function, state);
        _memory = function.Program.Rent();
        _own = _memory[BufferPlan.Arena];
        foreach (var (variable, slot) in function.Inputs)
        {
            var index = state.IndexOf(variable);
            if (index >= 0)
            {
                _stateIn.Add((index, slot));
            }
            else
            {
                _dataIn.Add((variable, slot));
            }
        }

        var written = new HashSet<int>();
        for (var i = 0; i < function.Program.Results.Length; i++)
        {
            var (slot, shape) = (function.Program.Results[i].Buffer, function.Program.Results[i].Shape);
            var isNew = Array.Exists(function.Program.Computed, view => view.Buffer == slot) && written.Add(slot);
            if (i < state.Length)
            {
                (isNew ? _stateOut : _stateCopied).Add((i, slot));
            }
            else if (isNew)
            {
                _observedNew.Add((shape, slot));
            }
        }
    }

    /// <summary>How many numbers a step works in.</summary>
    public int WorkingSize => _own.Length;

    /// <summary>A step.</summary>
    /// <param name="current">The state.</param>
    /// <param name="next">Where the next state goes.</param>
    /// <param name="arena">Memory to work in, the same for all functions of a fold, so that it stays in the caches.</param>
    /// <param name="data">The values of the other variables.</param>
    public ImmutableArray<Tensor<T>> Run(T[][] current, T[][] next, T[] arena, Point<T> data)
    {
        _memory[BufferPlan.Arena] = arena;
        foreach (var (variable, slot) in _dataIn)
        {
            _memory[slot] = data.TryGetValue(variable, out var value)
                ? value.Array
                : throw UnboundVariableException.For([variable], [.. _state, .. data.Variables]);
        }

        foreach (var variable in data.Variables)
        {
            if (_state.Contains(variable))
            {
                throw new ArgumentException(
                    $"fold: the data assigns {variable.Name}, which is part of the state; leave it to the state or take it out of the initial one", nameof(data));
            }
        }

        _function.Bindings.CheckIndices(data);
        foreach (var (index, slot) in _stateIn)
        {
            _memory[slot] = current[index];
        }

        foreach (var (index, slot) in _stateOut)
        {
            _memory[slot] = next[index];
        }

        foreach (var (shape, slot) in _observedNew)
        {
            _memory[slot] = new T[shape.Size];
        }

        _function.Program.Run(_memory);
        foreach (var (index, slot) in _stateCopied)
        {
            _memory[slot].CopyTo(next[index], 0);
        }

        var observed = new Tensor<T>[_function.Program.Results.Length - _state.Length];
        for (var i = 0; i < observed.Length; i++)
        {
            var view = _function.Program.Results[_state.Length + i];

            // What lies in the buffers of a state will be written over.
            var isOwn = _observedNew.Exists(mine => mine.Slot == view.Buffer);
            observed[i] = Tensor<T>.Seal(view.Shape, isOwn ? _memory[view.Buffer] : [.. _memory[view.Buffer]]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(observed);
    }

    public void Release()
    {
        _memory[BufferPlan.Arena] = _own;
        _function.Program.Return(_memory);
    }

    private static void Require(CompiledFunction<T> function, ImmutableArray<Variable> state)
    {
        if (function.Program.Results.Length < state.Length)
        {
            throw new ArgumentException(
                $"fold: a step returns {function.Program.Results.Length} results and the state has {state.Length} variables; its first results must be the next state, one for each", nameof(function));
        }

        for (var i = 0; i < state.Length; i++)
        {
            if (function.Program.Results[i].Shape != state[i].Shape)
            {
                throw new ShapeException(
                    $"fold: result {i} of a step has shape {function.Program.Results[i].Shape} and should become {state[i].Name} of shape {state[i].Shape}; put the results in the order of the state's variables");
            }
        }
    }
}
