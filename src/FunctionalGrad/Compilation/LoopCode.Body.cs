using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <content>What is done for as many entries as the lanes hold: read, operate, write or add up.</content>
internal sealed partial class LoopCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private void Body(LocalBuilder?[] moving, int displacement, int rest, LocalBuilder?[] sums)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (!_formula.IsEmitted[i] || _isBefore[i])
            {
                continue;
            }

            Compute(i, moving, displacement);

            // Written as soon as it is there, a value that nothing else needs takes up no register.
            foreach (var output in _formula.WantedAt[i])
            {
                Write(output, moving, displacement, rest, sums[output]);
            }

            foreach (var ended in _formula.EndsAt[i])
            {
                if (!_isBefore[ended])
                {
                    _method.Give(_values[ended]!);
                    _values[ended] = null;
                }
            }
        }

        for (var k = 0; k < _formula.Wanted.Length; k++)
        {
            var wanted = _formula.Wanted[k];
            if (!_formula.IsEmitted[wanted] || _isBefore[wanted])
            {
                Write(k, moving, displacement, rest, sums[k]);
            }
        }
    }

    private void Compute(int index, LocalBuilder?[] moving, int displacement)
    {
        var operation = _formula.Operations[index];
        if (operation.Member == LaneOperation.Argument)
        {
            Read((int)operation.Detail!, moving, displacement);
        }
        else if (_exceptional is { } exceptional && LoopFormula.IsException(operation))
        {
            _hasExceptions = true;
            Array.ForEach(operation.Inputs[0].Inputs, Load);
            _register.AnyGreater(_il);
            _il.Emit(OpCodes.Brtrue, exceptional);
            Load(operation.Inputs[2]);
        }
        else
        {
            _register.Operation(_il, operation, Load, _method.Kernel);
        }

        var local = _method.Take(_register.Value);
        _il.Emit(OpCodes.Stloc, local);
        _values[index] = local;
    }

    private void Load(LaneOperation operation)
    {
        if (operation.Member == LaneOperation.Number)
        {
            _register.Number(_il, (double)operation.Detail!);
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, _values[_formula.PositionOf(operation)]!);
        }
    }

    private void Read(int input, LocalBuilder?[] moving, int displacement)
    {
        var stride = _nest.Strides[^1][input];
        Address(input, moving, displacement * stride);
        if (stride == 0)
        {
            _il.Emit(OpCodes.Ldobj, typeof(T));
            _register.Spread(_il);
        }
        else if (stride == 1 || _register.Count == 1)
        {
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Ldobj, _register.Value);
        }
        else
        {
            _il.Emit(OpCodes.Ldc_I4, stride);
            _il.Emit(OpCodes.Conv_I);
            _register.CallLanes(_il, Memory("Spread"));
        }
    }

    private void Write(int output, LocalBuilder?[] moving, int displacement, int rest, LocalBuilder? sum)
    {
        var stride = _nest.Strides[^1][Inputs + output];
        if (_isInRegister[output] || _isAddedUp[output])
        {
            AddUp(output, moving, displacement * stride, rest, sum);
            return;
        }

        Address(Inputs + output, moving, displacement * stride);
        if (stride == 1 || _register.Count == 1)
        {
            LoadWanted(output);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Stobj, _register.Value);
            return;
        }

        // The lanes come first among the arguments: kept in a local, since the address is on the stack already.
        var target = _method.Take(typeof(T).MakeByRefType());
        _il.Emit(OpCodes.Stloc, target);
        LoadWanted(output);
        _register.ToLanes(_il);
        _il.Emit(OpCodes.Ldloc, target);
        _il.Emit(OpCodes.Ldc_I4, stride);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Call, Memory("Scatter"));
        _method.Give(target);
    }

    private void LoadWanted(int output)
    {
        Load(_formula.Operations[_formula.Wanted[output]]);
        if (_isOfOneTerm[output])
        {
            _register.Number(_il, 0);
            _register.Add(_il);
        }
    }

    private void AddUp(int output, LocalBuilder?[] moving, int displacement, int rest, LocalBuilder? sum)
    {
        if (sum is not null)
        {
            _il.Emit(OpCodes.Ldloc, sum);
        }
        else
        {
            Address(Inputs + output, moving, displacement);
            _il.Emit(OpCodes.Dup);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Ldobj, _register.Value);
        }

        Load(_formula.Operations[_formula.Wanted[output]]);
        if (rest > 0)
        {
            _register.ToLanes(_il);
            _il.Emit(OpCodes.Ldc_I4, rest);
            _register.CallLanes(_il, Memory("Last"));
        }

        _register.Add(_il);
        if (sum is not null)
        {
            _il.Emit(OpCodes.Stloc, sum);
        }
        else
        {
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Stobj, _register.Value);
        }
    }

    // The lanes of each sum come together once the innermost axis is done. Written out, each costs the JIT some locals; with
    // many it would run out of them, and leave the operations on lanes as calls.
    private void Finish(LocalBuilder?[] moving, LocalBuilder?[] sums)
    {
        var areMany = sums.Count(sum => sum is not null) > MostTotalsWrittenOut;
        for (var k = 0; k < sums.Length; k++)
        {
            if (sums[k] is not { } sum)
            {
                continue;
            }

            Address(Inputs + k, moving, 0);
            if (_isAddedUp[k])
            {
                _il.Emit(OpCodes.Dup);
                _il.Emit(OpCodes.Ldobj, typeof(T));
                Total(sum, areMany);
                _il.Emit(OpCodes.Add);
            }
            else
            {
                Total(sum, areMany);
            }

            _il.Emit(OpCodes.Stobj, typeof(T));
            _method.Give(sum);
        }
    }

    private void Total(LocalBuilder sum, bool called)
    {
        _il.Emit(OpCodes.Ldloc, sum);
        if (!called)
        {
            _register.Total(_il);
            return;
        }

        _register.ToLanes(_il);
        _il.Emit(OpCodes.Call, Memory("Total"));
    }

    private void Address(int memory, LocalBuilder?[] moving, long displacement) =>
        _method.Address(_memory[memory].Buffer, _memory[memory].Offset + displacement, moving[_walkOf[memory]]);

    private MethodInfo Memory(string name) => typeof(LaneMemory<,>).MakeGenericType(_register.Lanes, typeof(T)).GetMethod(name)!;
}
