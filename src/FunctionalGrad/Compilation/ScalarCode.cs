using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>
/// A program whose every step works on single numbers, as one method: straight-line code from its arguments to its results,
/// which works in registers. What is too long for one method becomes several, and what they pass on lies in memory that calls
/// take turns in. Arguments that the code does not reach go to another delegate.
/// </summary>
internal sealed class ScalarCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // The JIT optimises methods up to 60,000 bytes, 2,000 locals and 2,000 blocks.
    private const int MostOperations = 1_000;

    // What goes out is written by one method.
    private const int MostResults = 1_000;

    private readonly Program _program;
    private readonly ScalarMethod<T> _surroundings;

    // For each buffer of a variable, the argument that it is.
    private readonly Dictionary<int, int> _arguments = [];

    // Where single numbers lie in the memory that methods share.
    private readonly Dictionary<Cell, int> _slots = [];

    private ScalarCode(Program program, ScalarMethod<T> surroundings)
    {
        (_program, _surroundings) = (program, surroundings);
        for (var i = 0; i < program.Buffers.Count; i++)
        {
            if (program.Buffers[i].Source is Variable variable)
            {
                _arguments.Add(i, surroundings.ArgumentOf(variable));
            }
        }
    }

    /// <summary>Whether a program works on single numbers alone, and writes every entry of its results as one.</summary>
    public static bool Fits(Program program)
    {
        if (!program.Steps.All(ScalarSteps<T>.Fits) || program.Results.Sum(result => (long)result.Shape.Size) > MostResults)
        {
            return false;
        }

        var written = program.Steps.SelectMany(ScalarSteps<T>.Writes).ToHashSet();
        return program.Results.All(result => program.Buffers[result.Buffer].Source is not null || Cells(result).All(written.Contains));
    }

    /// <summary>How many operations a program that <see cref="Fits"/> takes.</summary>
    public static long Operations(Program program) => program.Steps.Sum(step => (long)ScalarSteps<T>.Operations(step));

    /// <summary>Whether a program that <see cref="Fits"/> is short enough for one method.</summary>
    public static bool IsOne(Program program) => Operations(program) <= MostOperations;

    /// <summary>The program as a delegate.</summary>
    /// <param name="program">A program that <see cref="Fits"/>.</param>
    /// <param name="surroundings">What it takes and returns.</param>
    public static Delegate Of(Program program, ScalarMethod<T> surroundings)
    {
        var code = new ScalarCode<T>(program, surroundings);
        Step[][] groups = [.. code.Groups()];
        return groups.Length <= 1 ? code.InOne(groups.Length == 0 ? [] : groups[0]) : code.InSeveral(groups);
    }

    /// <summary>A program that <see cref="Fits"/> as operations on its arguments: all in turn, and the entries of its results in order.</summary>
    public static (LaneOperation[] InTurn, LaneOperation[] Results) InTurn(Program program) => InTurn(program, program.Steps);

    private static (LaneOperation[] InTurn, LaneOperation[] Results) InTurn(Program program, IEnumerable<Step> steps)
    {
        var (inTurn, written) = Recorded(program, steps);
        return (inTurn, [.. program.Results.SelectMany(Cells).Select(cell => ValueOf(program, written, cell))]);
    }

    private IEnumerable<Step[]> Groups()
    {
        var together = new List<Step>();
        var operations = 0;
        foreach (var step in _program.Steps)
        {
            var weight = ScalarSteps<T>.Operations(step);
            if (operations + weight > MostOperations && together.Count > 0)
            {
                yield return [.. together];
                together.Clear();
                operations = 0;
            }

            together.Add(step);
            operations += weight;
        }

        if (together.Count > 0)
        {
            yield return [.. together];
        }
    }

    private Delegate InOne(Step[] steps)
    {
        var (inTurn, wanted) = InTurn(_program, steps);
        return MethodWriter<T>.Write(_surroundings.Type, [], method =>
        {
            var exceptional = method.LeaveTo(_surroundings.Type, _surroundings.Otherwise);
            var arguments = _surroundings.Arguments(method);
            var formula = new ScalarFormula<T>(method, inTurn, wanted, cell => arguments.Load(_arguments[cell.Buffer], cell.Offset), exceptional);
            var result = _surroundings.Results(method);
            var entries = Entries();
            formula.Compute(i => result.Store(entries[i].Root, entries[i].Entry, () => formula.Load(i)));
            result.Write();
        });
    }

    private Delegate InSeveral(Step[][] groups)
    {
        var recorded = Array.ConvertAll(groups, steps => Recorded(_program, steps));
        var readers = new Dictionary<Cell, int>();
        for (var i = 0; i < groups.Length; i++)
        {
            foreach (var cell in groups[i].SelectMany(ScalarSteps<T>.Reads))
            {
                readers[cell] = i;
            }
        }

        foreach (var cell in _program.Results.SelectMany(Cells))
        {
            readers[cell] = groups.Length;
        }

        Cell[] given = [.. readers.Keys.Where(cell => _arguments.ContainsKey(cell.Buffer))];
        Array.ForEach(given, cell => SlotOf(cell));
        Func<T[], bool>[] parts = [.. recorded.Select((values, i) =>
            Part(values.InTurn, values.Written, [.. values.Written.Keys.Where(cell => readers.TryGetValue(cell, out var last) && last > i)]))];
        return MethodWriter<T>.Write(_surroundings.Type, [], method =>
        {
            var exceptional = method.Code.DefineLabel();
            var arguments = _surroundings.Arguments(method);
            var memory = method.Take(typeof(T[]));
            method.Code.Emit(OpCodes.Ldc_I4, _slots.Count);
            method.Code.Emit(OpCodes.Call, typeof(ScalarParts<T>).GetMethod(nameof(ScalarParts<T>.Rent))!);
            method.Code.Emit(OpCodes.Stloc, memory);
            foreach (var cell in given)
            {
                method.Code.Emit(OpCodes.Ldloc, memory);
                method.Code.Emit(OpCodes.Ldc_I4, _slots[cell]);
                arguments.Load(_arguments[cell.Buffer], cell.Offset);
                method.Code.Emit(OpCodes.Stelem, typeof(T));
            }

            method.Object(parts);
            method.Code.Emit(OpCodes.Ldloc, memory);
            method.Code.Emit(OpCodes.Call, typeof(ScalarParts<T>).GetMethod(nameof(ScalarParts<T>.Run))!);
            method.Code.Emit(OpCodes.Brfalse, exceptional);
            var result = _surroundings.Results(method);
            foreach (var (root, entry) in Entries())
            {
                result.Store(root, entry, () => LoadResult(root, entry));
            }

            result.Write();
            method.Code.Emit(OpCodes.Ldloc, memory);
            method.Code.Emit(OpCodes.Call, typeof(ScalarParts<T>).GetMethod(nameof(ScalarParts<T>.Return))!);
            method.Code.Emit(OpCodes.Ret);
            method.Code.MarkLabel(exceptional);
            method.Code.Emit(OpCodes.Ldloc, memory);
            method.Code.Emit(OpCodes.Call, typeof(ScalarParts<T>).GetMethod(nameof(ScalarParts<T>.Return))!);
            method.CallLazily(_surroundings.Type, _surroundings.Otherwise);

            void LoadResult(int root, int entry)
            {
                var cell = Cell.Of(_program.Results[root]);
                cell = cell with { Offset = cell.Offset + entry };
                if (_program.Buffers[cell.Buffer].Source is Constant constant)
                {
                    Register<T>.For(1).Number(method.Code, constant.Value.Values[cell.Offset]);
                    return;
                }

                method.Code.Emit(OpCodes.Ldloc, memory);
                method.Code.Emit(OpCodes.Ldc_I4, _slots[cell]);
                method.Code.Emit(OpCodes.Ldelem, typeof(T));
            }
        });
    }

    // Says whether it reaches its arguments.
    private Func<T[], bool> Part(LaneOperation[] inTurn, Dictionary<Cell, LaneOperation> values, Cell[] written) =>
        MethodWriter<T>.Write<Func<T[], bool>>([], method =>
        {
            var exceptional = method.Code.DefineLabel();
            LaneOperation[] wanted = [.. written.Select(cell => values[cell])];
            var formula = new ScalarFormula<T>(method, inTurn, wanted, cell =>
            {
                method.Code.Emit(OpCodes.Ldarg_1);
                method.Code.Emit(OpCodes.Ldc_I4, SlotOf(cell));
                method.Code.Emit(OpCodes.Ldelem, typeof(T));
            }, exceptional);
            formula.Compute(i =>
            {
                method.Code.Emit(OpCodes.Ldarg_1);
                method.Code.Emit(OpCodes.Ldc_I4, SlotOf(written[i]));
                formula.Load(i);
                method.Code.Emit(OpCodes.Stelem, typeof(T));
            });
            method.Code.Emit(OpCodes.Ldc_I4_1);
            if (formula.HasExceptions)
            {
                method.Code.Emit(OpCodes.Ret);
                method.Code.MarkLabel(exceptional);
                method.Code.Emit(OpCodes.Ldc_I4_0);
            }
        });

    // Of all results, in order.
    private (int Root, int Entry)[] Entries() =>
        [.. _program.Results.SelectMany((view, root) => Enumerable.Range(0, view.Shape.Size).Select(entry => (root, entry)))];

    // Results lie dense.
    private static IEnumerable<Cell> Cells(View result) =>
        Enumerable.Range(result.Offset, result.Shape.Size).Select(offset => new Cell(result.Buffer, offset));

    private int SlotOf(Cell cell)
    {
        if (!_slots.TryGetValue(cell, out var slot))
        {
            slot = _slots.Count;
            _slots.Add(cell, slot);
        }

        return slot;
    }

    /// <summary>What some steps compute, as operations on what was there before them: all in turn, and those that are written.</summary>
    private static (LaneOperation[] InTurn, Dictionary<Cell, LaneOperation> Written) Recorded(Program program, IEnumerable<Step> steps)
    {
        var (inTurn, known) = (new List<LaneOperation>(), new Dictionary<Cell, LaneOperation>());
        foreach (var step in steps)
        {
            inTurn.AddRange(ScalarSteps<T>.Record(step, cell => ValueOf(program, known, cell), (cell, value) => known[cell] = value));
        }

        return ([.. inTurn], known);
    }

    private static LaneOperation ValueOf(Program program, Dictionary<Cell, LaneOperation> known, Cell cell) =>
        known.TryGetValue(cell, out var value) ? value
        : program.Buffers[cell.Buffer].Source is Constant constant ? new(LaneOperation.Number, [], constant.Value.Values[cell.Offset])
        : new(LaneOperation.Argument, [], cell);
}
