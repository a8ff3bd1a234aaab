using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>
/// The steps of a program as generated methods, few and long: each method costs the JIT something, but above a size it
/// stops optimising. Large loops have a method of their own, whose parts the cores share.
/// </summary>
internal static class StepCode
{
    // The JIT optimises methods up to 60,000 bytes, 2,000 locals and 2,000 blocks. A short loop is written out several times, so
    // that far fewer operations come to as much.
    private const int MostOperations = 250;

    public static Action<T[][]>[] Of<T>(IReadOnlyList<Step> steps, int slots, Func<Step, Action<T[][]>> kernel)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var methods = new List<Action<T[][]>>();
        var together = new List<Step>();
        var operations = 0;
        foreach (var step in steps.SelectMany(WrittenOut))
        {
            if (step is LoopStep loop && LoopParts<T>.Of(loop, slots, Part<T>) is { } parts)
            {
                Flush();
                methods.Add(parts);
                continue;
            }

            var weight = WeightOf(step);
            if (operations + weight > MostOperations)
            {
                Flush();
            }

            together.Add(step);
            operations += weight;
        }

        Flush();
        return [.. methods];

        void Flush()
        {
            if (together.Count > 0)
            {
                methods.Add(together is [not LoopStep] ? kernel(together[0]) : InOne([.. together], kernel));
            }

            together.Clear();
            operations = 0;
        }
    }

    /// <summary>The steps as loops that go into one method, none of which is shared among the cores; nothing where they are other steps, or more.</summary>
    public static LoopStep[]? Loops(IReadOnlyList<Step> steps)
    {
        Step[] all = [.. steps.SelectMany(WrittenOut)];
        return all.Sum(WeightOf) <= MostOperations && Array.TrueForAll(all, step => step is LoopStep loop && LoopCost.PartOf(loop, LoopNest.Of(loop)) is null)
            ? Array.ConvertAll(all, step => (LoopStep)step) : null;
    }

    private static int WeightOf(Step step) => step is LoopStep small ? small.Weight + 10 : 5;

    // What is short is written out.
    private static IReadOnlyList<Step> WrittenOut(Step step) => step switch
    {
        AssembleStep assembly when Stretches.Of(assembly) is { } loops => loops,
        CallStep call when RunningSums.Of(call) is { } loop => [loop],
        _ => [step],
    };

    private static Action<T[][]> InOne<T>(Step[] steps, Func<Step, Action<T[][]>> kernel)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        MethodWriter<T>.Write<Action<T[][]>>(steps.OfType<LoopStep>().SelectMany(Slots), method =>
        {
            foreach (var step in steps)
            {
                if (step is LoopStep loop)
                {
                    LoopCode<T>.Write(method, loop);
                    continue;
                }

                method.Object(kernel(step));
                method.Code.Emit(OpCodes.Ldarg_1);
                method.Code.Emit(OpCodes.Callvirt, typeof(Action<T[][]>).GetMethod("Invoke")!);
            }
        });

    private static Action<T[][], int> Part<T>(LoopStep step, LoopNest nest, int extent)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        MethodWriter<T>.Write<Action<T[][], int>>(Slots(step), method =>
        {
            var part = method.Code.DeclareLocal(typeof(int));
            method.Code.Emit(OpCodes.Ldarg_2);
            method.Code.Emit(OpCodes.Stloc, part);
            LoopCode<T>.WritePart(method, step, nest, part, extent);
        });

    private static IEnumerable<int> Slots(LoopStep loop) => loop.Reads.Concat(loop.Writes);
}
