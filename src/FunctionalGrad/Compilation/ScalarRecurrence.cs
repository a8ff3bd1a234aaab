using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>
/// A loop whose steps work on single numbers as one method: the states stay in registers from step to step, and items and
/// outputs are read and written where they lie. The operations of a step are those that it has on its own, in their order.
/// </summary>
internal sealed class ScalarRecurrence<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly RecurrenceStep _step;
    private readonly LoopProgram<T> _program;
    private readonly LoopForm _form;
    private readonly View[] _operands;
    private readonly MethodWriter<T> _method;
    private readonly ILGenerator _il;
    private readonly Label _exceptional;
    private readonly LocalBuilder[][] _states;

    // For items and outputs of each size, how many entries lie before those of the step.
    private readonly Dictionary<int, LocalBuilder> _before = [];

    private ScalarRecurrence(MethodWriter<T> method, RecurrenceStep step, LoopProgram<T> program)
    {
        (_step, _program, _form, _operands) = (step, program, step.Loop.Form, step.Operands[step.Loop.Form.FirstOperand..]);
        (_method, _il, _exceptional) = (method, method.Code, method.Code.DefineLabel());
        _states = [.. Parameters[.._form.States].ToArray().Select(state => Locals(state.Shape.Size))];
    }

    private ReadOnlySpan<Variable> Parameters => _step.Loop.Body.Parameters;

    /// <summary>Whether a loop can be one method: nothing of it lies in rows of their own.</summary>
    public static bool Fits(RecurrenceStep step, LoopProgram<T> program) =>
        program.Programs.Body.IsOfSingleNumbers && program.Programs.Condition is null or { IsOfSingleNumbers: true }
        && !step.OperandsInRows.Contains(true) && !step.TargetsInRows.Contains(true);

    /// <summary>
    /// The method: from memory and the number of steps, or the most, to how many it took; −1 where it does not reach an
    /// argument, or would take more than the most.
    /// </summary>
    public static Func<T[][], int, int> Of(RecurrenceStep step, LoopProgram<T> program)
    {
        var slots = step.Operands.Concat(step.Targets.OfType<View>()).Select(view => view.Buffer);
        return MethodWriter<T>.Write<Func<T[][], int, int>>(slots, method => new ScalarRecurrence<T>(method, step, program).Write());
    }

    private LocalBuilder[] Locals(int count) => [.. Enumerable.Range(0, count).Select(_ => _il.DeclareLocal(typeof(T)))];

    private void Write()
    {
        for (var i = 0; i < _states.Length; i++)
        {
            for (var entry = 0; entry < _states[i].Length; entry++)
            {
                LoadFrom(_operands[i], entry, null);
                _il.Emit(OpCodes.Stloc, _states[i][entry]);
            }
        }

        var taken = _il.DeclareLocal(typeof(int));
        var (again, end) = (_il.DefineLabel(), _il.DefineLabel());
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Stloc, taken);
        Begin();
        _il.MarkLabel(again);
        if (_program.Programs.Condition is { } condition)
        {
            Condition(condition, end);
        }

        // Of a loop without a condition, the most steps are all.
        _il.Emit(OpCodes.Ldloc, taken);
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Bge, _program.Programs.Condition is null ? end : _exceptional);
        Step();
        Advance();
        _il.Emit(OpCodes.Ldloc, taken);
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, taken);
        _il.Emit(OpCodes.Br, again);

        _il.MarkLabel(end);
        for (var i = 0; i < _states.Length; i++)
        {
            for (var entry = 0; _step.Targets[_step.Loop.FirstState + i] is { } target && entry < _states[i].Length; entry++)
            {
                var state = _states[i][entry];
                StoreTo(target, entry, null, () => _il.Emit(OpCodes.Ldloc, state));
            }
        }

        _il.Emit(OpCodes.Ldloc, taken);
        _il.Emit(OpCodes.Ret);
        _il.MarkLabel(_exceptional);
        _il.Emit(OpCodes.Ldc_I4_M1);
    }

    private void Condition(CompiledProgram<T> condition, Label end)
    {
        var (inTurn, results) = ScalarCode<T>.InTurn(condition.Lowered);
        var holds = _method.Take(typeof(T));
        var formula = new ScalarFormula<T>(_method, inTurn, results, cell => Load(_program.ParameterOfCondition(cell.Buffer), cell.Offset), _exceptional);
        formula.Compute(_ =>
        {
            formula.Load(0);
            _il.Emit(OpCodes.Stloc, holds);
        });
        _il.Emit(OpCodes.Ldloc, holds);
        Register<T>.For(1).Number(_il, 0);
        _il.Emit(OpCodes.Beq, end);
        _method.Give(holds);
    }

    private void Step()
    {
        var body = _program.Programs.Body;
        var (inTurn, results) = ScalarCode<T>.InTurn(body.Lowered);
        var next = Array.ConvertAll(_states, state => Locals(state.Length));
        var (wanted, stores) = (new List<LaneOperation>(), new List<Action<Action>>());
        var at = 0;
        for (var i = 0; i < _step.Loop.Body.Results.Length; i++)
        {
            var size = _step.Loop.Body.Results[i].Shape.Size;
            for (var entry = 0; entry < size; entry++, at++)
            {
                var (result, offset) = (i, entry);
                if (i < _states.Length)
                {
                    wanted.Add(results[at]);
                    stores.Add(load =>
                    {
                        load();
                        _il.Emit(OpCodes.Stloc, next[result][offset]);
                    });
                }
                else if (_step.Targets[_step.Loop.FirstState + i] is { } target)
                {
                    wanted.Add(results[at]);
                    stores.Add(load => StoreTo(target, offset, Before(size), load));
                }
            }
        }

        var formula = new ScalarFormula<T>(_method, inTurn, [.. wanted], cell => Load(_program.ParameterOfBody(cell.Buffer), cell.Offset), _exceptional);
        formula.Compute(k => stores[k](() => formula.Load(k)));
        foreach (var (state, value) in _states.SelectMany(state => state).Zip(next.SelectMany(state => state)))
        {
            _il.Emit(OpCodes.Ldloc, value);
            _il.Emit(OpCodes.Stloc, state);
        }
    }

    // Puts an entry of a parameter on the stack: a state, an item of the step, or what is the same at every step.
    private void Load(int parameter, int entry)
    {
        if (parameter < _states.Length)
        {
            _il.Emit(OpCodes.Ldloc, _states[parameter][entry]);
        }
        else
        {
            LoadFrom(_operands[parameter], entry, _form.IsItem(parameter) ? Before(Parameters[parameter].Shape.Size) : null);
        }
    }

    private LocalBuilder Before(int size) => _before[size];

    // Before the first step.
    private void Begin()
    {
        var items = Enumerable.Range(_form.States, _form.Sequences).Select(item => Parameters[item].Shape.Size);
        var outputs = _step.Loop.Body.Results[_form.States..].ToArray().Select(output => output.Shape.Size);
        foreach (var size in items.Concat(outputs).Distinct())
        {
            var before = _before[size] = _il.DeclareLocal(typeof(nint));
            if (_form.IsReversed)
            {
                _il.Emit(OpCodes.Ldarg_2);
                _il.Emit(OpCodes.Ldc_I4_1);
                _il.Emit(OpCodes.Sub);
                _il.Emit(OpCodes.Conv_I);
                _il.Emit(OpCodes.Ldc_I4, size);
                _il.Emit(OpCodes.Conv_I);
                _il.Emit(OpCodes.Mul);
            }
            else
            {
                _il.Emit(OpCodes.Ldc_I4_0);
                _il.Emit(OpCodes.Conv_I);
            }

            _il.Emit(OpCodes.Stloc, before);
        }
    }

    private void Advance()
    {
        foreach (var (size, before) in _before)
        {
            _il.Emit(OpCodes.Ldloc, before);
            _il.Emit(OpCodes.Ldc_I4, _form.IsReversed ? -size : size);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Stloc, before);
        }
    }

    private void LoadFrom(View view, int entry, LocalBuilder? before)
    {
        _method.Address(view.Buffer, view.Offset + entry, before);
        _il.Emit(OpCodes.Ldobj, typeof(T));
    }

    private void StoreTo(View view, int entry, LocalBuilder? before, Action load)
    {
        _method.Address(view.Buffer, view.Offset + entry, before);
        load();
        _il.Emit(OpCodes.Stobj, typeof(T));
    }
}
