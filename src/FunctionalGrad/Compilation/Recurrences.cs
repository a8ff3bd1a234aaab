using System.Numerics;

namespace FunctionalGrad;

/// <summary>Runs a loop on memory: its initial states, items and captured operands come from there, its results go there.</summary>
internal sealed class Recurrences<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly RecurrenceStep _step;
    private readonly LoopProgram<T> _program;
    private readonly Recurrence _loop;
    private readonly LoopForm _form;
    private readonly View[] _initial;
    private readonly (View Sequence, int Size, bool InRows)[] _items;
    private readonly (int Parameter, View Operand)[] _captured;

    // The outputs that somebody asks for, by their place among the results of the body.
    private readonly (int Result, View Target, int Size, bool Fills, bool InRows)[] _outputs;

    // Where steps work on single numbers, all of them; made when it is worth it.
    private readonly Lazy<Func<T[][], int, int>?> _inOneMethod;

    public Recurrences(RecurrenceStep step, LoopProgram<T> program)
    {
        (_step, _program, _loop, _form) = (step, program, step.Loop, step.Loop.Form);
        _inOneMethod = new(() => ScalarRecurrence<T>.Fits(step, program) ? ScalarRecurrence<T>.Of(step, program) : null);
        var operands = step.Operands[_form.FirstOperand..];
        _initial = operands[.._form.States];
        var inRows = step.OperandsInRows[_form.FirstOperand..];
        _items = [.. Enumerable.Range(_form.States, _form.Sequences).Select(i => (operands[i], SizeOfItem(operands[i]), inRows[i]))];
        _captured = [.. Enumerable.Range(_form.States + _form.Sequences, operands.Length - _form.States - _form.Sequences).Select(i => (i, operands[i]))];
        _outputs =
        [
            .. Enumerable.Range(_form.States, _loop.Body.Results.Length - _form.States)
                .Select(i => (i, step.Targets[_loop.FirstState + i]!, _loop.Body.Results[i].Shape.Size, step.Fills[_loop.FirstState + i], step.TargetsInRows[_loop.FirstState + i]))
                .Where(output => output.Item2 is not null),
        ];

        static int SizeOfItem(View view) => view.Shape[0] == 0 ? 0 : view.Shape.Size / view.Shape[0];
    }

    /// <summary>How many numbers of captured operands are copied, since a body reads a buffer from its start.</summary>
    public static int SizeOfCopies(RecurrenceStep step)
    {
        var form = step.Loop.Form;
        return step.Operands[(form.FirstOperand + form.States + form.Sequences)..].Sum(view => view.Offset == 0 ? 0 : view.Shape.Size);
    }

    public void Run(T[][] outer)
    {
        var limit = _form.IsCounted ? _form.Steps(Values(outer, _step.Operands[0])[0]) : _form.Length;
        if (!_program.Programs.Body.IsWorthCode || _inOneMethod.Value is not { } method || method(outer, limit) is not (>= 0 and var taken))
        {
            taken = RunInMemory(outer, limit);
        }

        if (_loop.Condition is not null && _step.Targets[0] is { } count)
        {
            Values(outer, count)[0] = T.CreateTruncating(taken);
        }

        if (taken < _form.Length)
        {
            foreach (var (_, target, size, fills, inRows) in _outputs)
            {
                if (fills && inRows)
                {
                    for (var row = taken; row < _form.Length; row++)
                    {
                        outer[target.Buffer + row].AsSpan().Clear();
                    }
                }
                else if (fills)
                {
                    Values(outer, target)[(taken * size)..].Clear();
                }
            }
        }

    }

    private int RunInMemory(T[][] outer, int limit)
    {
        var memory = _program.Rent();
        memory.Begin();
        for (var i = 0; i < _initial.Length; i++)
        {
            Values(outer, _initial[i]).CopyTo(memory.States[i]);
        }

        foreach (var (parameter, operand) in _captured)
        {
            memory.Bind(parameter, operand.Offset == 0 ? outer[operand.Buffer] : Copied(memory.OwnFor(parameter, operand.Shape.Size), Values(outer, operand)));
        }

        var taken = _loop.Condition is null ? Repeat(outer, memory, limit) : RepeatWhile(outer, memory, limit);
        for (var i = 0; i < _form.States; i++)
        {
            if (_step.Targets[_loop.FirstState + i] is { } target)
            {
                memory.States[i].CopyTo(Values(outer, target));
            }
        }

        _program.Return(memory);
        return taken;
    }

    private static Span<T> Values(T[][] outer, View view) => outer[view.Buffer].AsSpan(view.Offset, view.Shape.Size);

    private static T[] Copied(T[] target, ReadOnlySpan<T> source)
    {
        source.CopyTo(target);
        return target;
    }

    private int Repeat(T[][] outer, LoopProgram<T>.Memory memory, int limit)
    {
        for (var taken = 0; taken < limit; taken++)
        {
            Step(outer, memory, _form.IsReversed ? limit - 1 - taken : taken);
        }

        return limit;
    }

    private int RepeatWhile(T[][] outer, LoopProgram<T>.Memory memory, int limit)
    {
        var taken = 0;
        for (; memory.Holds(); taken++)
        {
            if (taken == limit)
            {
                throw _loop.Exceeded(Tensor<T>.Seal(_loop.Body.Parameters[0].Shape, [.. memory.States[0]]));
            }

            Step(outer, memory, _form.IsReversed ? limit - 1 - taken : taken);
        }

        return taken;
    }

    private void Step(T[][] outer, LoopProgram<T>.Memory memory, int position)
    {
        for (var i = 0; i < _items.Length; i++)
        {
            var (sequence, size, inRows) = _items[i];
            if (inRows)
            {
                memory.BindItem(i, outer[sequence.Buffer + position]);
            }
            else
            {
                Move(outer[sequence.Buffer], sequence.Offset + (position * size), memory.Items[i], 0, size);
            }
        }

        foreach (var (result, target, _, _, inRows) in _outputs)
        {
            if (inRows && memory.IsWritten(result))
            {
                memory.BindOutput(result, outer[target.Buffer + position]);
            }
        }

        memory.Step();
        foreach (var (result, target, size, _, inRows) in _outputs)
        {
            if (!inRows)
            {
                Move(memory.Output(result), 0, outer[target.Buffer], target.Offset + (position * size), size);
            }
            else if (!memory.IsWritten(result))
            {
                Move(memory.Output(result), 0, outer[target.Buffer + position], 0, size);
            }
        }
    }

    private static void Move(T[] from, int start, T[] to, int at, int size)
    {
        if (size == 1)
        {
            to[at] = from[start];
        }
        else
        {
            from.AsSpan(start, size).CopyTo(to.AsSpan(at, size));
        }
    }
}
