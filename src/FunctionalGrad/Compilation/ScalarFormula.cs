using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>Where a single number of a program lies.</summary>
internal readonly record struct Cell(int Buffer, int Offset)
{
    public static Cell Of(View view) => new(view.Buffer, view.Offset);
}

/// <summary>
/// Operations on single numbers as straight-line code: each value in a local of its own, and conditions as jumps instead of
/// masks. The same operations in the same order as over lanes, so the same bits. Rare arguments that a kernel leaves to one
/// for single numbers are left to whoever has the code written: they take all of it another way.
/// </summary>
internal sealed partial class ScalarFormula<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private static readonly Register<T> Register = Register<T>.For(1);

    private static readonly Dictionary<string, MethodInfo> Direct = new()
    {
        ["Abs"] = Static("Abs", 1),
        ["Sqrt"] = Static("Sqrt", 1),
        ["Floor"] = Static("Floor", 1),
        ["Ceiling"] = Static("Ceiling", 1),
        ["Round"] = Static("Round", 1),
        ["Max"] = Static("Max", 2),
        ["Min"] = Static("Min", 2),
        ["CopySign"] = Static("CopySign", 2),
        ["MultiplyAdd"] = Static("FusedMultiplyAdd", 3),
    };

    private readonly MethodWriter<T> _method;
    private readonly ILGenerator _il;
    private readonly Action<Cell> _read;
    private readonly List<LaneOperation> _operations;
    private readonly int[] _wanted;
    private readonly Dictionary<LaneOperation, int> _positions = new(ReferenceEqualityComparer.Instance);
    private readonly bool[] _isMask;
    private readonly LocalBuilder?[] _values;

    // Where the code goes on for arguments that it does not reach, and the conditions known not to hold past a jump there.
    private readonly Label _exceptional;
    private readonly HashSet<LaneOperation> _excluded = new(ReferenceEqualityComparer.Instance);

    /// <summary>A formula.</summary>
    /// <param name="method">The method to write.</param>
    /// <param name="inTurn">Operations in the order in which they are to be done; those that nothing wanted needs are left out.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="read">Writes the code that puts a number of the program on the stack.</param>
    /// <param name="exceptional">Where to go, the stack empty, with the rare arguments that a kernel leaves to one for single numbers.</param>
    public ScalarFormula(MethodWriter<T> method, ReadOnlySpan<LaneOperation> inTurn, ReadOnlySpan<LaneOperation> wanted, Action<Cell> read, Label exceptional)
    {
        (_method, _il, _read, _exceptional) = (method, method.Code, read, exceptional);
        (_operations, var places) = LaneOperation.InOrder([.. inTurn, .. wanted]);
        _wanted = places[inTurn.Length..];
        _values = new LocalBuilder?[_operations.Count];
        _isMask = new bool[_operations.Count];
        _homes = new int[_operations.Count];
        _endsAt = new List<int>?[_operations.Count];
        for (var i = 0; i < _operations.Count; i++)
        {
            var operation = _operations[i];
            _positions.Add(operation, i);
            _isMask[i] = Register<T>.IsComparison(operation)
                || (operation.Member is "And" or "Or" && Array.TrueForAll(operation.Inputs, IsMask));
        }
    }

    /// <summary>Whether the code that was written may go to where exceptions are dealt with.</summary>
    public bool HasExceptions => _excluded.Count > 0;

    /// <summary>Writes the code that computes what is wanted.</summary>
    /// <param name="store">Writes the code that takes what was wanted, which may be loaded now: as soon as it is there.</param>
    public void Compute(Action<int> store)
    {
        FindHomes();
        FindEnds();
        var wantedAt = Enumerable.Range(0, _wanted.Length).ToLookup(k => _wanted[k]);
        ComputeIn(Everywhere, i =>
        {
            foreach (var wanted in wantedAt[i])
            {
                store(wanted);
            }
        });

        for (var k = 0; k < _wanted.Length; k++)
        {
            if (_operations[_wanted[k]].Member == LaneOperation.Number)
            {
                store(k);
            }
        }
    }

    /// <summary>Puts what was wanted on the stack.</summary>
    public void Load(int wanted) => Load(_operations[_wanted[wanted]]);

    private bool IsMask(LaneOperation operation) => _isMask[_positions[operation]];

    // The numbers that the code of an operation loads, and by which input.
    private void Loaded(LaneOperation operation, Action<LaneOperation, int> number)
    {
        for (var k = 0; k < operation.Inputs.Length; k++)
        {
            var (input, place) = (operation.Inputs[k], k);
            if (operation.Member == "EachWhere" && k == 1)
            {
                continue;
            }

            if (IsMask(input))
            {
                LoadedByCondition(input, 0, loaded => number(loaded, place));
            }
            else
            {
                number(input, k);
            }
        }
    }

    private void Write(LaneOperation operation)
    {
        switch (operation.Member)
        {
            case LaneOperation.Argument:
                _read((Cell)operation.Detail!);
                break;
            case "Select":
                Choose(operation.Inputs[0], () => LoadInBranch(operation, 1), () => LoadInBranch(operation, 2));
                break;
            case "And" when !_isMask[_positions[operation]] && IsMask(operation.Inputs[0]):
                Choose(operation.Inputs[0], () => Load(operation.Inputs[1]), () => Register.Number(_il, 0));
                break;
            case "EachWhere":
                // A call here, however rare, would keep whatever is needed after it out of registers.
                if (_excluded.Add(operation.Inputs[0]))
                {
                    Jump(operation.Inputs[0], _exceptional, holds: true, depth: 0);
                }

                Load(operation.Inputs[2]);
                break;
            case "Clamp":
                Clamp(operation.Inputs[0], operation.Inputs[1], operation.Inputs[2]);
                break;
            case var member when Direct.TryGetValue(member, out var method):
                Array.ForEach(operation.Inputs, Load);
                _il.Emit(OpCodes.Call, method);
                break;
            default:
                Register.Operation(_il, operation, Load, _method.Kernel);
                break;
        }
    }

    private void Clamp(LaneOperation x, LaneOperation low, LaneOperation high)
    {
        var (notAbove, notBelow, end) = (_il.DefineLabel(), _il.DefineLabel(), _il.DefineLabel());
        Load(x);
        Load(high);
        _il.Emit(OpCodes.Ble_Un, notAbove);
        Load(high);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(notAbove);
        Load(x);
        Load(low);
        _il.Emit(OpCodes.Bge_Un, notBelow);
        Load(low);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(notBelow);
        Load(x);
        _il.MarkLabel(end);
    }

    private void Load(LaneOperation operation)
    {
        if (operation.Member == LaneOperation.Number)
        {
            Register.Number(_il, (double)operation.Detail!);
        }
        else if (IsMask(operation))
        {
            // The bits of a mask, where something other than a choice asks for them.
            Choose(operation, () => _il.Emit(OpCodes.Ldc_I4_1), () => _il.Emit(OpCodes.Ldc_I4_0));
            _il.Emit(OpCodes.Call, typeof(ScalarMasks).GetMethod(nameof(ScalarMasks.Of))!.MakeGenericMethod(typeof(T)));
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, _values[_positions[operation]]!);
        }
    }

    private static MethodInfo Static(string name, int arguments)
    {
        var types = Enumerable.Repeat(typeof(T), arguments).ToArray();
        var home = typeof(T) == typeof(double) ? typeof(Math) : typeof(MathF);
        return home.GetMethod(name, types) ?? throw new InvalidOperationException($"{home.Name} has no {name} of {arguments} arguments");
    }
}
