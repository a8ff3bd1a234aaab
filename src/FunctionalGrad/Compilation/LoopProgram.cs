using System.Collections.Concurrent;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// A loop made ready to run: its body and its condition as programs, and the memory that its runs take turns in. A state
/// has two buffers, which are read and written in turns: the body's program sees them through two tables of memory that
/// differ in nothing else, so a step neither allocates nor binds anything.
/// </summary>
internal sealed class LoopProgram<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Recurrence _loop;
    private readonly CompiledProgram<T> _body;
    private readonly CompiledProgram<T>? _condition;
    private readonly int[] _bodySlots;
    private readonly int[] _conditionSlots = [];

    // The results that a step writes where nobody else does; those that are states go straight to where the next step reads.
    private readonly bool[] _isWritten;
    private readonly ConcurrentBag<Memory> _idle = [];
    private Memory? _first;

    public LoopProgram(Recurrence loop, CodeGeneration generation)
    {
        _loop = loop;
        (_body, _bodySlots) = CompiledProgram<T>.Of(loop.Body, generation);
        if (loop.Condition is not null)
        {
            (_condition, _conditionSlots) = CompiledProgram<T>.Of(loop.Condition, generation);
        }

        var written = new HashSet<int>();
        _isWritten = [.. _body.Results.Select(view => Array.Exists(_body.Computed, computed => computed.Buffer == view.Buffer) && written.Add(view.Buffer))];
        WorkingSize = _body.WorkingSize + (_condition?.WorkingSize ?? 0) + (_condition is null ? 0 : 1) + SizeOfBuffers();
    }

    /// <summary>How many numbers a run works in.</summary>
    public int WorkingSize { get; }

    /// <summary>A step as a program, and its condition.</summary>
    public (CompiledProgram<T> Body, CompiledProgram<T>? Condition) Programs => (_body, _condition);

    /// <summary>Which parameter a buffer of the body is.</summary>
    public int ParameterOfBody(int buffer) => Array.IndexOf(_bodySlots, _body.Plan.Slots[buffer]);

    /// <summary>Which parameter a buffer of the condition is.</summary>
    public int ParameterOfCondition(int buffer) => Array.IndexOf(_conditionSlots, _condition!.Plan.Slots[buffer]);

    /// <summary>Takes memory to run in: captured operands are to be bound.</summary>
    public Memory Rent() => Interlocked.Exchange(ref _first, null) ?? (_idle.TryTake(out var memory) ? memory : new(this));

    /// <summary>Gives memory back, without what came from outside.</summary>
    public void Return(Memory memory)
    {
        for (var i = _loop.Form.States + _loop.Form.Sequences; i < _bodySlots.Length; i++)
        {
            memory.Bind(i, null!);
        }

        memory.Unbind();
        if (Interlocked.CompareExchange(ref _first, memory, null) is not null)
        {
            _idle.Add(memory);
        }
    }

    private int SizeOfBuffers()
    {
        var size = 0;
        for (var i = 0; i < _loop.Form.States + _loop.Form.Sequences; i++)
        {
            size += (i < _loop.Form.States ? 2 : 1) * _loop.Body.Parameters[i].Shape.Size;
        }

        for (var i = _loop.Form.States; i < _isWritten.Length; i++)
        {
            size += _isWritten[i] ? _body.Results[i].Shape.Size : 0;
        }

        return size;
    }

    /// <summary>The memory of one run.</summary>
    internal sealed class Memory
    {
        private readonly LoopProgram<T> _program;

        // Of the even steps and of the odd ones.
        private readonly T[][][] _body;
        private readonly T[][][] _condition = [];
        private readonly T[][][] _states;
        private readonly T[][] _items;
        private readonly int[] _resultSlots;
        private readonly (int State, int Slot)[] _copied;
        private readonly T[]?[] _own;
        private readonly (int Result, T[] Values)[] _outputs;
        private readonly int _conditionResult;
        private int _turn;

        public Memory(LoopProgram<T> program)
        {
            _program = program;
            var form = program._loop.Form;
            var parameters = program._loop.Body.Parameters;
            var shared = program._body.Rent();
            _body = [shared, [.. shared]];
            _states = [new T[form.States][], new T[form.States][]];
            _items = new T[form.Sequences][];
            _own = new T[parameters.Length][];
            _resultSlots = [.. program._body.Results.Select(view => view.Buffer)];
            for (var i = 0; i < parameters.Length && i < form.States + form.Sequences; i++)
            {
                if (i < form.States)
                {
                    _states[0][i] = AlignedArray.Of<T>(parameters[i].Shape.Size);
                    _states[1][i] = AlignedArray.Of<T>(parameters[i].Shape.Size);
                }
                else
                {
                    _items[i - form.States] = AlignedArray.Of<T>(parameters[i].Shape.Size);
                }
            }

            if (program._condition is { } condition)
            {
                var ofCondition = condition.Rent();
                foreach (var view in condition.Computed)
                {
                    ofCondition[view.Buffer] = AlignedArray.Of<T>(view.Shape.Size);
                }

                _condition = [ofCondition, [.. ofCondition]];
                _conditionResult = condition.Results[0].Buffer;
            }

            var copied = new List<(int, int)>();
            var outputs = new List<(int, T[])>();
            for (var i = 0; i < _resultSlots.Length; i++)
            {
                if (i >= form.States && program._isWritten[i])
                {
                    outputs.Add((i, AlignedArray.Of<T>(program._body.Results[i].Shape.Size)));
                    BindOutput(i, outputs[^1].Item2);
                }
                else if (i < form.States && program._isWritten[i])
                {
                    (_body[0][_resultSlots[i]], _body[1][_resultSlots[i]]) = (_states[1][i], _states[0][i]);
                }
                else if (i < form.States)
                {
                    copied.Add((i, _resultSlots[i]));
                }
            }

            (_copied, _outputs) = ([.. copied], [.. outputs]);
            for (var i = 0; i < form.States + form.Sequences; i++)
            {
                for (var turn = 0; turn < 2; turn++)
                {
                    Put(turn, i, i < form.States ? _states[turn][i] : _items[i - form.States]);
                }
            }
        }

        /// <summary>The states as they are.</summary>
        public ReadOnlySpan<T[]> States => _states[_turn];

        /// <summary>Where the items of the next step go.</summary>
        public ReadOnlySpan<T[]> Items => _items;

        /// <summary>Begins a run: the states are those of turn 0.</summary>
        public void Begin() => _turn = 0;

        /// <summary>Binds a parameter to a captured operand.</summary>
        public void Bind(int parameter, T[] values)
        {
            Put(0, parameter, values);
            Put(1, parameter, values);
        }

        /// <summary>Has the next steps read an item where it lies.</summary>
        public void BindItem(int item, T[] values) => Bind(_program._loop.Form.States + item, values);

        /// <summary>Whether the body writes an output to memory of its own, which may be elsewhere.</summary>
        public bool IsWritten(int result) => _program._isWritten[result];

        /// <summary>Has the next steps write an output where it belongs.</summary>
        public void BindOutput(int result, T[] values) => _body[0][_resultSlots[result]] = _body[1][_resultSlots[result]] = values;

        /// <summary>Goes back to memory of its own for items and outputs.</summary>
        public void Unbind()
        {
            for (var i = 0; i < _items.Length; i++)
            {
                BindItem(i, _items[i]);
            }

            foreach (var (result, values) in _outputs)
            {
                BindOutput(result, values);
            }
        }

        /// <summary>A buffer for a captured operand that does not lie at the start of one.</summary>
        public T[] OwnFor(int parameter, int size) => _own[parameter] ??= new T[size];

        /// <summary>Whether the condition holds.</summary>
        public bool Holds()
        {
            _program._condition!.Run(_condition[_turn]);
            return _condition[_turn][_conditionResult][0] != T.Zero;
        }

        /// <summary>Takes a step.</summary>
        public void Step()
        {
            _program._body.Run(_body[_turn]);
            foreach (var (state, slot) in _copied)
            {
                _body[_turn][slot].AsSpan(0, _states[0][state].Length).CopyTo(_states[1 - _turn][state]);
            }

            _turn = 1 - _turn;
        }

        /// <summary>An output of the step last taken.</summary>
        public T[] Output(int result) => _body[1 - _turn][_resultSlots[result]];

        private void Put(int turn, int parameter, T[] values)
        {
            if (_program._bodySlots[parameter] is >= 0 and var slot)
            {
                _body[turn][slot] = values;
            }

            if (_program._condition is not null && _program._conditionSlots[parameter] is >= 0 and var ofCondition)
            {
                _condition[turn][ofCondition] = values;
            }
        }
    }
}
