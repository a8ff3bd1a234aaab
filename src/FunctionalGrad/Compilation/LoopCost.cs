using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>What loops cost, roughly: for choices that change how a program runs and never what it computes.</summary>
internal static class LoopCost
{
    // Nanoseconds, as measured: to make the code of an operation, to call a kernel, and to run one over an entry.
    private const double ToMake = 15_000;
    private const double ToCall = 25;
    private const double PerEntry = 0.2;

    // From how many operations on entries on it pays to wake other cores, and how many each part of the work has.
    private const long Large = 1 << 20;
    private const long Part = 1 << 17;
    private const int MostParts = 256;

    /// <summary>How many calls it takes until making code has paid for itself.</summary>
    public static int CallsBeforeCode(Program program)
    {
        var (making, gained) = (0.0, 1.0);
        foreach (var step in program.Steps)
        {
            if (step is LoopStep loop)
            {
                var count = loop.Operations.Count + loop.Inputs.Count + loop.Outputs.Count;
                making += ToMake * count;
                gained += count * (ToCall + (PerEntry * loop.Space.Size));
            }
        }

        return (int)Math.Min(making / gained, 10_000);
    }

    /// <summary>
    /// Into how many entries of its outermost axis a loop is cut, so that the cores can share the parts; null where the loop
    /// is small.
    /// </summary>
    public static int? PartOf(LoopStep step, LoopNest nest)
    {
        var operations = Math.Max(1, step.Operations.Count);
        if (step.Space.Size * (long)operations < Large)
        {
            return null;
        }

        var perRow = step.Space.Size / nest.Extents[0] * (long)operations;
        var extent = (int)Math.Max(nest.Extents.Length == 1 ? 64 : 1, Part / perRow / 64 * 64);
        extent = Math.Max(extent, (nest.Extents[0] + MostParts - 1) / MostParts);
        return extent < nest.Extents[0] ? extent : null;
    }
}
