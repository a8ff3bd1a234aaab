using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Which entries of an operand reach which of a node's value, found from the rule of the primitive alone, so that a
/// primitive is declared once: an elementwise rule links equal entries, and a linear one, whose coefficients are never
/// negative, tells its links when it is tried out on numbers.
/// </summary>
internal static class LinkDiscovery
{
    /// <summary>How one operand of a node reaches its value.</summary>
    /// <param name="Kind">Whether nothing, equal entries, linked entries, or everything is reached.</param>
    /// <param name="Links">The links, where the kind says so.</param>
    public readonly record struct Reach(ReachKind Kind, EntryLinks? Links = null);

    public enum ReachKind
    {
        Nothing,
        SameEntry,
        Linked,
        Everything,
    }

    public static Reach Of(Application node, int operand) => node.Primitive.Rule switch
    {
        Rule.Elementwise rule => rule.Partial(node, operand) is { } partial ? Behind(partial, node.Shape) : default,
        Rule.Linear rule => rule.IsLinearIn(operand) ? OfLinear(rule, node, operand) : default,
        Rule.Bilinear => Declared(node, operand) ?? new(ReachKind.Everything),
        _ => new(ReachKind.Everything),
    };

    /// <summary>Equal entries are linked, except where the partial is a constant 0.</summary>
    private static Reach Behind(Expr partial, Shape shape)
    {
        if (!partial.Traits.HasFlag(ExprTraits.Constant) || partial.Range.Low > 0 || partial.Range.High < 0)
        {
            return new(ReachKind.SameEntry);
        }

        return partial.Uniform() is { } everywhere ? new(everywhere == 0 ? ReachKind.Nothing : ReachKind.SameEntry)
            : partial.Shape == shape ? Diagonal(Liveness.Value(partial))
            : new(ReachKind.SameEntry);
    }

    private static Reach OfLinear(Rule.Linear rule, Application node, int operand)
    {
        if (Declared(node, operand) is { } declared)
        {
            return declared;
        }

        var elementwise = node.Primitive is ElementwisePrimitive;
        var operands = new Tensor<double>[node.Inputs.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            if (!rule.IsLinearIn(i) && !node.Input(i).Traits.HasFlag(ExprTraits.Constant))
            {
                // What it does is decided by numbers that are not known yet, such as indices.
                return new(elementwise ? ReachKind.SameEntry : ReachKind.Everything);
            }

            operands[i] = rule.IsLinearIn(i) ? Tensor.Full(node.Input(i).Shape, 0.0) : Liveness.Value(node.Input(i));
        }

        return elementwise ? Diagonal(Applied(Tensor.Full(node.Shape, 1.0)))
            : new(ReachKind.Linked, ByCounting(node.Input(operand).Shape, node.Shape.Size, Applied)
                ?? ByTransposing(rule, node, operand)
                ?? ByColumns(node.Input(operand).Shape, node.Shape.Size, Applied));

        Tensor<double> Applied(Tensor<double> probe)
        {
            var given = operands.ToArray();
            given[operand] = probe;
            return node.Primitive.Evaluate<double>(given, node.Shape);
        }
    }

    private static Reach? Declared(Application node, int operand)
    {
        var known = new Tensor<double>?[node.Inputs.Length];
        for (var i = 0; i < known.Length; i++)
        {
            known[i] = i != operand && node.Input(i).Traits.HasFlag(ExprTraits.Constant) ? Liveness.Value(node.Input(i)) : null;
        }

        return node.Primitive.Links(node, operand, known) is { } links ? new(ReachKind.Linked, links) : null;
    }

    private static Reach Diagonal(Tensor<double> coefficients)
    {
        if (coefficients.Values.IndexOf(0.0) < 0)
        {
            return new(ReachKind.SameEntry);
        }

        var sources = new int[coefficients.Size];
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = coefficients.Values[i] != 0 ? i : -1;
        }

        return new(ReachKind.Linked, EntryLinks.FromSources(sources));
    }

    /// <summary>The links of a map that moves or repeats entries; null where some entry of the value has several sources.</summary>
    private static EntryLinks? ByCounting(Shape operand, int count, Func<Tensor<double>, Tensor<double>> map) =>
        Single(operand, count, map) is { } sources ? EntryLinks.FromSources(sources) : null;

    /// <summary>The links of a map that adds entries up, from its transpose, which repeats them; null where it does more.</summary>
    private static EntryLinks? ByTransposing(Rule.Linear rule, Application node, int operand)
    {
        var shape = node.Input(operand).Shape;
        if (rule.Transpose(node, operand, Expr.Constant(Tensor.Full(node.Shape, 1.0))) is not { } transposed
            || !transposed.Traits.HasFlag(ExprTraits.Constant))
        {
            return null;
        }

        return Single(node.Shape, shape.Size, probe => Liveness.Value(rule.Transpose(node, operand, Expr.Constant(probe))!)) is { } targets
            ? EntryLinks.FromTargets(targets, node.Shape.Size)
            : null;
    }

    /// <summary>
    /// For each entry of the value of a linear map the one entry it is a copy of, or −1. The coefficients wᵢ are never
    /// negative, so where Σwᵢ = 1 and Σwᵢ·i² = (Σwᵢ·i)² the positions i have no variance: there is one. Null where an
    /// entry has several sources.
    /// </summary>
    private static int[]? Single(Shape shape, int count, Func<Tensor<double>, Tensor<double>> map)
    {
        var ones = map(Tensor.Full(shape, 1.0)).Values;
        foreach (var number in ones)
        {
            if (number is not (0 or 1))
            {
                return null;
            }
        }

        var positions = map(Tensor.Generate(shape, i => (double)i)).Values;
        var squares = map(Tensor.Generate(shape, i => (double)i * i)).Values;
        var sources = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (squares[i] != positions[i] * positions[i] || !double.IsInteger(positions[i]))
            {
                return null;
            }

            sources[i] = ones[i] == 0 ? -1 : (int)positions[i];
        }

        return sources;
    }

    /// <summary>The links of any linear map: a trial for each entry of the operand.</summary>
    private static EntryLinks ByColumns(Shape shape, int count, Func<Tensor<double>, Tensor<double>> map)
    {
        var (targets, sources) = (new List<int>(), new List<int>());
        for (var source = 0; source < shape.Size; source++)
        {
            var reached = map(Tensor.Generate(shape, i => i == source ? 1.0 : 0.0)).Values;
            for (var target = 0; target < reached.Length; target++)
            {
                if (reached[target] != 0)
                {
                    targets.Add(target);
                    sources.Add(source);
                }
            }
        }

        return EntryLinks.FromPairs(CollectionsMarshal.AsSpan(targets), CollectionsMarshal.AsSpan(sources), count);
    }
}
