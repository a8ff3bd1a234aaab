using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>Writes the code that makes what a delegate returns out of single numbers.</summary>
internal sealed class DelegateResult<T>(MethodWriter<T> method, DelegateForm form)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private int _leaf;

    /// <summary>Leaves the result on the stack.</summary>
    /// <param name="load">Writes the code that puts an entry of a root on the stack.</param>
    public void Write(Action<int, int> load) => Write(form.Result, load);

    private void Write(Type type, Action<int, int> load)
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
            load(leaf.First, 0);
            return;
        }

        if (!type.IsArray)
        {
            method.Object(leaf.Shape);
        }

        // The entries of one root, or a root for each.
        var entries = leaf.Count == 1 ? leaf.Shape.Size : leaf.Count;
        method.Code.Emit(OpCodes.Ldc_I4, entries);
        method.Code.Emit(OpCodes.Newarr, typeof(T));
        for (var i = 0; i < entries; i++)
        {
            method.Code.Emit(OpCodes.Dup);
            method.Code.Emit(OpCodes.Ldc_I4, i);
            load(leaf.Count == 1 ? leaf.First : leaf.First + i, leaf.Count == 1 ? i : 0);
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
