using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>
/// A kind of register and the code of its operations: most are one instruction of the runtime, the others are calls of
/// the lanes that kernels are written over.
/// </summary>
internal sealed partial class Register<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private static readonly Dictionary<string, OpCode> ScalarCodes = new()
    {
        ["Add"] = OpCodes.Add,
        ["Subtract"] = OpCodes.Sub,
        ["Multiply"] = OpCodes.Mul,
        ["Divide"] = OpCodes.Div,
        ["Negate"] = OpCodes.Neg,
    };

    private static readonly Dictionary<string, string> VectorNames = new()
    {
        ["Add"] = "Add",
        ["Subtract"] = "Subtract",
        ["Multiply"] = "Multiply",
        ["Divide"] = "Divide",
        ["Negate"] = "Negate",
        ["Abs"] = "Abs",
        ["Sqrt"] = "Sqrt",
        ["Max"] = "Max",
        ["Min"] = "Min",
        ["MultiplyAdd"] = "FusedMultiplyAdd",
        ["Floor"] = "Floor",
        ["Ceiling"] = "Ceiling",
        ["And"] = "BitwiseAnd",
        ["Or"] = "BitwiseOr",
        ["Xor"] = "Xor",
        ["Greater"] = "GreaterThan",
        ["GreaterOrEqual"] = "GreaterThanOrEqual",
        ["Equal"] = "Equals",
        ["Select"] = "ConditionalSelect",
    };

    private static readonly Dictionary<string, string> Comparisons = new()
    {
        ["Greater"] = "GreaterThan",
        ["GreaterOrEqual"] = "GreaterThanOrEqual",
        ["Equal"] = "Equals",
        ["NotEqual"] = "Equals",
    };

    private static readonly Register<T> One = new(typeof(T), typeof(OneLane<T>), 1, null);
    private static readonly Register<T> Vector128 = new(typeof(Vector128<T>), typeof(Lanes128<T>), Lanes128<T>.Count, typeof(Vector128));
    private static readonly Register<T> Vector256 = new(typeof(Vector256<T>), typeof(Lanes256<T>), Lanes256<T>.Count, typeof(Vector256));
    private static readonly Register<T> Vector512 = new(typeof(Vector512<T>), typeof(Lanes512<T>), Lanes512<T>.Count, typeof(Vector512));

    private readonly Type? _class;
    private readonly Dictionary<string, MethodInfo?> _intrinsics = [];

    private Register(Type value, Type lanes, int count, Type? vectorClass)
    {
        (Value, Lanes, Count, _class) = (value, lanes, count, vectorClass);
        if (vectorClass is null)
        {
            return;
        }

        // Looked up once: after this nothing changes.
        var methods = vectorClass.GetMethods(BindingFlags.Public | BindingFlags.Static).ToLookup(method => method.Name);
        foreach (var name in VectorNames.Values.Concat(["IsNegative", "MinNative", "MaxNative"]))
        {
            _intrinsics[name] = methods[name].Select(Closed).FirstOrDefault(method =>
                method.ReturnType == value && method.GetParameters().All(parameter => parameter.ParameterType == value));
        }

        _intrinsics["GreaterThanAny"] = Closed(methods["GreaterThanAny"].First());
        _intrinsics["Sum"] = Closed(methods["Sum"].First());
        _intrinsics["Create"] = methods["Create"].First(method =>
            !method.IsGenericMethodDefinition && method.GetParameters() is [var only] && only.ParameterType == typeof(T));

        static MethodInfo Closed(MethodInfo method) => method.IsGenericMethodDefinition && method.GetGenericArguments().Length == 1
            ? method.MakeGenericMethod(typeof(T))
            : method;
    }

    /// <summary>The type of what the register holds.</summary>
    public Type Value { get; }

    /// <summary>The lanes that kernels see.</summary>
    public Type Lanes { get; }

    /// <summary>How many numbers it holds.</summary>
    public int Count { get; }

    /// <summary>The widest register that the machine has and an extent fills.</summary>
    public static Register<T> For(int extent) =>
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated && Vector512.Count <= extent ? Vector512
        : System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated && Vector256.Count <= extent ? Vector256
        : System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated && Vector128.Count <= extent ? Vector128
        : One;

    /// <summary>Whether an operation compares: a choice by it takes its operands.</summary>
    public static bool IsComparison(LaneOperation operation) => Comparisons.ContainsKey(operation.Member);

    /// <summary>The same number in every lane.</summary>
    public void Number(ILGenerator il, double number)
    {
        if (typeof(T) == typeof(float))
        {
            il.Emit(OpCodes.Ldc_R4, (float)number);
        }
        else
        {
            il.Emit(OpCodes.Ldc_R8, number);
        }

        Spread(il);
    }

    /// <summary>The number on the stack into every lane.</summary>
    public void Spread(ILGenerator il)
    {
        if (_class is not null)
        {
            il.Emit(OpCodes.Call, _intrinsics["Create"]!);
        }
    }

    /// <summary>The code of an operation.</summary>
    /// <param name="il">Where it is written.</param>
    /// <param name="operation">The operation; neither a number nor an argument.</param>
    /// <param name="load">Writes the code that puts the value of an input on the stack.</param>
    /// <param name="kernel">Writes the code that puts a kernel for single numbers on the stack.</param>
    public void Operation(ILGenerator il, LaneOperation operation, Action<LaneOperation> load, Action<SingleKernel> kernel)
    {
        if (_class is null && ScalarCodes.TryGetValue(operation.Member, out var code))
        {
            Array.ForEach(operation.Inputs, load);
            il.Emit(code);
        }
        else if (_class is not null && operation.Member == "Select" && IsComparison(operation.Inputs[0]))
        {
            // Straight from the comparison, whose mask then need not be made into lanes.
            var comparison = operation.Inputs[0];
            Array.ForEach(comparison.Inputs, load);
            il.Emit(OpCodes.Call, _intrinsics[Comparisons[comparison.Member]]!);
            var differs = comparison.Member == "NotEqual";
            load(operation.Inputs[differs ? 2 : 1]);
            load(operation.Inputs[differs ? 1 : 2]);
            il.Emit(OpCodes.Call, _intrinsics["ConditionalSelect"]!);
        }
        else if (_class is null && IsOfBits(operation))
        {
            // In the first lane of a register, which is where a number is.
            Vector128.Operation(il, operation, input => InFirstLane(il, input, load), kernel);
            il.Emit(OpCodes.Call, ToScalar);
        }
        else if (_class is not null && WriteBits(il, operation, load))
        {
            return;
        }
        else if (_class is not null && VectorNames.TryGetValue(operation.Member, out var name) && _intrinsics[name] is { } intrinsic)
        {
            Array.ForEach(operation.Inputs, load);
            il.Emit(OpCodes.Call, intrinsic);
        }
        else
        {
            OnLanes(il, operation, load, kernel);
        }
    }

    /// <summary>Whether the first of the two values on the stack is greater than the second in any lane of a vector.</summary>
    public void AnyGreater(ILGenerator il) => il.Emit(OpCodes.Call, _intrinsics["GreaterThanAny"]!);

    /// <summary>The sum of the two values on the stack.</summary>
    public void Add(ILGenerator il)
    {
        if (_class is null)
        {
            il.Emit(OpCodes.Add);
        }
        else
        {
            il.Emit(OpCodes.Call, _intrinsics["Add"]!);
        }
    }

    /// <summary>The sum of the lanes of the value on the stack, a single number.</summary>
    public void Total(ILGenerator il)
    {
        if (_class is not null)
        {
            il.Emit(OpCodes.Call, _intrinsics["Sum"]!);
        }
    }

    /// <summary>Calls a static member of the lanes with values of this register where it takes lanes.</summary>
    public void CallLanes(ILGenerator il, MethodInfo method)
    {
        il.Emit(OpCodes.Call, method);
        if (method.ReturnType == Lanes)
        {
            Cast(il, Lanes, Value);
        }
    }

    /// <summary>Makes lanes of the value on the stack.</summary>
    public void ToLanes(ILGenerator il) => Cast(il, Value, Lanes);

    private static void Cast(ILGenerator il, Type from, Type to) =>
        il.Emit(OpCodes.Call, typeof(Unsafe).GetMethod(nameof(Unsafe.BitCast))!.MakeGenericMethod(from, to));

    private void OnLanes(ILGenerator il, LaneOperation operation, Action<LaneOperation> load, Action<SingleKernel> kernel)
    {
        for (var i = 0; i < operation.Inputs.Length; i++)
        {
            // Only what is done where a mask holds has an input after its kernel.
            if (i == 2 && operation.Detail is SingleKernel)
            {
                Detail();
            }

            load(operation.Inputs[i]);
            ToLanes(il);
        }

        if (operation.Inputs.Length <= 2)
        {
            Detail();
        }

        CallLanes(il, Member(operation));

        void Detail()
        {
            switch (operation.Detail)
            {
                case SingleKernel single:
                    kernel(single);
                    break;
                case int number:
                    il.Emit(OpCodes.Ldc_I4, number);
                    break;
            }
        }
    }

    private MethodInfo Member(LaneOperation operation)
    {
        var count = operation.Inputs.Length + (operation.Detail is null ? 0 : 1);
        foreach (var method in Lanes.GetMethods(BindingFlags.Public | BindingFlags.Static))
        {
            if (method.Name == operation.Member && method.GetParameters().Length == count)
            {
                return operation.Detail is SingleKernel single ? method.MakeGenericMethod(single.Type) : method;
            }
        }

        throw new InvalidOperationException($"{Lanes.Name} has no member {operation.Member} of {count} arguments");
    }
}
