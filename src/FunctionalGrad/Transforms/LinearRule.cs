using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>The pullback that a user gives, from the arguments, the value and a cotangent to a cotangent of each argument.</summary>
internal delegate ImmutableArray<Expr> ArgumentsPullback(ImmutableArray<Expr> arguments, Expr value, Expr cotangent);

/// <summary>The pushforward that a user gives, from the arguments, the value and a tangent of each argument.</summary>
internal delegate Expr ArgumentsPushforward(ImmutableArray<Expr> arguments, Expr value, ImmutableArray<Expr> tangents);

/// <summary>
/// A derivative that a user gives in one mode or in both. Each mode is linear in what it carries, and the other mode is its
/// transpose: the pullback of w ↦ Jᵀ·w is the pushforward, and the other way round.
/// </summary>
internal sealed class LinearRule(ArgumentsPullback? pullback, ArgumentsPushforward? pushforward)
{
    public Expr Pull(Application node, int operand, Expr cotangent)
    {
        if (pullback is not null)
        {
            return Pulled(Arguments(node), node, cotangent)[operand];
        }

        // Traced on fresh variables: transposing must not walk what the arguments are made of.
        var fresh = new Fresh(node);
        var tangents = fresh.Arguments.Select(Expr (argument) => Expr.Variable($"v of {argument}", argument.Shape)).ToImmutableArray();
        var pushed = Pushed(fresh.Arguments, fresh.Value, tangents);
        var weight = Expr.Variable("w", cotangent.Shape);
        var transposed = Transposed(pushed, weight, (Variable)tangents[operand], "pushforward", "tangent", "pullback");
        RequireLinear(transposed, tangents, "pushforward", "tangent", "pullback");
        return fresh.At(node, transposed, (weight, cotangent));
    }

    public Expr? Push(Application node, ReadOnlySpan<Expr?> tangents)
    {
        var moves = false;
        var directions = ImmutableArray.CreateBuilder<Expr>(tangents.Length);
        for (var i = 0; i < tangents.Length; i++)
        {
            moves |= tangents[i] is not null;
            directions.Add(tangents[i] ?? Expr.Zeros(node.Input(i).Shape));
        }

        if (!moves)
        {
            return null;
        }

        if (pushforward is not null)
        {
            return Pushed(Arguments(node), node, directions.MoveToImmutable());
        }

        var fresh = new Fresh(node);
        var weight = Expr.Variable("w", node.Shape);
        var pulled = Pulled(fresh.Arguments, fresh.Value, weight);
        Expr? sum = null;
        for (var i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is { } tangent)
            {
                var direction = Expr.Variable("v", tangent.Shape);
                var transposed = Transposed(pulled[i], direction, weight, "pullback", "cotangent", "pushforward");
                RequireLinear(transposed, [weight], "pullback", "cotangent", "pushforward");
                var term = fresh.At(node, transposed, (direction, tangent));
                sum = sum is null ? term : sum + term;
            }
        }

        return sum;
    }

    private static ImmutableArray<Expr> Arguments(Application node) => [.. node.Inputs[..^1]];

    private ImmutableArray<Expr> Pulled(ImmutableArray<Expr> arguments, Expr value, Expr cotangent)
    {
        var pulled = pullback!(arguments, value, cotangent);
        if (pulled.IsDefault || pulled.Length != arguments.Length)
        {
            throw new ArgumentException(
                $"with derivative: the pullback gave {(pulled.IsDefault ? "nothing" : $"{pulled.Length} cotangents")} for {arguments.Length} arguments; give one for each");
        }

        for (var i = 0; i < pulled.Length; i++)
        {
            if (pulled[i] is null || pulled[i].Shape != arguments[i].Shape)
            {
                throw new ShapeException(
                    $"with derivative: the pullback gave {(pulled[i] is null ? "null" : $"shape {pulled[i].Shape}")} for argument {i} of shape {arguments[i].Shape}; the cotangent of an argument has the argument's shape, so sum or broadcast it to that");
            }
        }

        return pulled;
    }

    private Expr Pushed(ImmutableArray<Expr> arguments, Expr value, ImmutableArray<Expr> tangents) =>
        pushforward!(arguments, value, tangents) is var pushed && pushed is not null && pushed.Shape == value.Shape ? pushed
            : throw new ShapeException(
                $"with derivative: the pushforward gave {(pushed is null ? "null" : $"shape {pushed.Shape}")} for a value of shape {value.Shape}; the tangent of a value has the value's shape");

    private static Expr Transposed(Expr map, Expr cotangent, Variable variable, string given, string carried, string wanted)
    {
        try
        {
            return ReverseMode.Adjoints(TopologicalOrder.Of(map), [map], [cotangent], [variable])[0] ?? Expr.Zeros(variable.Shape);
        }
        catch (NotSupportedException refusal)
        {
            throw new NotSupportedException($"with derivative: no {wanted} follows from the {given}, which cannot be differentiated by its {carried}; give the {wanted} too", refusal);
        }
    }

    private static void RequireLinear(Expr transposed, ImmutableArray<Expr> carriers, string given, string carried, string wanted)
    {
        var order = TopologicalOrder.Of(transposed);
        foreach (var carrier in carriers)
        {
            if (order.Contains(carrier))
            {
                throw new NotSupportedException(
                    $"with derivative: the {wanted} is asked for, and it follows from the {given} alone only where that is linear in its {carried}; this {given} is not (its own derivative still depends on the {carried}, as where a {carried} is clipped). Give the {wanted} too");
            }
        }
    }

    /// <summary>Variables in place of the arguments and the value of a node.</summary>
    private sealed class Fresh(Application node)
    {
        public ImmutableArray<Expr> Arguments { get; } =
            [.. node.Inputs[..^1].ToArray().Select((argument, i) => Expr.Variable($"x{i}", argument.Shape))];

        public Expr Value { get; } = Expr.Variable("y", node.Shape);

        public Expr At(Application actual, Expr expression, (Expr Variable, Expr Value) carried)
        {
            var replacements = new Dictionary<Expr, Expr> { [Value] = actual, [carried.Variable] = carried.Value };
            for (var i = 0; i < Arguments.Length; i++)
            {
                replacements[Arguments[i]] = actual.Input(i);
            }

            return Rewriting.Rewrite([expression], each => replacements.GetValueOrDefault(each, each))[0];
        }
    }
}
