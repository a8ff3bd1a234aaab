using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Writes the code that reads the variables of a <see cref="PointMethod{T}"/>: where the numbers of each begin, found once.</summary>
internal sealed class PointArguments<T> : IScalarArguments
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly ILGenerator _il;

    public PointArguments(MethodWriter<T> method, int count)
    {
        _il = method.Code;
        Starts = new LocalBuilder[count];
        for (var i = 0; i < count; i++)
        {
            Starts[i] = _il.DeclareLocal(typeof(T).MakeByRefType());
            LoadTensor(_il, i);
            _il.Emit(OpCodes.Call, typeof(Tensor<T>).GetMethod(nameof(Tensor<>.Start), BindingFlags.Instance | BindingFlags.NonPublic)!);
            _il.Emit(OpCodes.Stloc, Starts[i]);
        }
    }

    /// <summary>For each variable, where its numbers begin.</summary>
    public LocalBuilder[] Starts { get; }

    /// <summary>Puts the tensor of a variable on the stack.</summary>
    public static void LoadTensor(ILGenerator il, int variable)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, variable);
        il.Emit(OpCodes.Ldelem_I4);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    /// <inheritdoc/>
    public void Load(int argument, int offset)
    {
        _il.Emit(OpCodes.Ldloc, Starts[argument]);
        if (offset > 0)
        {
            _il.Emit(OpCodes.Ldc_I4, offset * Unsafe.SizeOf<T>());
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }

        _il.Emit(OpCodes.Ldobj, typeof(T));
    }
}
