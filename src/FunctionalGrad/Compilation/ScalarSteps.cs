using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Steps as operations on single numbers: those that work on one number anyway, and those over so few that each can be a
/// number of its own. Sums go in the order that the lanes of a register would take, so the bits are the same.
/// </summary>
internal static class ScalarSteps<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // Entries of a step: about as many as a register has lanes. Beyond that lanes do more than separate numbers.
    private const int MostEntries = 8;

    // Single numbers that are only moved cost nothing.
    private const int MostMoved = 256;

    /// <summary>Whether a step can be done number by number, and is done no more slowly that way.</summary>
    public static bool Fits(Step step) => step switch
    {
        LoopStep { Space.Size: 1 } => true,

        // Where an operation is long, doing several at once is worth more than doing without memory.
        LoopStep loop => IsFew(loop.Space) && loop.Operations.TrueForAll(operation => operation.Primitive.Weight <= 2) && LoopNest.Of(loop).Extents.Length == 1,
        CopyStep copy => copy.Target.Shape.Size <= MostMoved,
        JoinStep join => join.Target.Shape.Size <= MostMoved,
        AssembleStep assembly => IsFew(assembly.Target.Shape),
        _ => false,
    };

    /// <summary>How many operations on numbers a step that fits takes.</summary>
    public static int Operations(Step step) => step is LoopStep loop ? loop.Weight * loop.Space.Size : step switch
    {
        AssembleStep assembly => assembly.Parts.Sum(part => part.Shape.Size),
        _ => 1,
    };

    /// <summary>The numbers that a step reads.</summary>
    public static IEnumerable<Cell> Reads(Step step) => step switch
    {
        LoopStep loop => loop.Inputs.SelectMany(Cells),
        CopyStep copy => Cells(copy.Source),
        JoinStep join => join.Parts.SelectMany(Cells),
        AssembleStep assembly => assembly.Parts.SelectMany(Cells),
        _ => throw DoesNotFit(step),
    };

    /// <summary>The numbers that a step writes.</summary>
    public static IEnumerable<Cell> Writes(Step step) => step switch
    {
        LoopStep loop => loop.Outputs.SelectMany(output => Cells(output.Target)),
        CopyStep copy => Cells(copy.Target),
        JoinStep join => join.Regions.SelectMany(Cells),
        AssembleStep assembly => Cells(assembly.Target),
        _ => throw DoesNotFit(step),
    };

    /// <summary>Records what a step does.</summary>
    /// <param name="step">A step that fits.</param>
    /// <param name="read">What stands for a number in memory.</param>
    /// <param name="write">Takes what a number in memory becomes.</param>
    /// <returns>The operations in their turn.</returns>
    public static IEnumerable<LaneOperation> Record(Step step, Func<Cell, LaneOperation> read, Action<Cell, LaneOperation> write)
    {
        switch (step)
        {
            case LoopStep loop:
                return Loop(loop, read, write);
            case CopyStep copy:
                Move(copy.Source, copy.Target, read, write);
                break;
            case JoinStep join:
                for (var i = 0; i < join.Parts.Length; i++)
                {
                    Move(join.Parts[i], join.Regions[i], read, write);
                }

                break;
            case AssembleStep assembly:
                return Assembly(assembly, read, write);
            default:
                throw DoesNotFit(step);
        }

        return [];
    }

    private static bool IsFew(Shape shape) => shape.Size is > 0 and <= MostEntries;

    private static LaneOperation[] Loop(LoopStep loop, Func<Cell, LaneOperation> read, Action<Cell, LaneOperation> write)
    {
        View[] views = [.. loop.Inputs, .. loop.Outputs.Select(output => output.Target)];
        var nest = LoopNest.Of(loop);
        var inTurn = new List<LaneOperation>();
        var ofEntries = new LaneOperation[nest.Inner][];
        for (var entry = 0; entry < nest.Inner; entry++)
        {
            var at = entry;
            ofEntries[entry] = LoopFormula.Values<T>(loop, input => read(CellOf(input, at)));
            inTurn.AddRange(ofEntries[entry]);
        }

        for (var k = 0; k < loop.Outputs.Count; k++)
        {
            var (operation, _, isSum) = loop.Outputs[k];
            var isOfAll = isSum && nest.Strides[0][loop.Inputs.Count + k] == 0;
            for (var entry = 0; entry < (isOfAll ? 1 : nest.Inner); entry++)
            {
                var value = isOfAll ? Total([.. ofEntries.Select(values => values[operation])]) : ofEntries[entry][operation];

                // A sum begins with 0: where all terms are −0 it is 0.
                value = isSum ? Added(Zero(), value) : value;
                inTurn.Add(value);
                write(CellOf(loop.Inputs.Count + k, entry), value);
            }
        }

        return [.. inTurn];

        Cell CellOf(int view, int entry) => new(views[view].Buffer, views[view].Offset + (entry * nest.Strides[0][view]));
    }

    /// <summary>A sum in the order in which lanes take it: each its own terms, those of a rest to the last, and then lanes by pairs.</summary>
    private static LaneOperation Total(LaneOperation[] terms)
    {
        var lanes = new LaneOperation?[Register<T>.For(terms.Length).Count];
        var whole = terms.Length / lanes.Length * lanes.Length;
        for (var i = 0; i < terms.Length; i++)
        {
            var lane = i < whole ? i % lanes.Length : lanes.Length - terms.Length + i;
            lanes[lane] = Sum(lanes[lane], terms[i]);
        }

        return OfLanes(0, lanes.Length)!;

        LaneOperation? OfLanes(int first, int count) =>
            count == 1 ? lanes[first] : Sum(OfLanes(first, count / 2), OfLanes(first + (count / 2), count / 2));

        // A lane without terms is 0, which adds nothing.
        static LaneOperation? Sum(LaneOperation? left, LaneOperation? right) => left is null ? right : right is null ? left : Added(left, right);
    }

    private static LaneOperation[] Assembly(AssembleStep step, Func<Cell, LaneOperation> read, Action<Cell, LaneOperation> write)
    {
        var sums = Cells(step.Target).ToDictionary(cell => cell, _ => Zero());
        for (var i = 0; i < step.Parts.Length; i++)
        {
            foreach (var (from, to) in Cells(step.Parts[i]).Zip(Cells(step.Regions[i])))
            {
                sums[to] = Added(sums[to], read(from));
            }
        }

        foreach (var (cell, sum) in sums)
        {
            write(cell, sum);
        }

        return [.. sums.Values];
    }

    private static void Move(View source, View target, Func<Cell, LaneOperation> read, Action<Cell, LaneOperation> write)
    {
        foreach (var (from, to) in Cells(source).Zip(Cells(target)))
        {
            write(to, read(from));
        }
    }

    // In row-major order of the view; an axis along which it stays where it is counts as often as it is long.
    private static IEnumerable<Cell> Cells(View view)
    {
        var steps = view.Shape.Strides();
        return Enumerable.Range(0, view.Shape.Size).Select(entry =>
        {
            var offset = view.Offset;
            for (var axis = 0; axis < steps.Length; axis++)
            {
                offset += entry / steps[axis] % view.Shape[axis] * view.Strides[axis];
            }

            return new Cell(view.Buffer, offset);
        });
    }

    private static LaneOperation Zero() => new(LaneOperation.Number, [], 0.0);

    private static LaneOperation Added(LaneOperation left, LaneOperation right) => new("Add", [left, right]);

    private static InvalidOperationException DoesNotFit(Step step) => new($"{step.GetType()} is not done number by number");
}
