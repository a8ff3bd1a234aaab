using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>wip</summary>
/// <typeparam name="T">The precision.</typeparam>
public sealed class CompiledFunction<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Program _program;
    private readonly Action<T[][]>[] _steps;
    private readonly ConcurrentBag<T[][]> _idle = [];
    private readonly bool[] _isResult;

    internal CompiledFunction(Program program)
    {
        _program = program;
        _steps = [.. program.Steps.Select(Emit)];
        _isResult = new bool[program.Buffers.Count];
        foreach (var result in program.Results)
        {
            _isResult[result.Buffer] = program.Buffers[result.Buffer].Source is null;
        }
    }

    internal Program Program => _program;

    /// <summary>wip</summary>
    /// <param name="at">Where.</param>
    public ImmutableArray<Tensor<T>> Invoke(Point<T> at)
    {
        if (!_idle.TryTake(out var buffers))
        {
            buffers = new T[_program.Buffers.Count][];
            for (var i = 0; i < buffers.Length; i++)
            {
                buffers[i] = _program.Buffers[i].Source switch
                {
                    Constant constant => constant.Value.To<T>().Array,
                    Variable => [],
                    _ => _isResult[i] ? [] : new T[_program.Buffers[i].Size],
                };
            }
        }

        for (var i = 0; i < buffers.Length; i++)
        {
            if (_program.Buffers[i].Source is Variable variable)
            {
                buffers[i] = at[variable].Array;
            }
            else if (_isResult[i])
            {
                buffers[i] = new T[_program.Buffers[i].Size];
            }
        }

        foreach (var step in _steps)
        {
            step(buffers);
        }

        var results = new Tensor<T>[_program.Results.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var view = _program.Results[i];
            results[i] = Tensor<T>.Seal(view.Shape, buffers[view.Buffer]);
        }

        _idle.Add(buffers);
        return ImmutableCollectionsMarshal(results);

        static ImmutableArray<Tensor<T>> ImmutableCollectionsMarshal(Tensor<T>[] owned) => System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(owned);
    }

    internal static Action<T[][]> Emit(Step step) => step switch
    {
        LoopStep loop => LoopEmitter<T>.Emit(loop),
        ProductStep product => Product(product),
        SumStep sum => Vector512.IsHardwareAccelerated ? buffers => Sums<Lanes512<T>, T>.Run(buffers, sum)
            : buffers => Sums<OneLane<T>, T>.Run(buffers, sum),
        CallStep call => buffers => Call(buffers, call),
        _ => throw new InvalidOperationException(),
    };

    private static Action<T[][]> Product(ProductStep product)
    {
        var extent = product.Dot ? product.Layout.Summed : product.Layout.Columns;
        return Vector512.IsHardwareAccelerated && extent >= Lanes512<T>.Count ? buffers => Products<Lanes512<T>, T>.Run(buffers, product)
            : Vector256.IsHardwareAccelerated && extent >= Lanes256<T>.Count ? buffers => Products<Lanes256<T>, T>.Run(buffers, product)
            : Vector128.IsHardwareAccelerated && extent >= Lanes128<T>.Count ? buffers => Products<Lanes128<T>, T>.Run(buffers, product)
            : buffers => Products<OneLane<T>, T>.Run(buffers, product);
    }

    private static void Call(T[][] buffers, CallStep call)
    {
        var operands = new Tensor<T>[call.Operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Tensor<T>.Seal(call.Operands[i].Shape, buffers[call.Operands[i].Buffer]);
        }

        call.Node.Primitive.Evaluate<T>(operands, call.Node.Shape).Values.CopyTo(buffers[call.Target.Buffer]);
    }

    /// <summary>wip</summary>
    /// <param name="roots">Roots.</param>
    public static CompiledFunction<T> Compile(params ReadOnlySpan<Expr> roots) => new(Lowering.Lower(roots));

    /// <summary>wip</summary>
    public string Describe() => string.Join("\n", _program.Steps.GroupBy(s => s.GetType().Name + (s is CallStep c ? " " + c.Node.Primitive.Name : "")).Select(g => $"{g.Key}: {g.Count()}"));

    /// <summary>wip</summary>
    public void Profile(Point<T> at)
    {
        var buffers = new T[_program.Buffers.Count][];
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i] = _program.Buffers[i].Source switch { Constant c => c.Value.To<T>().Array, Variable v => at[v].Array, _ => new T[_program.Buffers[i].Size] };
        }

        for (var r = 0; r < 300; r++)
        {
            foreach (var s in _steps)
            {
                s(buffers);
            }
        }

        var total = new double[_steps.Length];
        for (var i = 0; i < _steps.Length; i++)
        {
            var s = System.Diagnostics.Stopwatch.StartNew();
            for (var r = 0; r < 3000; r++)
            {
                _steps[i](buffers);
            }

            total[i] = s.Elapsed.TotalMicroseconds / 3000;
        }

        foreach (var i in Enumerable.Range(0, total.Length).OrderByDescending(i => total[i]).Take(45))
        {
            Console.WriteLine($"{total[i]:F3} us  {i} {Line(_program.Steps[i])}");
        }

        Console.WriteLine($"sum {total.Sum():F2}");
    }

    private static string Line(Step step) => step switch
    {
        LoopStep l => $"loop {l.Space} [{string.Join(' ', l.Operations.Select(o => o.Primitive.Name))}] in {l.Inputs.Count} out {l.Outputs.Count} nest {string.Join('x', LoopNest.Of(l).Extents)} inner [{string.Join(',', LoopNest.Of(l).Strides[^1])}]",
        ProductStep p => $"product {p.Layout} dot {p.Dot}",
        SumStep s => $"sum {s.Source.Shape} strides [{string.Join(',', s.Source.Strides)}] over {string.Join(',', s.SummedAxes)}",
        CallStep c => $"call {c.Node.Primitive} {c.Node.Shape}",
        _ => "",
    };

    /// <summary>wip</summary>
    public void Dump()
    {
        for (var i = 0; i < _program.Steps.Count; i++)
        {
            Console.WriteLine($"{i} {Line(_program.Steps[i])} reads {string.Join(',', _program.Steps[i].Reads)} writes {string.Join(',', _program.Steps[i].Writes)}");
        }
    }
}
