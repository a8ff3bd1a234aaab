using System.Reflection.Emit;

namespace FunctionalGrad;

/// <content>Conditions as jumps: of a choice, only what was chosen is loaded.</content>
internal sealed partial class ScalarFormula<T>
{
    // A condition is written out where it is used, with the conditions that it is made of; beyond so many, it is a number.
    private const int DeepestCondition = 4;

    private void LoadedByCondition(LaneOperation mask, int depth, Action<LaneOperation> number)
    {
        if (ConditionIn(mask, depth) is { } inner)
        {
            LoadedByCondition(inner, depth + 1, number);
        }
        else if (Register<T>.IsComparison(mask))
        {
            Loaded(mask, (loaded, _) => number(loaded));
        }
        else
        {
            LoadedByCondition(mask.Inputs[0], depth, number);
            LoadedByCondition(mask.Inputs[1], depth, number);
        }
    }

    // A comparison with 0 of the number that a condition was made into: that condition.
    private LaneOperation? ConditionIn(LaneOperation mask, int depth) =>
        depth < DeepestCondition && mask is { Member: "Equal" or "NotEqual", Inputs: [{ Member: "And" } number, { Member: LaneOperation.Number, Detail: 0.0 }] }
        && !IsMask(number) && IsMask(number.Inputs[0]) && number.Inputs[1] is { Member: LaneOperation.Number, Detail: not 0.0 }
            ? number.Inputs[0]
            : null;

    private void Choose(LaneOperation condition, Action whenTrue, Action whenFalse)
    {
        var (otherwise, end) = (_il.DefineLabel(), _il.DefineLabel());
        Jump(condition, otherwise, holds: false, depth: 0);
        whenTrue();
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(otherwise);
        whenFalse();
        _il.MarkLabel(end);
    }

    // Jumps where a condition holds, or where it does not. Comparisons with NaN do not hold, but for "not equal".
    private void Jump(LaneOperation condition, Label target, bool holds, int depth)
    {
        switch (condition.Member)
        {
            case "Equal" when ConditionIn(condition, depth) is { } inner:
                Jump(inner, target, !holds, depth + 1);
                break;
            case "NotEqual" when ConditionIn(condition, depth) is { } inner:
                Jump(inner, target, holds, depth + 1);
                break;
            case "And" or "Or" when IsMask(condition):
                // Either part alone decides that "or" holds and that "and" does not; for the rest it takes both.
                if (holds == (condition.Member == "Or"))
                {
                    Jump(condition.Inputs[0], target, holds, depth);
                    Jump(condition.Inputs[1], target, holds, depth);
                    break;
                }

                var stays = _il.DefineLabel();
                Jump(condition.Inputs[0], stays, !holds, depth);
                Jump(condition.Inputs[1], target, holds, depth);
                _il.MarkLabel(stays);
                break;
            default:
                Compare(condition, target, holds);
                break;
        }
    }

    private void Compare(LaneOperation condition, Label target, bool holds)
    {
        if (!IsMask(condition))
        {
            Load(condition);
            _il.Emit(OpCodes.Call, typeof(ScalarMasks).GetMethod(nameof(ScalarMasks.IsSet))!.MakeGenericMethod(typeof(T)));
            _il.Emit(holds ? OpCodes.Brtrue : OpCodes.Brfalse, target);
            return;
        }

        Array.ForEach(condition.Inputs, Load);
        _il.Emit(
            condition.Member switch
            {
                "Greater" => holds ? OpCodes.Bgt : OpCodes.Ble_Un,
                "GreaterOrEqual" => holds ? OpCodes.Bge : OpCodes.Blt_Un,
                "Equal" => holds ? OpCodes.Beq : OpCodes.Bne_Un,
                _ => holds ? OpCodes.Bne_Un : OpCodes.Beq,
            },
            target);
    }
}
