using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// A method that is being written: where each slot of memory begins, which locals are free, and the objects that the code
/// refers to. Locals are used again and again, since the JIT keeps only so many of them in registers.
/// </summary>
internal sealed class MethodWriter<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly DynamicMethod _method;
    private readonly List<object> _objects = [];
    private readonly Dictionary<int, LocalBuilder> _starts = [];
    private readonly Dictionary<Type, Stack<LocalBuilder>> _free = [];
    private (Label Label, Type Type, Lazy<Delegate> Method)? _otherwise;

    private MethodWriter(MethodInfo signature, IEnumerable<int> slots)
    {
        Type[] parameters = [typeof(object[]), .. signature.GetParameters().Select(parameter => parameter.ParameterType)];
        _method = new("steps", signature.ReturnType, parameters, typeof(MethodWriter<T>).Module, skipVisibility: true);
        Code = _method.GetILGenerator();
        foreach (var slot in slots.Distinct())
        {
            var start = Code.DeclareLocal(typeof(T).MakeByRefType());
            Code.Emit(OpCodes.Ldarg_1);
            Code.Emit(OpCodes.Ldc_I4, slot);
            Code.Emit(OpCodes.Call, typeof(LaneMemory).GetMethod(nameof(LaneMemory.Start))!.MakeGenericMethod(typeof(T)));
            Code.Emit(OpCodes.Stloc, start);
            _starts.Add(slot, start);
        }
    }

    public ILGenerator Code { get; }

    /// <summary>
    /// Where the code goes on, its stack empty, with arguments that it does not reach; nothing where each of its parts has a
    /// way out of its own.
    /// </summary>
    public Label? Otherwise => _otherwise?.Label;

    /// <summary>Writes a method over some slots of memory.</summary>
    /// <typeparam name="TDelegate">Its type: the memory is the first argument.</typeparam>
    public static TDelegate Write<TDelegate>(IEnumerable<int> slots, Action<MethodWriter<T>> body)
        where TDelegate : Delegate => (TDelegate)Write(typeof(TDelegate), slots, body);

    /// <summary>Writes a method of any signature: its arguments begin with the first, and the body leaves the result on the stack.</summary>
    /// <param name="type">The type of the delegate.</param>
    /// <param name="slots">The slots of memory that it works on, where the first argument is memory.</param>
    /// <param name="body">Writes the code but for the return.</param>
    public static Delegate Write(Type type, IEnumerable<int> slots, Action<MethodWriter<T>> body)
    {
        var writer = new MethodWriter<T>(type.GetMethod("Invoke")!, slots);
        body(writer);
        writer.Code.Emit(OpCodes.Ret);
        if (writer._otherwise is var (label, same, method))
        {
            writer.Code.MarkLabel(label);
            writer.CallLazily(same, method);
            writer.Code.Emit(OpCodes.Ret);
        }

        return writer._method.CreateDelegate(type, writer._objects.ToArray());
    }

    /// <summary>Leaves arguments that the code does not reach to another method of the same type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="method">The method.</param>
    /// <returns>Where to go with them, the stack empty.</returns>
    public Label LeaveTo(Type type, Lazy<Delegate> method)
    {
        _otherwise = (Code.DefineLabel(), type, method);
        return _otherwise.Value.Label;
    }

    /// <summary>Says where a slot begins that is not one of the memory given.</summary>
    public void Bind(int slot, LocalBuilder start) => _starts.Add(slot, start);

    /// <summary>An array as a slot.</summary>
    public void Bind(int slot, T[] array)
    {
        var start = Code.DeclareLocal(typeof(T).MakeByRefType());
        Object(array);
        Code.Emit(OpCodes.Call, typeof(DelegateResults).GetMethod(nameof(DelegateResults.Start))!.MakeGenericMethod(typeof(T)));
        Code.Emit(OpCodes.Stloc, start);
        Bind(slot, start);
    }

    /// <summary>Takes memory on the stack as a slot: it begins where a cache line does, and holds anything.</summary>
    public void BindStack(int slot, int size)
    {
        const int Line = 64;
        var start = Code.DeclareLocal(typeof(T).MakeByRefType());
        _method.InitLocals = false;
        Code.Emit(OpCodes.Ldc_I4, (size * Unsafe.SizeOf<T>()) + Line - 1);
        Code.Emit(OpCodes.Conv_U);
        Code.Emit(OpCodes.Localloc);
        Code.Emit(OpCodes.Ldc_I4, Line - 1);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Ldc_I4, -Line);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.And);
        Code.Emit(OpCodes.Stloc, start);
        Bind(slot, start);
    }

    /// <summary>Takes a local that nothing else uses until it is given back.</summary>
    public LocalBuilder Take(Type type) =>
        _free.TryGetValue(type, out var free) && free.TryPop(out var local) ? local : Code.DeclareLocal(type);

    public void Give(LocalBuilder local)
    {
        if (!_free.TryGetValue(local.LocalType, out var free))
        {
            _free.Add(local.LocalType, free = new());
        }

        free.Push(local);
    }

    /// <summary>Puts the address of an entry on the stack: an offset known now, and one in a local.</summary>
    public void Address(int slot, long offset, LocalBuilder? moving)
    {
        Code.Emit(OpCodes.Ldloc, _starts[slot]);
        if (moving is not null)
        {
            Code.Emit(OpCodes.Ldloc, moving);
            Code.Emit(OpCodes.Ldc_I4, Unsafe.SizeOf<T>());
            Code.Emit(OpCodes.Conv_I);
            Code.Emit(OpCodes.Mul);
            Code.Emit(OpCodes.Add);
        }

        if (offset != 0)
        {
            Code.Emit(OpCodes.Ldc_I8, offset * Unsafe.SizeOf<T>());
            Code.Emit(OpCodes.Conv_I);
            Code.Emit(OpCodes.Add);
        }
    }

    /// <summary>Puts an object on the stack.</summary>
    public void Object(object value)
    {
        var index = _objects.IndexOf(value);
        if (index < 0)
        {
            index = _objects.Count;
            _objects.Add(value);
        }

        Code.Emit(OpCodes.Ldarg_0);
        Code.Emit(OpCodes.Ldc_I4, index);
        Code.Emit(OpCodes.Ldelem_Ref);
        Code.Emit(OpCodes.Castclass, value.GetType());
    }

    /// <summary>Calls a delegate, made only when it is needed, with the arguments of the method.</summary>
    public void CallLazily<TDelegate>(Func<TDelegate> make)
        where TDelegate : Delegate => CallLazily(typeof(TDelegate), new(make));

    /// <summary>Calls a delegate of a type, made only when it is needed, with the arguments of the method.</summary>
    public void CallLazily(Type type, Lazy<Delegate> made)
    {
        Object(made);
        Code.Emit(OpCodes.Callvirt, typeof(Lazy<Delegate>).GetProperty(nameof(Lazy<>.Value))!.GetMethod!);
        Code.Emit(OpCodes.Castclass, type);
        var invoke = type.GetMethod("Invoke")!;
        for (var i = 0; i < invoke.GetParameters().Length; i++)
        {
            Code.Emit(OpCodes.Ldarg, (short)(i + 1));
        }

        Code.Emit(OpCodes.Callvirt, invoke);
    }

    /// <summary>Puts a kernel for single numbers on the stack.</summary>
    public void Kernel(SingleKernel kernel)
    {
        var field = kernel.Box.GetType().GetField(nameof(StrongBox<>.Value))!;
        if (kernel.Type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Length > 0)
        {
            Object(kernel.Box);
            Code.Emit(OpCodes.Ldfld, field);
            return;
        }

        // A kernel without parameters is nothing but its type.
        var local = Take(kernel.Type);
        Code.Emit(OpCodes.Ldloc, local);
        Give(local);
    }

    /// <summary>Writes a body that is run a number of times.</summary>
    public void Counted(int count, Action body)
    {
        var index = Take(typeof(int));
        var again = Code.DefineLabel();
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Stloc, index);
        Code.MarkLabel(again);
        body();
        Code.Emit(OpCodes.Ldloc, index);
        Code.Emit(OpCodes.Ldc_I4_1);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, index);
        Code.Emit(OpCodes.Ldloc, index);
        Code.Emit(OpCodes.Ldc_I4, count);
        Code.Emit(OpCodes.Blt, again);
        Give(index);
    }
}
