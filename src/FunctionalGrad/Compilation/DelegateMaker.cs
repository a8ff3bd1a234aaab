using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Expressions as plain delegates: straight-line code where they work on single numbers, a compiled function behind a delegate elsewhere.</summary>
internal static class DelegateMaker
{
    // Straight-line code for so many operations takes the JIT a tenth of a second; a compiled function waits with code for
    // larger graphs until the calls repay it.
    private const int MostOperationsAtOnce = 20_000;

    public static Delegate Make(DelegateForm form, ReadOnlySpan<Expr> roots, CodeGeneration generation) =>
        form.Precision == typeof(double) ? Make<double>(form, roots, generation) : Make<float>(form, roots, generation);

    private static Delegate Make<T>(DelegateForm form, ReadOnlySpan<Expr> roots, CodeGeneration generation)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (generation != CodeGeneration.Never && RuntimeFeature.IsDynamicCodeSupported)
        {
            var simplified = CompiledProgram<T>.Simplified(roots);
            var program = Lowering.Lower(TopologicalOrder.Of(simplified), simplified);
            if (ScalarCode<T>.Fits(program)
                && (generation == CodeGeneration.Always || ScalarCode<T>.Operations(program) <= MostOperationsAtOnce))
            {
                Expr[] all = [.. roots];
                return ScalarCode<T>.Of(program, ScalarMethod<T>.Of(form, new(() => DelegateOverFunction.Of(new CompiledFunction<T>(all, generation), form))));
            }
        }

        return DelegateOverFunction.Of(new CompiledFunction<T>(roots, generation), form);
    }
}
