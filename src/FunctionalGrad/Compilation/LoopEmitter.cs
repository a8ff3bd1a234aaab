using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>
/// Writes the code of a loop: for every entry of the index space, along lanes where the innermost axis is long enough,
/// read, operate in registers, write. A rest that does not fill the lanes is done by lanes that overlap the ones before:
/// a loop never reads what it writes, so the same values are written twice.
/// </summary>
internal sealed class LoopEmitter<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly LoopStep _step;
    private readonly LoopNest _nest;
    private readonly Type _lanes;
    private readonly int _width;
    private readonly ILGenerator _il;
    private readonly DynamicMethod _method;
    private readonly List<object> _kernels = [];
    private readonly LocalBuilder[] _starts;
    private readonly LocalBuilder[][] _offsets;
    private readonly LocalBuilder[] _kernelLocals;
    private readonly LocalBuilder[] _inputs;
    private readonly LocalBuilder[] _results;
    private readonly Dictionary<long, LocalBuilder> _numbers = [];

    private LoopEmitter(LoopStep step)
    {
        _step = step;
        _nest = LoopNest.Of(step);
        (_lanes, _width) = LanesFor(_nest.Extents[^1]);
        _method = new DynamicMethod("loop", null, [typeof(object[]), typeof(T[][])], typeof(LoopEmitter<T>).Module, skipVisibility: true);
        _il = _method.GetILGenerator();
        var memories = step.Inputs.Count + step.Outputs.Count;
        _starts = Locals(memories, typeof(T).MakeByRefType());
        _offsets = [.. Enumerable.Range(0, _nest.Extents.Length).Select(_ => Locals(memories, typeof(nint)))];
        _kernelLocals = new LocalBuilder[step.Operations.Count];
        _inputs = Locals(step.Inputs.Count, _lanes);
        _results = Locals(step.Operations.Count, _lanes);
    }

    public static Action<T[][]> Emit(LoopStep step)
    {
        if (step.Space.Size == 0)
        {
            return _ => { };
        }

        var emitter = new LoopEmitter<T>(step);
        emitter.Method();
        var run = (Action<T[][]>)emitter._method.CreateDelegate(typeof(Action<T[][]>), emitter._kernels.ToArray());
        return run;
    }

    private static (Type Lanes, int Width) LanesFor(int extent)
    {
        return Vector512.IsHardwareAccelerated && Lanes512<T>.Count <= extent ? (typeof(Lanes512<T>), Lanes512<T>.Count)
            : Vector256.IsHardwareAccelerated && Lanes256<T>.Count <= extent ? (typeof(Lanes256<T>), Lanes256<T>.Count)
            : Vector128.IsHardwareAccelerated && Lanes128<T>.Count <= extent ? (typeof(Lanes128<T>), Lanes128<T>.Count)
            : (typeof(OneLane<T>), 1);
    }

    private void Method()
    {
        Kernels();
        for (var i = 0; i < _starts.Length; i++)
        {
            var view = i < _step.Inputs.Count ? _step.Inputs[i] : _step.Outputs[i - _step.Inputs.Count].Target;
            _il.Emit(OpCodes.Ldarg_1);
            _il.Emit(OpCodes.Ldc_I4, view.Buffer);
            _il.Emit(OpCodes.Ldc_I4, view.Offset);
            Call("Start");
            _il.Emit(OpCodes.Stloc, _starts[i]);
        }

        foreach (var argument in _step.Operations.SelectMany(operation => operation.Arguments))
        {
            if (argument.Kind == ArgumentKind.Number && !_numbers.ContainsKey(BitConverter.DoubleToInt64Bits(argument.Number)))
            {
                var local = _il.DeclareLocal(_lanes);
                _il.Emit(OpCodes.Ldc_R8, argument.Number);
                Call("Number");
                _il.Emit(OpCodes.Stloc, local);
                _numbers.Add(BitConverter.DoubleToInt64Bits(argument.Number), local);
            }
        }

        Level(0);
        _il.Emit(OpCodes.Ret);
    }

    private void Kernels()
    {
        for (var i = 0; i < _kernelLocals.Length; i++)
        {
            var box = _step.Operations[i].Primitive.KernelObject;
            var field = box.GetType().GetField(nameof(StrongBox<int>.Value))!;
            _kernelLocals[i] = _il.DeclareLocal(field.FieldType);

            // A kernel without parameters is nothing but its type.
            if (field.FieldType.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Length > 0)
            {
                _il.Emit(OpCodes.Ldarg_0);
                _il.Emit(OpCodes.Ldc_I4, _kernels.Count);
                _il.Emit(OpCodes.Ldelem_Ref);
                _il.Emit(OpCodes.Castclass, box.GetType());
                _il.Emit(OpCodes.Ldfld, field);
                _il.Emit(OpCodes.Stloc, _kernelLocals[i]);
                _kernels.Add(box);
            }
        }
    }

    private void Level(int level)
    {
        for (var i = 0; i < _starts.Length; i++)
        {
            if (level == 0)
            {
                _il.Emit(OpCodes.Ldc_I4_0);
                _il.Emit(OpCodes.Conv_I);
            }
            else
            {
                _il.Emit(OpCodes.Ldloc, _offsets[level - 1][i]);
            }

            _il.Emit(OpCodes.Stloc, _offsets[level][i]);
        }

        if (level == _nest.Extents.Length - 1)
        {
            Innermost(level);
            return;
        }

        Counted(_nest.Extents[level], 1, () =>
        {
            Level(level + 1);
            Advance(level, 1);
        });
    }

    private void Innermost(int level)
    {
        var extent = _nest.Extents[level];
        var strides = _nest.Strides[level];
        for (var i = 0; i < _inputs.Length; i++)
        {
            if (strides[i] == 0)
            {
                _il.Emit(OpCodes.Ldloc, _starts[i]);
                _il.Emit(OpCodes.Ldloc, _offsets[level][i]);
                Call("Repeat");
                _il.Emit(OpCodes.Stloc, _inputs[i]);
            }
        }

        var whole = extent / _width;
        if (whole > 1)
        {
            Counted(whole, 1, () =>
            {
                Body(level);
                Advance(level, _width);
            });
        }
        else
        {
            Body(level);
            Advance(level, _width);
        }

        if (extent % _width != 0)
        {
            Advance(level, (extent % _width) - _width);
            Body(level);
        }
    }

    private void Body(int level)
    {
        var strides = _nest.Strides[level];
        for (var i = 0; i < _inputs.Length; i++)
        {
            // What does not change along the innermost axis was read before it.
            if (strides[i] == 0)
            {
                continue;
            }

            _il.Emit(OpCodes.Ldloc, _starts[i]);
            _il.Emit(OpCodes.Ldloc, _offsets[level][i]);
            if (strides[i] == 1 || _width == 1)
            {
                Call("Load");
            }
            else
            {
                _il.Emit(OpCodes.Ldc_I4, strides[i]);
                _il.Emit(OpCodes.Conv_I);
                Call("Spread");
            }

            _il.Emit(OpCodes.Stloc, _inputs[i]);
        }

        for (var i = 0; i < _results.Length; i++)
        {
            var operation = _step.Operations[i];
            _il.Emit(OpCodes.Ldloc, _kernelLocals[i]);
            foreach (var argument in operation.Arguments)
            {
                _il.Emit(OpCodes.Ldloc, argument.Kind switch
                {
                    ArgumentKind.Operation => _results[argument.Index],
                    ArgumentKind.Input => _inputs[argument.Index],
                    _ => _numbers[BitConverter.DoubleToInt64Bits(argument.Number)],
                });
            }

            _il.Emit(OpCodes.Call, operation.Primitive.LanesMethod(_lanes));
            _il.Emit(OpCodes.Stloc, _results[i]);
        }

        for (var i = 0; i < _step.Outputs.Count; i++)
        {
            var memory = _step.Inputs.Count + i;
            _il.Emit(OpCodes.Ldloc, _results[_step.Outputs[i].Operation]);
            _il.Emit(OpCodes.Ldloc, _starts[memory]);
            _il.Emit(OpCodes.Ldloc, _offsets[level][memory]);
            if (strides[memory] == 1 || _width == 1)
            {
                Call("Store");
            }
            else
            {
                _il.Emit(OpCodes.Ldc_I4, strides[memory]);
                _il.Emit(OpCodes.Conv_I);
                Call("Scatter");
            }
        }
    }

    private void Advance(int level, int count)
    {
        for (var i = 0; i < _starts.Length; i++)
        {
            var step = _nest.Strides[level][i] * count;
            if (step != 0)
            {
                _il.Emit(OpCodes.Ldloc, _offsets[level][i]);
                _il.Emit(OpCodes.Ldc_I4, step);
                _il.Emit(OpCodes.Conv_I);
                _il.Emit(OpCodes.Add);
                _il.Emit(OpCodes.Stloc, _offsets[level][i]);
            }
        }
    }

    private void Counted(int count, int step, Action body)
    {
        var index = _il.DeclareLocal(typeof(int));
        var again = _il.DefineLabel();
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Stloc, index);
        _il.MarkLabel(again);
        body();
        _il.Emit(OpCodes.Ldloc, index);
        _il.Emit(OpCodes.Ldc_I4, step);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, index);
        _il.Emit(OpCodes.Ldloc, index);
        _il.Emit(OpCodes.Ldc_I4, count);
        _il.Emit(OpCodes.Blt, again);
    }

    private LocalBuilder[] Locals(int count, Type type) => [.. Enumerable.Range(0, count).Select(_ => _il.DeclareLocal(type))];

    private void Call(string name) =>
        _il.Emit(OpCodes.Call, typeof(LaneMemory<,>).MakeGenericType(_lanes, typeof(T)).GetMethod(name, BindingFlags.Public | BindingFlags.Static)!);
}
