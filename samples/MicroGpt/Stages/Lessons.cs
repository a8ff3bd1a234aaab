using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>What a run learns from.</summary>
/// <param name="Documents">The names, one after another and then from the beginning.</param>
/// <param name="Steps">How many steps the learning rate is planned for.</param>
/// <param name="Batch">From how many names a step learns at once.</param>
/// <param name="Workers">How many threads share the parts of a batch; as many as there are cores where none is given.</param>
/// <param name="Pause">Whether what was learned is wanted after a step, counted from 1; those before it may be made at one
/// go. It changes no bit of what is learned. After every step where nothing is given.</param>
internal sealed record Lessons(
    ImmutableArray<ImmutableArray<int>> Documents, int Steps, int Batch = 1, int? Workers = null, Func<int, bool>? Pause = null)
{
    /// <summary>The next steps to make at one go, counted from 0: up to the first after which there is a pause.</summary>
    /// <param name="step">The first of them. Whether there are more is asked only after each is made.</param>
    public IEnumerable<int> StepsToPauseFrom(int step)
    {
        do
        {
            yield return step;
        }
        while (Pause is { } pause && !pause(++step));
    }

    /// <summary>
    /// How many names of a batch one thread computes together: enough that it is worth handing them over. It does not depend
    /// on the number of threads, so neither does any sum.
    /// </summary>
    public const int NamesOfPart = 8;

    /// <summary>How many names there are in a part: in most, and in the last where that is smaller.</summary>
    public IEnumerable<int> SizesOfParts => PartsOf(0).Select(part => part.Length).Distinct();

    /// <summary>The names of a step, counted from 0, in parts.</summary>
    public ImmutableArray<ImmutableArray<int>>[] PartsOf(int step)
    {
        var next = (long)step * Batch;
        var parts = new ImmutableArray<ImmutableArray<int>>[(Batch + NamesOfPart - 1) / NamesOfPart];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = new ImmutableArray<int>[Math.Min(NamesOfPart, Batch - (i * NamesOfPart))];
            for (var j = 0; j < part.Length; j++)
            {
                part[j] = Documents[(int)(next++ % Documents.Length)];
            }

            parts[i] = ImmutableCollectionsMarshal.AsImmutableArray(part);
        }

        return parts;
    }
}
