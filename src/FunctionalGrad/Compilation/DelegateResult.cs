using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Writes the code that makes what a delegate returns out of single numbers. Arrays are made first, so that every number goes
/// where it belongs as soon as it is there, in any order.
/// </summary>
internal sealed class DelegateResult<T> : IScalarResults
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly MethodWriter<T> _method;
    private readonly DelegateForm _form;

    // For each leaf a local: the number that it is, or its numbers, and where those begin.
    private readonly (LocalBuilder Value, LocalBuilder? Start)[] _leaves;
    private int _leaf;

    public DelegateResult(MethodWriter<T> method, DelegateForm form)
    {
        (_method, _form) = (method, form);
        _leaves = [.. form.Leaves.Select(leaf => leaf.Type == typeof(T) ? (method.Code.DeclareLocal(typeof(T)), null) : NewArray(leaf.Entries))];
    }

    /// <inheritdoc/>
    public void Store(int root, int entry, Action load)
    {
        var index = 0;
        while (root >= _form.Leaves[index].First + _form.Leaves[index].Count)
        {
            index++;
        }

        var (value, start) = _leaves[index];
        if (start is null)
        {
            load();
            _method.Code.Emit(OpCodes.Stloc, value);
            return;
        }

        _method.Code.Emit(OpCodes.Ldloc, start);
        _method.Code.Emit(OpCodes.Ldc_I8, (long)(root - _form.Leaves[index].First + entry) * Unsafe.SizeOf<T>());
        _method.Code.Emit(OpCodes.Conv_I);
        _method.Code.Emit(OpCodes.Add);
        load();
        _method.Code.Emit(OpCodes.Stobj, typeof(T));
    }

    /// <inheritdoc/>
    public void Write() => Write(_form.Result);

    private (LocalBuilder Value, LocalBuilder? Start) NewArray(int entries)
    {
        var (array, start) = (_method.Code.DeclareLocal(typeof(T[])), _method.Code.DeclareLocal(typeof(T).MakeByRefType()));
        _method.Code.Emit(OpCodes.Ldc_I4, entries);
        _method.Code.Emit(OpCodes.Newarr, typeof(T));
        _method.Code.Emit(OpCodes.Dup);
        _method.Code.Emit(OpCodes.Stloc, array);
        _method.Code.Emit(OpCodes.Call, typeof(DelegateResults).GetMethod(nameof(DelegateResults.Start))!.MakeGenericMethod(typeof(T)));
        _method.Code.Emit(OpCodes.Stloc, start);
        return (array, start);
    }

    private void Write(Type type)
    {
        if (TypeNames.IsTuple(type))
        {
            var parts = type.GetGenericArguments();
            foreach (var part in parts)
            {
                Write(part);
            }

            _method.Code.Emit(OpCodes.Newobj, type.GetConstructor(parts)!);
            return;
        }

        var index = _leaf++;
        var isTensor = type != typeof(T) && !type.IsArray;
        if (isTensor)
        {
            _method.Object(_form.Leaves[index].Shape);
        }

        _method.Code.Emit(OpCodes.Ldloc, _leaves[index].Value);
        if (isTensor)
        {
            _method.Code.Emit(OpCodes.Call, typeof(DelegateResults).GetMethod(nameof(DelegateResults.Tensor))!.MakeGenericMethod(typeof(T)));
        }
    }
}

/// <summary>What the code of delegates calls to make their results.</summary>
internal static class DelegateResults
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Start<T>(T[] array) => ref MemoryMarshal.GetArrayDataReference(array);

    public static Tensor<T> Tensor<T>(Shape shape, T[] owned)
        where T : struct, IBinaryFloatingPointIeee754<T> => FunctionalGrad.Tensor<T>.Seal(shape, owned);

    /// <summary>A tensor out of results that are one number each, or the one result that it is.</summary>
    public static Tensor<T> Part<T>(Tensor<T>[] results, Shape shape, int first, int count)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (count == 1 && results[first].Shape == shape)
        {
            return results[first];
        }

        return FunctionalGrad.Tensor<T>.Seal(shape, Numbers(results, first, count));
    }

    public static T[] Numbers<T>(Tensor<T>[] results, int first, int count)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (count == 1)
        {
            return results[first].ToArray();
        }

        var numbers = new T[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = results[first + i].Values[0];
        }

        return numbers;
    }

    public static T Number<T>(Tensor<T>[] results, int index)
        where T : struct, IBinaryFloatingPointIeee754<T> => results[index].Values[0];
}
