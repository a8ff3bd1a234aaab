namespace FunctionalGrad;

/// <content>
/// A batch of loops: one loop whose steps take all examples at once. Where they do not all stop at the same step, it goes on
/// until the last has, and an example that has stopped keeps its state.
/// </content>
internal sealed partial class Recurrence
{
    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size)
    {
        if (size == 0)
        {
            return Expr.Zeros(application.Shape.Behind(0));
        }

        var differs = Moving(batched[Form.FirstOperand..].ToArray());
        var isCountedApart = Form.IsCounted && batched[0];
        var stopsApart = Condition is not null && Condition.Order.DependingOn(ParametersThat(differs))[^1];
        if (isCountedApart || stopsApart)
        {
            differs.AsSpan(0, Form.States).Fill(true);
            differs = Moving(differs);
        }

        var variables = new Variable[differs.Length];
        var given = new Dictionary<Variable, Batched>();
        for (var i = 0; i < variables.Length; i++)
        {
            var parameter = Body.Parameters[i];
            variables[i] = differs[i] ? Expr.Variable(parameter.Name, parameter.Shape.Behind(size)) : parameter;
            given.Add(parameter, new(variables[i], differs[i]));
        }

        var step = Expr.Variable("t");
        var goesOn = Condition is null ? null : Batching.Of(Condition.Results, given, size)[0].Value;
        var live = stopsApart ? Expr.NotEqual(goesOn!, 0) : isCountedApart ? step < operands[0] : null;
        var count = isCountedApart ? operands[0].Max() : Form.IsCounted ? operands[0] : null;
        var loop = new Loop { Length = Form.Length, IsReversed = Form.IsReversed, Count = count, Condition = stopsApart ? live!.Max() : goesOn };
        var results = Batching.Of(Body.Results, given, size);
        for (var i = 0; i < variables.Length; i++)
        {
            var operand = operands[Form.FirstOperand + i];
            var isBatched = batched[Form.FirstOperand + i];
            if (i < Form.States)
            {
                var initial = differs[i] && !isBatched ? operand.Repeat(size) : operand;
                loop.AddState(variables[i], initial, differs[i] ? While(live, Whole(results[i]), variables[i]) : results[i].Value);
            }
            else if (Form.IsItem(i))
            {
                loop.AddItem(variables[i], isBatched ? Swapped(operand) : operand);
            }
            else
            {
                loop.Replace(variables[i], operand);
            }
        }

        for (var i = Form.States; i < results.Length; i++)
        {
            loop.AddOutput(live is null ? results[i].Value : While(live, Whole(results[i]), 0));
        }

        // Which step it is, and how many steps each example has taken.
        var counts = Expr.Variable("n", [size]);
        if (isCountedApart)
        {
            loop.AddState(step, Form.IsReversed ? count! - 1 : 0, Form.IsReversed ? step - 1 : step + 1);
        }
        else if (stopsApart)
        {
            loop.AddState(counts, Expr.Zeros([size]), counts + live!);
        }

        var (node, states, outputs) = loop.Build();
        var packed = new List<Expr>();
        if (Condition is not null)
        {
            packed.Add((stopsApart ? states[^1] : ((Recurrence)((Application)node).Primitive).Result(node, 0).Repeat(size)).Reshape([size, 1]));
        }

        for (var i = 0; i < results.Length; i++)
        {
            var value = i < Form.States ? states[i] : outputs[i - Form.States];
            var each = i < Form.States ? differs[i] ? value : value.Repeat(size)
                : live is not null || results[i].IsBatched ? Swapped(value)
                : value.Repeat(size);
            packed.Add(each.Reshape([size, Results[FirstState + i].Size]));
        }

        return Expr.Concatenate(packed, axis: 1);

        Expr Whole(Batched result) => result.IsBatched ? result.Value : result.Value.Repeat(size);
    }

    // The value of examples that take the step, and what the others keep.
    private static Expr While(Expr? live, Expr value, Expr kept)
    {
        if (live is null)
        {
            return value;
        }

        var extents = new int[value.Shape.Rank];
        Array.Fill(extents, 1);
        extents[0] = value.Shape[0];
        return Expr.Select(live.Reshape(Shape.Of(extents)), value, kept);
    }

    private static Expr Swapped(Expr value)
    {
        var axes = Enumerable.Range(0, value.Shape.Rank).ToArray();
        (axes[0], axes[1]) = (1, 0);
        return value.Permute(axes);
    }
}
