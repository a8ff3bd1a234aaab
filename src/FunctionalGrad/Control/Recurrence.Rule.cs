using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>
/// The derivatives of a loop. Forwards, tangents go along with the states. Backwards, a loop over the same steps from the last
/// to the first takes the cotangent of a state to that of the state before, adding up what goes to the captured operands on
/// the way; it takes each step anew from the state before it, which the forward loop has kept, or finds there what is asked of
/// the step itself.
/// </content>
internal sealed partial class Recurrence
{
    public override Rule Rule => Rule.General.AtOnce(Pull, Push);

    // A checkpoint: what it captured is used once, so there is nothing to add up, and no state to keep.
    private bool IsOneStep => Form is { Length: 1, IsCounted: false } && Condition is null;

    private Expr? Push(Application node, ReadOnlySpan<Expr?> tangents)
    {
        var operands = new Expr?[Body.Parameters.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = tangents[Form.FirstOperand + i];
        }

        var moves = Moving(Array.ConvertAll(operands, tangent => tangent is not null));
        if (!moves.Contains(true))
        {
            return null;
        }

        var tangentOf = new Dictionary<Variable, Expr>();
        for (var i = 0; i < moves.Length; i++)
        {
            if (moves[i])
            {
                tangentOf.Add(Body.Parameters[i], Expr.Variable($"d{Body.Parameters[i].Name}", Body.Parameters[i].Shape));
            }
        }

        var pushed = ForwardMode.Tangents(Body.Order, tangentOf, Body.Results);
        var loop = Again(node, Form.IsReversed, Form.IsCounted ? node.Input(0) : null, Condition?.Results[0]);
        var places = new int[Body.Results.Length];
        Array.Fill(places, -1);
        for (var i = 0; i < moves.Length; i++)
        {
            var (parameter, input) = (Body.Parameters[i], node.Input(Form.FirstOperand + i));
            if (i < Form.States)
            {
                loop.AddState(parameter, input, Body.Results[i]);
            }
            else if (Form.IsItem(i))
            {
                loop.AddItem(parameter, input);
            }

            if (!moves[i])
            {
                continue;
            }

            var tangent = (Variable)tangentOf[parameter];
            if (i < Form.States)
            {
                places[i] = loop.AddState(tangent, operands[i] ?? Expr.Zeros(parameter.Shape), pushed[i] ?? Expr.Zeros(parameter.Shape));
            }
            else if (Form.IsItem(i))
            {
                loop.AddItem(tangent, operands[i]!);
            }
            else
            {
                loop.Replace(tangent, operands[i]!);
            }
        }

        for (var i = Form.States; i < places.Length; i++)
        {
            places[i] = pushed[i] is { } output ? loop.AddOutput(output) : -1;
        }

        var (_, states, outputs) = loop.Build();
        var results = new Expr[Results.Length];
        Array.Fill(results, Expr.Zeros(Shape.Scalar));
        for (var i = 0; i < places.Length; i++)
        {
            results[FirstState + i] = places[i] < 0 ? Expr.Zeros(Results[FirstState + i]) : i < Form.States ? states[places[i]] : outputs[places[i]];
        }

        return Part.Pack(results);
    }

    private ImmutableArray<Expr?> Pull(Application node, Expr cotangent, ReadOnlySpan<bool> wanted)
    {
        var contributions = new Expr?[node.Inputs.Length];
        var moves = Moving(wanted[Form.FirstOperand..].ToArray());
        var depends = Body.Order.DependingOn(ParametersThat(moves));

        // Which results have cotangents: all states that move, and the outputs that somebody uses.
        var (roots, seeds) = (new List<Expr>(), new List<Variable>());
        var ofStates = new Variable?[Form.States];
        var ofOutputs = new List<(Variable Item, Expr Sequence)>();
        for (var i = 0; i < Body.Results.Length; i++)
        {
            var result = Body.Results[i];
            var given = Result(cotangent, FirstState + i);
            if (i < Form.States ? !moves[i] : !depends[Body.Order.PositionOf(result)] || given.IsUniform(0))
            {
                continue;
            }

            var seed = Expr.Variable(i < Form.States ? $"d{Body.Parameters[i].Name}" : $"dy{i - Form.States}", result.Shape);
            roots.Add(result);
            seeds.Add(seed);
            if (i < Form.States)
            {
                ofStates[i] = seed;
            }
            else
            {
                ofOutputs.Add((seed, given));
            }
        }

        if (roots.Count == 0)
        {
            return [.. contributions];
        }

        var pulled = Adjoints(roots, seeds, moves);
        var values = IsOneStep ? [] : WorthKeeping(pulled);
        pulled = Given(pulled, values);
        var kept = Keeping(node, pulled, values, out var states, out var sequences);
        var loop = Again(node, !Form.IsReversed, Form.IsCounted ? node.Input(0) : Condition is null ? null : Result(kept, 0), null);
        var places = new int[pulled.Length];
        for (var i = 0; i < pulled.Length; i++)
        {
            var (parameter, input) = (Body.Parameters[i], node.Input(Form.FirstOperand + i));
            var isState = i < Form.States;
            if (isState && states[i] is { } sequence)
            {
                loop.AddItem(parameter, sequence);
            }
            else if (Form.IsItem(i))
            {
                loop.AddItem(parameter, input);
            }

            if (isState && ofStates[i] is { } ofState)
            {
                places[i] = loop.AddState(ofState, Result(cotangent, FirstState + i), pulled[i] ?? Expr.Zeros(parameter.Shape));
            }
            else if (pulled[i] is { } contribution)
            {
                var total = Expr.Variable($"d{parameter.Name}", parameter.Shape);
                places[i] = Form.IsItem(i) || IsOneStep ? loop.AddOutput(contribution)
                    : loop.AddState(total, Expr.Zeros(parameter.Shape), total + contribution);
            }
        }

        foreach (var (item, sequence) in ofOutputs.Concat(sequences))
        {
            loop.AddItem(item, sequence);
        }

        var (_, totals, outputs) = loop.Build();
        for (var i = 0; i < pulled.Length; i++)
        {
            var operand = Form.FirstOperand + i;
            if (wanted[operand] && (pulled[i] is not null || (i < Form.States && ofStates[i] is not null)))
            {
                contributions[operand] = Form.IsItem(i) ? outputs[places[i]]
                    : IsOneStep && i >= Form.States ? outputs[places[i]].Reshape(Body.Parameters[i].Shape)
                    : totals[places[i]];
            }
        }

        return [.. contributions];
    }

    /// <summary>The contributions of a step's results to the parameters that move; null is zero.</summary>
    private Expr?[] Adjoints(List<Expr> roots, List<Variable> seeds, bool[] moves)
    {
        var parameters = ParametersThat(moves);
        var found = ReverseMode.Adjoints(Body.Order, [.. roots], [.. seeds], parameters);
        Expr? live = null;
        foreach (var seed in seeds)
        {
            var any = Expr.NotEqual(seed, 0).Sum();
            live = live is null ? any : live + any;
        }

        var adjoints = new Expr?[moves.Length];
        for (var (i, next) = (0, 0); i < moves.Length; i++)
        {
            var adjoint = moves[i] ? found[next++] : null;

            // A step that nothing uses contributes nothing, whatever it holds: later states that a loss passed over, for one.
            adjoints[i] = adjoint is not null && adjoint.Traits.HasFlag(ExprTraits.MayBeInfinite)
                ? Expr.Select(live! > 0, adjoint, 0)
                : adjoint;
        }

        return adjoints;
    }

    /// <summary>A loop over the same steps, in which what this one captured stands for itself.</summary>
    private Loop Again(Application node, bool isReversed, Expr? count, Expr? condition)
    {
        var loop = new Loop { Length = Form.Length, IsReversed = isReversed, Count = count, Condition = condition };
        for (var i = Form.States + Form.Sequences; i < Body.Parameters.Length; i++)
        {
            loop.Replace(Body.Parameters[i], node.Input(Form.FirstOperand + i));
        }

        return loop;
    }

    /// <summary>Which parameters move when some operands do: a state moves where one step makes it.</summary>
    private bool[] Moving(bool[] operands)
    {
        var moves = operands.AsSpan().ToArray();
        for (var changed = moves.Contains(true); changed;)
        {
            changed = false;
            var depends = Body.Order.DependingOn(ParametersThat(moves));
            for (var i = 0; i < Form.States; i++)
            {
                if (!moves[i] && depends[Body.Order.PositionOf(Body.Results[i])])
                {
                    moves[i] = changed = true;
                }
            }
        }

        return moves;
    }

    private Variable[] ParametersThat(bool[] moves) => [.. Enumerable.Range(0, moves.Length).Where(i => moves[i]).Select(i => Body.Parameters[i])];
}
