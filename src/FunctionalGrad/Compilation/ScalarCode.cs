using System.Numerics;
using System.Reflection.Emit;

namespace FunctionalGrad;

/// <summary>
/// A program whose every step works on single numbers, as a plain delegate: straight-line code over its arguments, which
/// allocates nothing. What is too long for one method becomes several, and what they pass on lies in memory that calls take
/// turns in. Arguments that the code does not reach go to another delegate.
/// </summary>
internal sealed class ScalarCode<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // The JIT optimises methods up to 60,000 bytes, 2,000 locals and 2,000 blocks.
    private const int MostOperations = 1_000;

    // What goes out is written by one method.
    private const int MostResults = 1_000;

    private readonly Program _program;
    private readonly DelegateForm _form;
    private readonly Lazy<Delegate> _otherwise;

    // For each buffer of a variable, the argument that it is.
    private readonly Dictionary<int, int> _arguments = [];

    // Where single numbers lie in the memory that methods share.
    private readonly Dictionary<Cell, int> _slots = [];

    private ScalarCode(Program program, DelegateForm form, Lazy<Delegate> otherwise)
    {
        (_program, _form, _otherwise) = (program, form, otherwise);
        for (var i = 0; i < program.Buffers.Count; i++)
        {
            if (program.Buffers[i].Source is Variable variable)
            {
                _arguments.Add(i, form.Arguments.IndexOf(variable));
            }
        }
    }

    /// <summary>Whether a program works on single numbers alone, and writes every entry of its results as one.</summary>
    public static bool Fits(Program program)
    {
        if (!program.Steps.All(step => step is LoopStep { Space.Size: 1 }) || program.Results.Sum(result => (long)result.Shape.Size) > MostResults)
        {
            return false;
        }

        var written = program.Steps.Cast<LoopStep>().SelectMany(loop => loop.Outputs).Select(output => Cell.Of(output.Target)).ToHashSet();
        return program.Results.All(result => program.Buffers[result.Buffer].Source is not null || Cells(result).All(written.Contains));
    }

    /// <summary>The program as a delegate.</summary>
    /// <param name="program">A program that <see cref="Fits"/>; its results are those of the form.</param>
    /// <param name="form">The form of the delegate.</param>
    /// <param name="otherwise">The same delegate for rare arguments, which kernels leave to those for single numbers.</param>
    public static Delegate Of(Program program, DelegateForm form, Lazy<Delegate> otherwise)
    {
        var code = new ScalarCode<T>(program, form, otherwise);
        LoopStep[][] groups = [.. code.Groups()];
        return groups.Length <= 1 ? code.InOne(groups.Length == 0 ? [] : groups[0]) : code.InSeveral(groups);
    }

    private IEnumerable<LoopStep[]> Groups()
    {
        var together = new List<LoopStep>();
        var operations = 0;
        foreach (var loop in _program.Steps.Cast<LoopStep>())
        {
            if (operations + loop.Weight > MostOperations && together.Count > 0)
            {
                yield return [.. together];
                together.Clear();
                operations = 0;
            }

            together.Add(loop);
            operations += loop.Weight;
        }

        if (together.Count > 0)
        {
            yield return [.. together];
        }
    }

    private Delegate InOne(LoopStep[] loops)
    {
        var (inTurn, values) = Recorded(loops);
        return MethodWriter<T>.Write(_form.Type, [], method =>
        {
            var exceptional = method.Code.DefineLabel();
            var arguments = new ScalarArguments<T>(method, _form);
            LaneOperation[] wanted = [.. _program.Results.SelectMany(Cells).Select(cell => ValueOf(values, cell))];
            var formula = new ScalarFormula<T>(method, inTurn, wanted, cell => arguments.Load(_arguments[cell.Buffer], cell.Offset), exceptional);
            var result = new DelegateResult<T>(method, _form);
            var entries = Entries();
            formula.Compute(i => result.Store(entries[i].Root, entries[i].Entry, () => formula.Load(i)));
            result.Write();
            if (formula.HasExceptions)
            {
                method.Code.Emit(OpCodes.Ret);
                method.Code.MarkLabel(exceptional);
                method.CallLazily(_form.Type, _otherwise);
            }
        });
    }

    private Delegate InSeveral(LoopStep[][] groups)
    {
        var recorded = Array.ConvertAll(groups, Recorded);
        var readers = new Dictionary<Cell, int>();
        for (var i = 0; i < groups.Length; i++)
        {
            foreach (var cell in groups[i].SelectMany(loop => loop.Inputs).Select(Cell.Of))
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
        return MethodWriter<T>.Write(_form.Type, [], method =>
        {
            var exceptional = method.Code.DefineLabel();
            var arguments = new ScalarArguments<T>(method, _form);
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
            var result = new DelegateResult<T>(method, _form);
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
            method.CallLazily(_form.Type, _otherwise);

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

    /// <summary>What some loops compute, as operations on what was there before them: all in turn, and those that are written.</summary>
    private (LaneOperation[] InTurn, Dictionary<Cell, LaneOperation> Written) Recorded(LoopStep[] loops)
    {
        var (inTurn, known) = (new List<LaneOperation>(), new Dictionary<Cell, LaneOperation>());
        foreach (var loop in loops)
        {
            var values = ScalarLoop<T>.Values(loop, cell => ValueOf(known, cell));
            inTurn.AddRange(values);
            foreach (var output in loop.Outputs)
            {
                known[Cell.Of(output.Target)] = ScalarLoop<T>.Written(output, values);
            }
        }

        return ([.. inTurn], known);
    }

    private LaneOperation ValueOf(Dictionary<Cell, LaneOperation> known, Cell cell) =>
        known.TryGetValue(cell, out var value) ? value
        : _program.Buffers[cell.Buffer].Source is Constant constant ? new(LaneOperation.Number, [], constant.Value.Values[cell.Offset])
        : new(LaneOperation.Argument, [], cell);
}
