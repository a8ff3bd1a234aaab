using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>The arguments of a method of single numbers: numbers themselves, or entries of arrays and tensors, checked at entry.</summary>
internal sealed class ScalarArguments<T> : IScalarArguments
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly ILGenerator _il;
    private readonly LocalBuilder?[] _starts;

    public ScalarArguments(MethodWriter<T> method, DelegateForm form)
    {
        _il = method.Code;
        var types = form.Parameters;
        _starts = new LocalBuilder?[types.Length];
        for (var i = 0; i < types.Length; i++)
        {
            if (types[i] == typeof(T))
            {
                continue;
            }

            _starts[i] = _il.DeclareLocal(typeof(T).MakeByRefType());
            _il.Emit(OpCodes.Ldarg, (short)(i + 1));
            method.Object(form.Arguments[i]);
            _il.Emit(OpCodes.Call, typeof(DelegateArguments).GetMethod(types[i].IsArray ? nameof(DelegateArguments.StartOfArray) : nameof(DelegateArguments.StartOfTensor))!.MakeGenericMethod(typeof(T)));
            _il.Emit(OpCodes.Stloc, _starts[i]!);
        }
    }

    /// <inheritdoc/>
    public void Load(int argument, int offset)
    {
        if (_starts[argument] is not { } start)
        {
            _il.Emit(OpCodes.Ldarg, (short)(argument + 1));
            return;
        }

        _il.Emit(OpCodes.Ldloc, start);
        if (offset > 0)
        {
            _il.Emit(OpCodes.Ldc_I8, (long)offset * Unsafe.SizeOf<T>());
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }

        _il.Emit(OpCodes.Ldobj, typeof(T));
    }
}

/// <summary>Arguments of delegates, checked against the variables that they are values of.</summary>
internal static class DelegateArguments
{
    public static ref T StartOfArray<T>(T[] values, Variable variable)
        where T : struct, IBinaryFloatingPointIeee754<T> => ref MemoryMarshal.GetArrayDataReference(Checked(values, variable));

    public static ref T StartOfTensor<T>(Tensor<T> values, Variable variable)
        where T : struct, IBinaryFloatingPointIeee754<T> => ref Checked(values, variable).Start();

    public static Tensor<T> OfNumber<T>(T value)
        where T : struct, IBinaryFloatingPointIeee754<T> => Tensor.Scalar(value);

    public static Tensor<T> OfArray<T>(T[] values, Variable variable)
        where T : struct, IBinaryFloatingPointIeee754<T> => Tensor<T>.Seal(variable.Shape, Checked(values, variable));

    public static Tensor<T> OfTensor<T>(Tensor<T> values, Variable variable)
        where T : struct, IBinaryFloatingPointIeee754<T> => Checked(values, variable);

    private static T[] Checked<T>(T[] values, Variable variable)
    {
        ArgumentNullException.ThrowIfNull(values, variable.Name);
        return values.Length == variable.Shape.Size ? values : throw new ArgumentException(
            $"{variable.Name} has {values.Length} numbers, and the function was made for {variable.Shape.Size}; give as many, or make one for {values.Length}", variable.Name);
    }

    private static Tensor<T> Checked<T>(Tensor<T> values, Variable variable)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values, variable.Name);
        return values.Shape == variable.Shape ? values : throw new ShapeException(
            $"{variable.Name} is given a tensor of shape {values.Shape}, and the function was made for {variable.Shape}");
    }
}
