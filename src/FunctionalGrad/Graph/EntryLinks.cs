namespace FunctionalGrad;

/// <summary>
/// Which entries of an operand reach which entries of a value: the sources of entry i of the value stand at
/// <c>Sources[Starts[i] .. Starts[i + 1]]</c>.
/// </summary>
internal sealed class EntryLinks(int[] starts, int[] sources)
{
    /// <summary>The entries of the operand that reach one entry of the value.</summary>
    public ReadOnlySpan<int> this[int entry] => sources.AsSpan(starts[entry]..starts[entry + 1]);

    /// <summary>At most one source for each entry of the value; a negative one means none.</summary>
    public static EntryLinks FromSources(ReadOnlySpan<int> sourceOf)
    {
        var starts = new int[sourceOf.Length + 1];
        var sources = new List<int>(sourceOf.Length);
        for (var i = 0; i < sourceOf.Length; i++)
        {
            if (sourceOf[i] >= 0)
            {
                sources.Add(sourceOf[i]);
            }

            starts[i + 1] = sources.Count;
        }

        return new(starts, [.. sources]);
    }

    /// <summary>At most one target for each entry of the operand; a negative one means none.</summary>
    public static EntryLinks FromTargets(ReadOnlySpan<int> targetOf, int count)
    {
        var sources = new int[targetOf.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = i;
        }

        return FromPairs(targetOf, sources, count);
    }

    /// <summary>Pairs of an entry of the value and one of the operand, in any order; a negative target means none.</summary>
    public static EntryLinks FromPairs(ReadOnlySpan<int> targets, ReadOnlySpan<int> sources, int count)
    {
        var starts = new int[count + 1];
        foreach (var target in targets)
        {
            if (target >= 0)
            {
                starts[target + 1]++;
            }
        }

        for (var i = 0; i < count; i++)
        {
            starts[i + 1] += starts[i];
        }

        var sorted = new int[starts[count]];
        var next = starts.AsSpan(0, count).ToArray();
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i] >= 0)
            {
                sorted[next[targets[i]]++] = sources[i];
            }
        }

        return new(starts, sorted);
    }
}
