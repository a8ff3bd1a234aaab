using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>From the values of a point to those of the expressions, by straight-line code.</summary>
/// <param name="values">The values of the point.</param>
/// <param name="places">For each variable of the program, which of them is its own.</param>
internal delegate Tensor<T>[] PointMethod<T>(Tensor<T>[] values, int[] places)
    where T : struct, IBinaryFloatingPointIeee754<T>;

/// <summary>A program of single numbers as a method from the tensors of a point to tensors: no memory but that of its results.</summary>
internal static class PointCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether a program works on single numbers alone, and is one method: several would have to move them in and out.</summary>
    public static bool Fits(Program program) => ScalarCode<T>.Fits(program) && ScalarCode<T>.IsOne(program);

    /// <summary>The method of a program that fits.</summary>
    /// <param name="program">The program.</param>
    /// <param name="otherwise">Another method that does the same, for arguments that the code does not reach.</param>
    public static PointMethod<T> Of(Program program, PointMethod<T> otherwise)
    {
        Expr[] variables = [.. program.Buffers.Select(buffer => buffer.Source).OfType<Variable>()];
        return (PointMethod<T>)ScalarCode<T>.Of(program, new(
            typeof(PointMethod<T>),
            variable => Array.IndexOf(variables, variable),
            method => new Values(method, variables.Length),
            method => new Results(method, program, variable => Array.IndexOf(variables, variable)),
            new(otherwise)));
    }

    private static void LoadArray(ILGenerator il, int variable)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, variable);
        il.Emit(OpCodes.Ldelem_I4);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(OpCodes.Call, typeof(Tensor<T>).GetProperty(nameof(Tensor<>.Array), BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!);
    }

    private static void Start(ILGenerator il, LocalBuilder start)
    {
        il.Emit(OpCodes.Call, typeof(DelegateResults).GetMethod(nameof(DelegateResults.Start))!.MakeGenericMethod(typeof(T)));
        il.Emit(OpCodes.Stloc, start);
    }

    private static void Entry(ILGenerator il, LocalBuilder start, int entry)
    {
        il.Emit(OpCodes.Ldloc, start);
        if (entry > 0)
        {
            il.Emit(OpCodes.Ldc_I4, entry * Unsafe.SizeOf<T>());
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }
    }

    private sealed class Values : IScalarArguments
    {
        private readonly ILGenerator _il;
        private readonly LocalBuilder[] _starts;

        public Values(MethodWriter<T> method, int count)
        {
            _il = method.Code;
            _starts = new LocalBuilder[count];
            for (var i = 0; i < count; i++)
            {
                _starts[i] = _il.DeclareLocal(typeof(T).MakeByRefType());
                LoadArray(_il, i);
                Start(_il, _starts[i]);
            }
        }

        public void Load(int argument, int offset)
        {
            Entry(_il, _starts[argument], offset);
            _il.Emit(OpCodes.Ldobj, typeof(T));
        }
    }

    private sealed class Results : IScalarResults
    {
        private readonly MethodWriter<T> _method;
        private readonly Program _program;
        private readonly Func<Variable, int> _variable;

        // The arrays that a run writes, and where they begin.
        private readonly Dictionary<int, (LocalBuilder Array, LocalBuilder Start)> _computed = [];

        public Results(MethodWriter<T> method, Program program, Func<Variable, int> variable)
        {
            (_method, _program, _variable) = (method, program, variable);
            foreach (var result in program.Results)
            {
                if (program.Buffers[result.Buffer].Source is null && !_computed.ContainsKey(result.Buffer))
                {
                    var (array, start) = (Code.DeclareLocal(typeof(T[])), Code.DeclareLocal(typeof(T).MakeByRefType()));
                    _computed.Add(result.Buffer, (array, start));
                    Code.Emit(OpCodes.Ldc_I4, result.Shape.Size);
                    Code.Emit(OpCodes.Newarr, typeof(T));
                    Code.Emit(OpCodes.Dup);
                    Code.Emit(OpCodes.Stloc, array);
                    PointCode<T>.Start(Code, start);
                }
            }
        }

        private ILGenerator Code => _method.Code;

        public void Store(int root, int entry, Action load)
        {
            if (_computed.TryGetValue(_program.Results[root].Buffer, out var computed))
            {
                Entry(Code, computed.Start, entry);
                load();
                Code.Emit(OpCodes.Stobj, typeof(T));
            }
        }

        public void Write()
        {
            Code.Emit(OpCodes.Ldc_I4, _program.Results.Count);
            Code.Emit(OpCodes.Newarr, typeof(Tensor<T>));
            for (var root = 0; root < _program.Results.Count; root++)
            {
                Code.Emit(OpCodes.Dup);
                Code.Emit(OpCodes.Ldc_I4, root);
                WriteTensor(_program.Results[root]);
                Code.Emit(OpCodes.Stelem_Ref);
            }
        }

        private void WriteTensor(View result)
        {
            if (_program.Buffers[result.Buffer].Source is Constant constant)
            {
                _method.Object(Tensor<T>.Seal(result.Shape, constant.Value.To<T>().Array));
                return;
            }

            _method.Object(result.Shape);
            if (_program.Buffers[result.Buffer].Source is Variable variable)
            {
                LoadArray(Code, _variable(variable));
            }
            else
            {
                Code.Emit(OpCodes.Ldloc, _computed[result.Buffer].Array);
            }

            Code.Emit(OpCodes.Call, typeof(Tensor<T>).GetMethod(nameof(Tensor<>.Seal), BindingFlags.Static | BindingFlags.NonPublic)!);
        }
    }
}
