using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad.Benchmarks;

/// <summary>A comparison whose FunctionalGrad side is a list of expressions, compiled together and run at one point.</summary>
/// <typeparam name="T">The precision.</typeparam>
internal abstract class Comparison<T> : IComparison
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private CompiledFunction<T>? _compiled;
    private CompiledFunction<T>? _function;
    private CodeGeneration _generation;

    public virtual bool HasTuned => true;

    public virtual int JobsPerCall => 1;

    public long? WorkingBytes => Program.WorkingBytes;

    public string Listing => Program.ToString();

    /// <summary>What the compiled program returns; the first is the value of the function.</summary>
    protected abstract Expr[] Outputs { get; }

    /// <summary>Where it runs.</summary>
    protected abstract Point<T> At { get; }

    private CompiledFunction<T> Program => _compiled ?? throw new InvalidOperationException("call Compile before running");

    public void Build() => _ = Outputs;

    public void Compile(CodeGeneration generation) =>
        (_compiled, _generation) = (Outputs.Compile<T>(generation), generation);

    public void Check()
    {
        var expected = ByLoops();
        Agreement.Require("the compiled program", expected, InOrder([.. Program.Invoke(At).Select(output => output.ToArray())]));
        if (HasTuned)
        {
            Agreement.Require("the tuned version", expected, InOrder(ByVectors()));
        }
    }

    public object Straightforward() => ByLoops();

    public object Tuned() => ByVectors();

    // The array within: a caller who keeps the result does not put it into a box.
    public virtual object Compiled() => ImmutableCollectionsMarshal.AsArray(Program.Invoke(At))!;

    public virtual object FunctionAlone() =>
        ImmutableCollectionsMarshal.AsArray((_function ??= Outputs[0].Compile<T>(_generation)).Invoke(At))!;

    /// <summary>The straightforward version: an array for the value, then one for each derivative.</summary>
    protected abstract T[][] ByLoops();

    /// <summary>The tuned version.</summary>
    protected virtual T[][] ByVectors() => throw new NotSupportedException("there is no tuned version of this row");

    /// <summary>What the compiled program or the tuned version returns, in the order of the straightforward version.</summary>
    protected virtual T[][] InOrder(T[][] results) => results;
}
