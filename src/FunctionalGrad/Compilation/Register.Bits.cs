using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <content>
/// Operations on the bits of numbers, straight as the instructions of the runtime: as calls of lanes, which the JIT has to
/// inline, many would take up the locals that it keeps track of.
/// </content>
internal sealed partial class Register<T>
{
    private static readonly Type Unsigned = typeof(T) == typeof(float) ? typeof(uint) : typeof(ulong);

    private static readonly MethodInfo CreateScalar = OfVector128("CreateScalarUnsafe");

    private static readonly MethodInfo ToScalar = OfVector128("ToScalar");

    private static bool IsOfBits(LaneOperation operation) =>
        operation.Member is "And" or "Or" or "Xor" or "ShiftLeft" or "ShiftRight" or "SelectNegative" or "Scale" or "Exponent" or "Fraction";

    private static void InFirstLane(ILGenerator il, LaneOperation input, Action<LaneOperation> load)
    {
        load(input);
        il.Emit(OpCodes.Call, CreateScalar);
    }

    private static MethodInfo OfVector128(string name) =>
        typeof(System.Runtime.Intrinsics.Vector128).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .First(method => method.Name == name && method.IsGenericMethodDefinition).MakeGenericMethod(typeof(T));

    private bool WriteBits(ILGenerator il, LaneOperation operation, Action<LaneOperation> load)
    {
        switch (operation.Member)
        {
            case "ShiftLeft" or "ShiftRight":
                var words = Value.GetGenericTypeDefinition().MakeGenericType(Unsigned);
                load(operation.Inputs[0]);
                Cast(il, Value, words);
                il.Emit(OpCodes.Ldc_I4, (int)operation.Detail!);
                il.Emit(OpCodes.Call, _class!.GetMethod(operation.Member == "ShiftLeft" ? "ShiftLeft" : "ShiftRightLogical", [words, typeof(int)])!);
                Cast(il, words, Value);
                return true;
            case "SelectNegative":
                load(operation.Inputs[0]);
                il.Emit(OpCodes.Call, _intrinsics["IsNegative"]!);
                load(operation.Inputs[1]);
                load(operation.Inputs[2]);
                il.Emit(OpCodes.Call, _intrinsics["ConditionalSelect"]!);
                return true;
            case "CopySign":
                Number(il, -0.0);
                load(operation.Inputs[1]);
                load(operation.Inputs[0]);
                il.Emit(OpCodes.Call, _intrinsics["ConditionalSelect"]!);
                return true;
            case "Clamp":
                load(operation.Inputs[2]);
                load(operation.Inputs[1]);
                load(operation.Inputs[0]);
                il.Emit(OpCodes.Call, _intrinsics["MaxNative"]!);
                il.Emit(OpCodes.Call, _intrinsics["MinNative"]!);
                return true;
            case "Scale" when PowersOfTwo is { } powers:
                load(operation.Inputs[0]);
                load(operation.Inputs[1]);
                il.Emit(OpCodes.Call, powers.GetMethod("Scale", [Value, Value])!);
                return true;
            case "Exponent" when PowersOfTwo is { } powers:
                load(operation.Inputs[0]);
                il.Emit(OpCodes.Call, powers.GetMethod("GetExponent", [Value])!);
                return true;
            case "Fraction" when PowersOfTwo is { } powers:
                // The instruction's own code 3 stands for the interval [¾, 1½).
                load(operation.Inputs[0]);
                il.Emit(OpCodes.Ldc_I4_3);
                il.Emit(OpCodes.Call, powers.GetMethod("GetMantissa", [Value, typeof(byte)])!);
                return true;
            default:
                return false;
        }
    }

    // Where the machine has instructions for powers of two on this register.
    private Type? PowersOfTwo =>
        Avx512F.IsSupported && Value == typeof(System.Runtime.Intrinsics.Vector512<T>) ? typeof(Avx512F)
        : Avx512F.VL.IsSupported && Value != typeof(System.Runtime.Intrinsics.Vector512<T>) ? typeof(Avx512F.VL)
        : null;
}
