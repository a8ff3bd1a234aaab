namespace FunctionalGrad;

/// <summary>
/// Where each buffer lives. What a program computes on the way lies in one stretch of memory, slot 0, where a buffer that no
/// later step reads gives its place to others; variables, constants and results have a slot each.
/// </summary>
internal sealed class BufferPlan
{
    /// <summary>The slot of what is computed on the way.</summary>
    public const int Arena = 0;

    private BufferPlan(int[] slots, int[] offsets, int[] sizes) => (Slots, Offsets, Sizes) = (slots, offsets, sizes);

    /// <summary>For each buffer, its slot.</summary>
    public int[] Slots { get; }

    /// <summary>For each buffer, where in the slot it begins.</summary>
    public int[] Offsets { get; }

    /// <summary>How many numbers each slot holds.</summary>
    public int[] Sizes { get; }

    public static BufferPlan Of(Program program)
    {
        var lastUse = LastUses(program);
        var slots = new int[program.Buffers.Count];
        var offsets = new int[slots.Length];
        var sizes = new List<int> { 0 };
        for (var i = 0; i < slots.Length; i++)
        {
            var buffer = program.Buffers[i];
            if (buffer.Rows > 0)
            {
                slots[i] = sizes.Count;
                sizes.AddRange(Enumerable.Repeat(buffer.Size / buffer.Rows, buffer.Rows));
            }
            else if (buffer.Source is not null || lastUse[i] == int.MaxValue)
            {
                slots[i] = sizes.Count;
                sizes.Add(buffer.Size);
            }
        }

        var arena = new Places();
        var isPlaced = new bool[slots.Length];
        for (var i = 0; i < program.Steps.Count; i++)
        {
            foreach (var buffer in program.Steps[i].Writes.Distinct())
            {
                // Parts of one may come from several steps.
                if (slots[buffer] == Arena && !isPlaced[buffer])
                {
                    (isPlaced[buffer], offsets[buffer]) = (true, arena.Take(program.Buffers[buffer].Size));
                }
            }

            // Only now: a step must not write what it still reads.
            foreach (var buffer in program.Steps[i].Reads.Concat(program.Steps[i].Writes).Distinct())
            {
                if (lastUse[buffer] == i && slots[buffer] == Arena)
                {
                    arena.Give(offsets[buffer], program.Buffers[buffer].Size);
                }
            }
        }

        sizes[Arena] = arena.Size;
        return new(slots, offsets, [.. sizes]);
    }

    /// <summary>A view of a buffer as one of its slot.</summary>
    public View Moved(View view) => view with { Buffer = Slots[view.Buffer], Offset = Offsets[view.Buffer] + view.Offset };

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

    /// <summary>Free places by size: a buffer takes the smallest that holds it, and what is left over stays free.</summary>
    private sealed class Places
    {
        // Whole cache lines of the smallest numbers, so that neighbours do not share one. What is smaller shares one with its like.
        private const int Line = 16;

        private readonly SortedSet<(int Size, int Offset)> _free = [];

        public int Size { get; private set; }

        public int Take(int size)
        {
            size = Rounded(size);
            foreach (var place in _free.GetViewBetween((size, 0), (int.MaxValue, int.MaxValue)))
            {
                _free.Remove(place);
                GiveRest(place.Offset, size, place.Size);
                return place.Offset;
            }

            var offset = Size;
            Size = checked(Size + WholeLines(size));
            GiveRest(offset, size, WholeLines(size));
            return offset;
        }

        public void Give(int offset, int size)
        {
            if (size > 0)
            {
                _free.Add((Rounded(size), offset));
            }
        }

        private void GiveRest(int offset, int taken, int size)
        {
            var lines = Math.Min(WholeLines(taken), size);
            if (lines > taken)
            {
                _free.Add((lines - taken, offset + taken));
            }

            if (size > lines)
            {
                _free.Add((size - lines, offset + lines));
            }
        }

        private static int Rounded(int size) => size < Line ? size : WholeLines(size);

        private static int WholeLines(int size) => checked((size + Line - 1) / Line * Line);
    }
}
