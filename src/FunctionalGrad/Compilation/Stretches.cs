namespace FunctionalGrad;

/// <summary>
/// A short assembly along one axis as loops over stretches of its target, each covered by the same parts all along: nothing
/// is set to zero first, and no entry is written twice.
/// </summary>
internal static class Stretches
{
    // What is longer repays the call of a kernel, and many parts come to much code.
    private const int MostEntries = 1024;
    private const int MostParts = 3;

    /// <summary>The loops, or nothing where the assembly is of another kind.</summary>
    public static LoopStep[]? Of(AssembleStep step)
    {
        if (step.Target.Shape.Rank != 1 || step.Target.Shape.Size > MostEntries || step.Parts.Length > MostParts
            || !Array.TrueForAll(step.Regions, region => region.Shape.Size <= 1 || region.Strides[0] == 1))
        {
            return null;
        }

        var ends = step.Regions.SelectMany(region => new[] { Start(region), Start(region) + region.Shape.Size });
        int[] cuts = [.. ends.Append(0).Append(step.Target.Shape.Size).Distinct().Order()];
        LoopStep[] loops = [.. cuts.Zip(cuts.Skip(1), Loop)];
        return Array.TrueForAll(loops, loop => loop.Inputs.Count > 0) ? loops : null;

        int Start(View region) => region.Offset - step.Target.Offset;

        LoopStep Loop(int first, int end)
        {
            var shape = Shape.Of(end - first);
            var loop = new LoopStep(shape) { AxisOrder = [0] };
            var sum = new Argument(ArgumentKind.Number, 0);
            for (var i = 0; i < step.Parts.Length; i++)
            {
                var into = first - Start(step.Regions[i]);
                if (into < 0 || into >= step.Parts[i].Shape.Size)
                {
                    continue;
                }

                var part = step.Parts[i];
                loop.Operations.Add(new(Addition, [sum, new(ArgumentKind.Input, loop.Inputs.Count)], i));
                loop.Inputs.Add(part with { Offset = part.Offset + (into * part.Strides[0]), Shape = shape });
                sum = new(ArgumentKind.Operation, loop.Operations.Count - 1);
            }

            loop.Weight = loop.Operations.Count;
            loop.Outputs.Add(new(sum.Index, step.Target with { Offset = step.Target.Offset + first, Shape = shape }, IsSum: false));
            return loop;
        }
    }

    private static ElementwisePrimitive Addition => (ElementwisePrimitive)Add.Primitive;
}
