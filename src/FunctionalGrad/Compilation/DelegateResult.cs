using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Writes the code that makes what a delegate returns out of single numbers. Arrays are made first, so that every entry goes
/// where it belongs as soon as it is there.
/// </summary>
internal sealed class DelegateResult<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly MethodWriter<T> _method;
    private readonly DelegateForm _form;

    // For each leaf that is an array or a tensor, its numbers and where they begin.
    private readonly (LocalBuilder Array, LocalBuilder Start)?[] _arrays;
    private int _leaf;

    public DelegateResult(MethodWriter<T> method, DelegateForm form)
    {
        (_method, _form) = (method, form);
        _arrays = new (LocalBuilder, LocalBuilder)?[form.Leaves.Length];
        for (var i = 0; i < _arrays.Length; i++)
        {
            if (form.Leaves[i].Type != typeof(T))
            {
                _arrays[i] = NewArray(form.Leaves[i].Entries);
            }
        }
    }

    /// <summary>Stores an entry of a root where an array or a tensor has it; false where it is returned as a number.</summary>
    /// <param name="root">The root.</param>
    /// <param name="entry">Which of its entries.</param>
    /// <param name="load">Writes the code that puts it on the stack.</param>
    public bool TryStore(int root, int entry, Action load)
    {
        for (var i = 0; i < _arrays.Length; i++)
        {
            var leaf = _form.Leaves[i];
            if (_arrays[i] is var (_, start) && root >= leaf.First && root < leaf.First + leaf.Count)
            {
                _method.Code.Emit(OpCodes.Ldloc, start);
                _method.Code.Emit(OpCodes.Ldc_I8, (long)(root - leaf.First + entry) * Unsafe.SizeOf<T>());
                _method.Code.Emit(OpCodes.Conv_I);
                _method.Code.Emit(OpCodes.Add);
                load();
                _method.Code.Emit(OpCodes.Stobj, typeof(T));
                return true;
            }
        }

        return false;
    }

    /// <summary>Leaves the result on the stack.</summary>
    /// <param name="load">Writes the code that puts a root that is a number on the stack.</param>
    public void Write(Action<int> load) => Write(_form.Result, load);

    private (LocalBuilder Array, LocalBuilder Start) NewArray(int entries)
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

    private void Write(Type type, Action<int> load)
    {
        if (TypeNames.IsTuple(type))
        {
            var parts = type.GetGenericArguments();
            foreach (var part in parts)
            {
                Write(part, load);
            }

            _method.Code.Emit(OpCodes.Newobj, type.GetConstructor(parts)!);
            return;
        }

        var index = _leaf++;
        if (_arrays[index] is not var (array, _))
        {
            load(_form.Leaves[index].First);
            return;
        }

        if (!type.IsArray)
        {
            _method.Object(_form.Leaves[index].Shape);
        }

        _method.Code.Emit(OpCodes.Ldloc, array);
        if (!type.IsArray)
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
