using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>Writes the code that makes what a delegate returns out of single numbers.</summary>
internal sealed class DelegateResult<T>(MethodWriter<T> method, DelegateForm form)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private int _leaf;

    /// <summary>Leaves the result on the stack.</summary>
    /// <param name="load">Writes the code that puts a root on the stack.</param>
    public void Write(Action<int> load) => Write(form.Result, load);

    private void Write(Type type, Action<int> load)
    {
        if (TypeNames.IsTuple(type))
        {
            var parts = type.GetGenericArguments();
            foreach (var part in parts)
            {
                Write(part, load);
            }

            method.Code.Emit(OpCodes.Newobj, type.GetConstructor(parts)!);
            return;
        }

        var leaf = form.Leaves[_leaf++];
        if (type == typeof(T))
        {
            load(leaf.First);
            return;
        }

        if (!type.IsArray)
        {
            method.Object(leaf.Shape);
        }

        method.Code.Emit(OpCodes.Ldc_I4, leaf.Count);
        method.Code.Emit(OpCodes.Newarr, typeof(T));
        for (var i = 0; i < leaf.Count; i++)
        {
            method.Code.Emit(OpCodes.Dup);
            method.Code.Emit(OpCodes.Ldc_I4, i);
            load(leaf.First + i);
            method.Code.Emit(OpCodes.Stelem, typeof(T));
        }

        if (!type.IsArray)
        {
            method.Code.Emit(OpCodes.Call, typeof(DelegateResults).GetMethod(nameof(DelegateResults.Tensor))!.MakeGenericMethod(typeof(T)));
        }
    }
}

/// <summary>What the code of delegates calls to make their results.</summary>
internal static class DelegateResults
{
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
