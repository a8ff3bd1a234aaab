using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Runs a loop, or a part of one, without generated code.</summary>
internal abstract class LoopRunner<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public static LoopRunner<T> For(LoopStep step, LoopNest nest) => (Register<T>.For(nest.Inner).Count * Unsafe.SizeOf<T>()) switch
    {
        64 => new BlockRunner<Lanes512<T>, T>(step, nest),
        32 => new BlockRunner<Lanes256<T>, T>(step, nest),
        16 => new BlockRunner<Lanes128<T>, T>(step, nest),
        _ => new BlockRunner<OneLane<T>, T>(step, nest),
    };

    public static Action<T[][], int> Part(LoopStep step, LoopNest nest, int extent)
    {
        var runner = For(step, nest);
        return (memory, part) => runner.RunPart(memory, part, extent);
    }

    public abstract void Run(T[][] memory);

    /// <summary>Runs a part of a loop, which begins a number of extents in along the outermost axis; sums add to what is there.</summary>
    public abstract void RunPart(T[][] memory, int part, int extent);
}
