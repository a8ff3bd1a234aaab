using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// Writes the code that makes the tensors which a <see cref="PointMethod{T}"/> returns. Arrays are made first, so that every
/// number goes where it belongs as soon as it is there; a single number is a local until it stands in its tensor.
/// </summary>
internal sealed class PointResults<T> : IScalarResults
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly MethodWriter<T> _method;
    private readonly Program _program;

    // For each buffer that is written, its array or its single number, and where that begins.
    private readonly Dictionary<int, (LocalBuilder Value, LocalBuilder? Start)> _computed = [];

    public PointResults(MethodWriter<T> method, Program program)
    {
        (_method, _program) = (method, program);
        foreach (var result in program.Results)
        {
            if (program.Buffers[result.Buffer].Source is null && !_computed.ContainsKey(result.Buffer))
            {
                _computed.Add(result.Buffer, result.Shape.Size == 1 ? (Code.DeclareLocal(typeof(T)), null) : NewArray(result.Shape.Size));
            }
        }
    }

    private ILGenerator Code => _method.Code;

    /// <summary>The buffers that are written, and where each begins.</summary>
    public IEnumerable<(int Buffer, LocalBuilder Start)> Starts()
    {
        foreach (var (buffer, (value, known)) in _computed)
        {
            var start = known;
            if (start is null)
            {
                start = Code.DeclareLocal(typeof(T).MakeByRefType());
                Code.Emit(OpCodes.Ldloca, value);
                Code.Emit(OpCodes.Stloc, start);
            }

            yield return (buffer, start);
        }
    }

    /// <inheritdoc/>
    public void Store(int root, int entry, Action load)
    {
        if (!_computed.TryGetValue(_program.Results[root].Buffer, out var computed))
        {
            return;
        }

        if (computed.Start is null)
        {
            load();
            Code.Emit(OpCodes.Stloc, computed.Value);
            return;
        }

        After(computed.Start, entry * Unsafe.SizeOf<T>());
        load();
        Code.Emit(OpCodes.Stobj, typeof(T));
    }

    /// <inheritdoc/>
    public void Write()
    {
        var (results, start) = (Code.DeclareLocal(typeof(Tensor<T>[])), Code.DeclareLocal(typeof(Tensor<T>).MakeByRefType()));
        Code.Emit(OpCodes.Ldc_I4, _program.Results.Count);
        Code.Emit(OpCodes.Newarr, typeof(Tensor<T>));
        Code.Emit(OpCodes.Stloc, results);
        Code.Emit(OpCodes.Ldloc, results);
        Begin(typeof(Tensor<T>), start);
        for (var root = 0; root < _program.Results.Count; root++)
        {
            // Nothing but a tensor can be stored, so that nothing needs to be checked.
            After(start, root * nint.Size);
            WriteTensor(_program.Results[root]);
            Code.Emit(OpCodes.Stind_Ref);
        }

        Code.Emit(OpCodes.Ldloc, results);
    }

    private static MethodInfo Method(string name) => typeof(Tensor<T>).GetMethod(name, BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!;

    private (LocalBuilder Array, LocalBuilder Start) NewArray(int size)
    {
        var (array, start) = (Code.DeclareLocal(typeof(T[])), Code.DeclareLocal(typeof(T).MakeByRefType()));
        Code.Emit(OpCodes.Ldc_I4, size);
        Code.Emit(OpCodes.Newarr, typeof(T));
        Code.Emit(OpCodes.Stloc, array);
        Code.Emit(OpCodes.Ldloc, array);
        Begin(typeof(T), start);
        return (array, start);
    }

    private void Begin(Type type, LocalBuilder start)
    {
        Code.Emit(OpCodes.Call, typeof(DelegateResults).GetMethod(nameof(DelegateResults.Start))!.MakeGenericMethod(type));
        Code.Emit(OpCodes.Stloc, start);
    }

    private void After(LocalBuilder start, int bytes)
    {
        Code.Emit(OpCodes.Ldloc, start);
        if (bytes > 0)
        {
            Code.Emit(OpCodes.Ldc_I4, bytes);
            Code.Emit(OpCodes.Conv_I);
            Code.Emit(OpCodes.Add);
        }
    }

    private void WriteTensor(View result)
    {
        switch (_program.Buffers[result.Buffer].Source)
        {
            case Constant constant:
                _method.Object(constant.Value.To<T>().Reshape(result.Shape));
                break;
            case Variable variable:
                PointArguments<T>.LoadTensor(Code, _program.PlaceOf(variable));
                if (variable.Shape != result.Shape)
                {
                    _method.Object(result.Shape);
                    Code.Emit(OpCodes.Call, Method(nameof(Tensor<>.Reshape)));
                }

                break;
            default:
                _method.Object(result.Shape);
                Code.Emit(OpCodes.Ldloc, _computed[result.Buffer].Value);
                Code.Emit(OpCodes.Call, Method(result.Shape.Size == 1 ? nameof(Tensor<>.OfNumber) : nameof(Tensor<>.Seal)));
                break;
        }
    }
}
