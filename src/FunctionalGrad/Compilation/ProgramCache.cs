using System.Numerics;

namespace FunctionalGrad;

/// <summary>The programs used last, by the form of their graphs. A program is immutable, so sharing it cannot be noticed.</summary>
internal static class ProgramCache<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int MostPrograms = 128;

    // Larger graphs would keep much memory alive, and are seldom built twice.
    private const int MostNodes = 10_000;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(GraphForm, CodeGeneration), Entry> Programs = [];
    private static long _uses;

    public static CompiledProgram<T>? Find(GraphForm form, CodeGeneration generation)
    {
        lock (Gate)
        {
            return Programs.TryGetValue((form, generation), out var entry) ? entry.Use() : null;
        }
    }

    public static void Add(GraphForm form, CodeGeneration generation, CompiledProgram<T> program)
    {
        if (form.Count > MostNodes)
        {
            return;
        }

        lock (Gate)
        {
            if (Programs.Count >= MostPrograms)
            {
                Programs.Remove(Programs.MinBy(pair => pair.Value.LastUse).Key);
            }

            Programs.TryAdd((form, generation), new(program));
        }
    }

    private sealed class Entry(CompiledProgram<T> program)
    {
        public long LastUse { get; private set; } = ++_uses;

        public CompiledProgram<T> Use()
        {
            LastUse = ++_uses;
            return program;
        }
    }
}
