using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>
/// The code of a loop: for every entry of the index space, along lanes where the innermost axis is long enough, read,
/// operate in registers, write or sum up. A rest that does not fill the lanes is done by lanes that overlap the ones
/// before: a loop never reads what it writes, so the same values are written twice, and a sum leaves them out.
/// </summary>
internal sealed partial class LoopCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Up to this many operations are written out instead of looped over.
    private const int MostWrittenOut = 64;

    private const int MostTotalsWrittenOut = 8;

    private readonly MethodWriter<T> _method;
    private readonly ILGenerator _il;
    private readonly LoopNest _nest;
    private readonly LoopFormula _formula;
    private readonly Register<T> _register;
    private readonly View[] _memory;

    // Memory that moves in the same way shares the locals that say where it is.
    private readonly int[] _walkOf;
    private readonly List<int[]> _walks = [];
    private readonly LocalBuilder?[] _values;
    private readonly bool[] _isBefore;

    // A sum whose innermost axis goes away is kept in a register along it; one over an axis outside that is added to in memory.
    private readonly bool[] _isInRegister;
    private readonly bool[] _isAddedUp;

    // A sum of one term is 0 and that term: of −0 it is 0.
    private readonly bool[] _isOfOneTerm;

    // Where the code goes on, if anywhere, for lanes that a kernel leaves to one for single numbers. A call of that, however
    // rare, would keep whatever is needed after it out of registers.
    private readonly Label? _exceptional;
    private bool _hasExceptions;

    private LoopCode(MethodWriter<T> method, LoopStep step, LoopNest nest, bool canStartAgain)
    {
        (_method, _il, _nest) = (method, method.Code, nest);
        _register = Register<T>.For(nest.Inner);
        _exceptional = canStartAgain && _register.Count > 1 ? method.Otherwise ?? _il.DefineLabel() : null;
        _formula = LoopFormula.Of<T>(step, _register.Count > 1, _exceptional is not null);
        _memory = [.. step.Inputs, .. step.Outputs.Select(output => output.Target)];
        _walkOf = [.. Enumerable.Range(0, _memory.Length).Select(WalkOf)];
        _values = new LocalBuilder?[_formula.Operations.Count];
        _isBefore = new bool[_values.Length];
        _isInRegister = [.. Enumerable.Range(0, step.Outputs.Count).Select(k => step.Outputs[k].IsSum && nest.Strides[^1][Inputs + k] == 0)];
        _isAddedUp = [.. Enumerable.Range(0, step.Outputs.Count).Select(k => step.Outputs[k].IsSum && nest.Strides.SkipLast(1).Any(along => along[Inputs + k] == 0))];
        _isOfOneTerm = [.. Enumerable.Range(0, step.Outputs.Count).Select(k => step.Outputs[k].IsSum && !_isInRegister[k] && !_isAddedUp[k])];
    }

    private int Inputs => _memory.Length - _formula.Wanted.Length;

    public static void Write(MethodWriter<T> method, LoopStep step)
    {
        if (step.Space.Size == 1)
        {
            ScalarLoop<T>.Write(method, step);
            return;
        }

        var nest = LoopNest.Of(step);
        var code = step.Space.Size == 0 ? null : new LoopCode<T>(method, step, nest, canStartAgain: true);
        for (var k = 0; k < step.Outputs.Count; k++)
        {
            // Other sums are written once, when all of their terms are there.
            if (step.Outputs[k].IsSum && (code is null || code._isAddedUp[k]))
            {
                Clear(method, step.Outputs[k].Target);
            }
        }

        code?.Level(0, new LocalBuilder?[code._walks.Count]);
        code?.Otherwise<Action<T[][]>>(() => LoopRunner<T>.For(step, nest).Run);
    }

    /// <summary>Writes a part of a loop, which begins a number of extents in along the outermost axis; sums add to what is there.</summary>
    public static void WritePart(MethodWriter<T> method, LoopStep step, LoopNest nest, LocalBuilder part, int extent)
    {
        // Sums add to what is there, which may have some of theirs already.
        var code = new LoopCode<T>(method, step, nest, canStartAgain: step.Outputs.TrueForAll(output => !output.IsSum));
        var moving = new LocalBuilder?[code._walks.Count];
        for (var walk = 0; walk < moving.Length; walk++)
        {
            var stride = code._walks[walk][0];
            if (stride != 0)
            {
                moving[walk] = method.Take(typeof(nint));
                method.Code.Emit(OpCodes.Ldloc, part);
                method.Code.Emit(OpCodes.Ldc_I4, stride * extent);
                method.Code.Emit(OpCodes.Conv_I);
                method.Code.Emit(OpCodes.Mul);
                method.Code.Emit(OpCodes.Stloc, moving[walk]!);
            }
        }

        code.Level(0, moving);
        code.Otherwise(() => LoopRunner<T>.Part(step, nest, extent));
    }

    // With exceptions, all of it is done by kernels: what was written until then is written again.
    private void Otherwise<TRun>(Func<TRun> run)
        where TRun : Delegate
    {
        if (!_hasExceptions || _method.Otherwise is not null)
        {
            return;
        }

        var end = _il.DefineLabel();
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(_exceptional!.Value);
        _method.CallLazily(run);
        _il.MarkLabel(end);
    }

    private static void Clear(MethodWriter<T> method, View target)
    {
        method.Address(target.Buffer, target.Offset, null);
        method.Code.Emit(OpCodes.Ldc_I4, target.Reached);
        method.Code.Emit(OpCodes.Call, typeof(LaneMemory).GetMethod(nameof(LaneMemory.Clear))!.MakeGenericMethod(typeof(T)));
    }

    private void Level(int level, LocalBuilder?[] moving)
    {
        if (level == _nest.Extents.Length - 1)
        {
            Innermost(moving);
            return;
        }

        var here = Started(level, moving);
        _method.Counted(_nest.Extents[level], () =>
        {
            Level(level + 1, here);
            Advance(level, here, 1);
        });
        GiveBack(level, here);
    }

    private void Innermost(LocalBuilder?[] moving)
    {
        var level = _nest.Extents.Length - 1;
        var width = _register.Count;
        var (whole, rest) = Math.DivRem(_nest.Inner, width);
        var sums = Array.ConvertAll(_isInRegister, isInRegister => isInRegister ? _method.Take(_register.Value) : null);
        foreach (var sum in sums)
        {
            if (sum is not null)
            {
                _register.Number(_il, 0);
                _il.Emit(OpCodes.Stloc, sum);
            }
        }

        var bodies = whole + (rest > 0 ? 1 : 0);
        if (bodies > 1)
        {
            Before(moving);
        }

        if (bodies == 1 || whole * _values.Length <= MostWrittenOut)
        {
            for (var i = 0; i < whole; i++)
            {
                Body(moving, i * width, 0, sums);
            }

            if (rest > 0)
            {
                Body(moving, _nest.Inner - width, rest, sums);
            }
        }
        else
        {
            var here = Started(level, moving);
            _method.Counted(whole, () =>
            {
                Body(here, 0, 0, sums);
                Advance(level, here, width);
            });
            if (rest > 0)
            {
                Body(here, rest - width, rest, sums);
            }

            GiveBack(level, here);
        }

        Finish(moving, sums);
        for (var i = 0; i < _values.Length; i++)
        {
            if (_isBefore[i])
            {
                _method.Give(_values[i]!);
                (_values[i], _isBefore[i]) = (null, false);
            }
        }
    }

    // What is the same along the innermost axis is worked out before it.
    private void Before(LocalBuilder?[] moving)
    {
        var invariant = _formula.Invariant(_nest.Strides[^1]);
        for (var i = 0; i < _values.Length; i++)
        {
            if (_formula.IsEmitted[i] && invariant[i])
            {
                Compute(i, moving, 0);
                _isBefore[i] = true;
            }
        }
    }
}
