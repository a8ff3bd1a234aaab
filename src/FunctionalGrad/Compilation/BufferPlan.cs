namespace FunctionalGrad;

/// <summary>
/// Which buffers may share memory: a buffer that no later step reads gives its memory to the next one of its size. What
/// comes from outside and what goes out keeps its own.
/// </summary>
internal static class BufferPlan
{
    /// <summary>For each buffer, the slot of memory that it lives in.</summary>
    public static int[] Of(Program program)
    {
        var lastUse = LastUses(program);
        var slots = new int[program.Buffers.Count];
        Array.Fill(slots, -1);
        var next = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            if (program.Buffers[i].Source is not null)
            {
                slots[i] = next++;
            }
        }

        var free = new Dictionary<int, Stack<int>>();
        for (var i = 0; i < program.Steps.Count; i++)
        {
            foreach (var buffer in program.Steps[i].Writes.Distinct())
            {
                var size = program.Buffers[buffer].Size;
                slots[buffer] = lastUse[buffer] < int.MaxValue && free.TryGetValue(size, out var idle) && idle.TryPop(out var slot) ? slot : next++;
            }

            // Only now: a step must not write what it still reads.
            foreach (var buffer in program.Steps[i].Reads.Concat(program.Steps[i].Writes).Distinct())
            {
                if (lastUse[buffer] == i && program.Buffers[buffer].Source is null)
                {
                    var size = program.Buffers[buffer].Size;
                    (free.TryGetValue(size, out var idle) ? idle : free[size] = new()).Push(slots[buffer]);
                }
            }
        }

        return slots;
    }

    private static int[] LastUses(Program program)
    {
        var last = new int[program.Buffers.Count];
        Array.Fill(last, -1);
        for (var i = 0; i < program.Steps.Count; i++)
        {
            foreach (var buffer in program.Steps[i].Reads.Concat(program.Steps[i].Writes))
            {
                last[buffer] = i;
            }
        }

        foreach (var result in program.Results)
        {
            last[result.Buffer] = int.MaxValue;
        }

        return last;
    }
}
