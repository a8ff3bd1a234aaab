using System.Diagnostics;

namespace FunctionalGrad;

/// <summary>
/// Taylor mode: the coefficients of an expression's series in one variable, as expressions, from the rules that forward and
/// reverse mode read. What is linear acts on coefficients one by one; a product convolves them; for anything else the
/// pushforward gives the slope as an expression,
/// <code>
/// z′ = pushforward(z; x, x′)        zₖ = (z′)ₖ₋₁ / k
/// </code>
/// whose own coefficients follow in the same way, and are needed to one order less. Equal expressions are one series, so the
/// slopes of most functions lead back to what is known (sin to cos to sin, exp to itself) and a node costs O(n²) for order
/// n. Where every slope is a new function (a power that is not whole, the gamma functions) it costs O(n³).
/// </summary>
internal sealed class TaylorMode
{
    private readonly Dictionary<Expr, TaylorSeries> _series = [];
    private readonly Dictionary<Expr, TaylorSeries> _alike = new(Structure.Alike.Instance);
    private readonly Variable _variable;

    private TaylorMode(Variable variable) => _variable = variable;

    /// <summary>The coefficients 0 … order of an expression's series: the k-th derivative over k!; null is zero.</summary>
    public static Expr?[] Coefficients(Expr expression, Variable variable, int order) =>
        new TaylorMode(variable).Known(expression, order) is var series
            ? [.. series.Coefficients.Select(coefficient => coefficient?.Value)]
            : [];

    /// <summary>The derivatives 0 … order of an expression; null is zero.</summary>
    public static Expr?[] Derivatives(Expr expression, Variable variable, int order)
    {
        var series = new TaylorMode(variable).Known(expression, order);
        var derivatives = new Expr?[order + 1];
        derivatives[0] = series.Value;
        var factorial = 1.0;
        for (var k = 1; k <= order; k++)
        {
            // The k-th derivative is (k − 1)! times coefficient k − 1 of the slope.
            factorial *= Math.Max(1, k - 1);
            derivatives[k] = series.SlopeCoefficient(k - 1)?.Value is not { } slope ? null : factorial == 1 ? slope : factorial * slope;
        }

        return derivatives;
    }

    private TaylorSeries Known(Expr expression, int order)
    {
        var series = Of(expression);
        Require(series, order);
        return series;
    }

    // Depth first with a stack of its own: a coefficient waits for those that it is made of.
    private void Require(TaylorSeries wanted, int order)
    {
        var open = new Stack<(TaylorSeries Series, int Order)>();
        open.Push((wanted, order));
        while (open.TryPeek(out var top))
        {
            var (series, k) = top;
            var known = series.Coefficients.Count;
            if (known > k)
            {
                open.Pop();
            }
            else if (known < k)
            {
                open.Push((series, known));
            }
            else if (!Waits(series, k, open))
            {
                series.Coefficients.Add(Next(series, k));
            }
        }
    }

    /// <summary>Whether a coefficient needs others that are not known yet, which it pushes.</summary>
    private bool Waits(TaylorSeries series, int k, Stack<(TaylorSeries Series, int Order)> open)
    {
        var count = open.Count;
        if (series.Of is { } source)
        {
            Need(source, k + 1);
        }
        else if (k == 0)
        {
            if (series.HasStandIn)
            {
                NeedInputs(0);
            }
        }
        else
        {
            Settle(series);
            switch (series.Kind)
            {
                case SeriesKind.Linear:
                    NeedInputs(k);
                    break;
                case SeriesKind.Product:
                    Need(series.Inputs[0], k);
                    Need(series.Factor!, k);
                    break;
                case SeriesKind.Integral:
                    NeedInputs(1);
                    if (open.Count == count)
                    {
                        // Nothing else is missing, so the slope can be written down.
                        series.Slope ??= SlopeOf(series);
                        if (series.Slope is { } slope)
                        {
                            Need(slope, k - 1);
                        }
                    }

                    break;
            }
        }

        return open.Count > count;

        void NeedInputs(int order)
        {
            foreach (var input in series.Inputs)
            {
                Need(input, order);
            }
        }

        void Need(TaylorSeries other, int order)
        {
            if (other.Coefficients.Count <= order)
            {
                open.Push((other, order));
            }
        }
    }

    private static Flow? Next(TaylorSeries series, int k) => series.Kind switch
    {
        SeriesKind.SlopeOf => series.Of!.SlopeCoefficient(k) ?? (k == 0 ? new Flow(Expr.Zeros(series.Node.Shape)) : null),
        _ when k == 0 => new Flow(series.HasStandIn ? AtPoint(series) : series.Node),
        SeriesKind.Argument => k == 1 ? new Flow(Expr.Full(series.Node.Shape, 1)) : null,
        SeriesKind.Linear => Contributions.Push((Application)AtPoint(series), CoefficientsOfInputs(series, k)),
        SeriesKind.Product => Convolution(series, k),
        SeriesKind.Integral => series.Slope?.Coefficients[k - 1] is not { } slope ? null
            : k == 1 ? slope
            : slope with { Value = slope.Value / k },
        _ => null,
    };

    /// <summary>The node with the values of its inputs in place of stand-ins.</summary>
    private static Expr AtPoint(TaylorSeries series)
    {
        if (!series.HasStandIn)
        {
            return series.Node;
        }

        var inputs = new Expr[series.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = series.Inputs[i].Value;
        }

        return ((Application)series.Node).With(inputs);
    }

    private static Flow?[] CoefficientsOfInputs(TaylorSeries series, int k)
    {
        var flows = new Flow?[series.Inputs.Length];
        for (var i = 0; i < flows.Length; i++)
        {
            flows[i] = series.Inputs[i].Coefficients[k];
        }

        return flows;
    }

    private static Flow? Convolution(TaylorSeries series, int k)
    {
        var (left, right) = (series.Inputs[0], series.Factor!);
        Flow? sum = null;
        for (var j = 0; j <= k; j++)
        {
            if (left.Coefficients[j] is { } x && right.Coefficients[k - j] is { } y)
            {
                var term = series.Node is Application { Primitive.Rule: Rule.Bilinear } node ? Product(node, x, y) : Product(x, y);
                sum = sum is { } sofar ? sofar + term : term;
            }
        }

        return sum;
    }

    private static Flow Product(Flow x, Flow y)
    {
        var term = x.Through(y.Value);
        return y.Live.IsEverywhere ? term : new(y.Live.Guard(term.Value, x.Value), term.Live & y.Live);
    }

    private static Flow Product(Application node, Flow x, Flow y)
    {
        var term = Contributions.Push((Application)node.With(node.Input(0), y.Value), [x, null])!.Value;
        if (y.Live.IsEverywhere)
        {
            return term;
        }

        var other = Contributions.Push((Application)node.With(x.Value, node.Input(1)), [null, y])!.Value.Live;
        return new(other.Guard(term.Value, x.Value), term.Live & other);
    }

    /// <summary>The slope of a node as an expression of its inputs, of itself, and of stand-ins for the slopes of its inputs.</summary>
    private TaylorSeries? SlopeOf(TaylorSeries series)
    {
        var tangents = new Flow?[series.Inputs.Length];
        for (var i = 0; i < tangents.Length; i++)
        {
            // Masks are those of the first coefficient, as they are when derivatives are nested.
            tangents[i] = series.Inputs[i].Coefficients[1] is { } first ? new Flow(StandInFor(series.Inputs[i]), first.Live) : null;
        }

        if (Contributions.Push((Application)series.Node, tangents) is { } slope)
        {
            return Of(slope.Value);
        }

        series.Kind = SeriesKind.Still;
        return null;
    }

    private Variable StandInFor(TaylorSeries series)
    {
        if (series.StandIn is { } known)
        {
            return known;
        }

        var standIn = Expr.Variable("slope", series.Node.Shape);
        _series.Add(standIn, new(standIn, [], SeriesKind.SlopeOf) { Of = series, HasStandIn = true, IsSettled = true });
        series.StandIn = standIn;
        return standIn;
    }

    // Whether the partials of an elementwise node move decides how its coefficients follow.
    private void Settle(TaylorSeries series)
    {
        if (series.IsSettled)
        {
            return;
        }

        series.IsSettled = true;
        var node = (Application)series.Node;
        switch (node.Primitive.Rule)
        {
            case Rule.Bilinear:
                series.Factor = series.Inputs[1];
                break;
            case Rule.Elementwise rule when series.Kind == SeriesKind.Product:
                series.Factor = Of(rule.Partial(node, 0) ?? throw new UnreachableException());
                break;
            case Rule.Elementwise rule:
                var moves = false;
                for (var operand = 0; operand < series.Inputs.Length && !moves; operand++)
                {
                    moves = series.Inputs[operand].Moves && rule.Partial(node, operand) is { } partial && Of(partial).Moves;
                }

                series.Kind = moves ? SeriesKind.Integral : SeriesKind.Linear;
                break;
        }
    }

    /// <summary>The series of an expression, the same for equal ones.</summary>
    private TaylorSeries Of(Expr root)
    {
        var open = new Stack<Expr>();
        open.Push(root);
        while (open.TryPeek(out var node))
        {
            if (_series.ContainsKey(node))
            {
                open.Pop();
                continue;
            }

            var count = open.Count;
            if (node is Application application)
            {
                foreach (var input in application.Inputs)
                {
                    if (!_series.ContainsKey(input))
                    {
                        open.Push(input);
                    }
                }
            }

            if (open.Count == count)
            {
                Enter(node);
            }
        }

        return _series[root];
    }

    private void Enter(Expr node)
    {
        var inputs = node is Application { Inputs.Length: var length } ? new TaylorSeries[length] : [];
        var nodes = new Expr[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _series[((Application)node).Input(i)];
            nodes[i] = inputs[i].Node;
        }

        var merged = node is Application application ? application.With(nodes) : node;
        if (!_alike.TryGetValue(merged, out var series))
        {
            var kind = KindOf(merged, inputs);
            series = new(merged, inputs, kind)
            {
                HasStandIn = Array.Exists(inputs, input => input.HasStandIn),
                IsSettled = kind is SeriesKind.Still or SeriesKind.Argument,
            };
            _alike.Add(merged, series);
            _series.TryAdd(merged, series);
        }

        _series.TryAdd(node, series);
    }

    private SeriesKind KindOf(Expr node, TaylorSeries[] inputs) => node switch
    {
        _ when ReferenceEquals(node, _variable) => SeriesKind.Argument,
        Application application when Array.Exists(inputs, input => input.Moves) => application.Primitive.Rule switch
        {
            Rule.Linear rule => AnyMoves(inputs, operand => rule.IsLinearIn(operand)) ? SeriesKind.Linear : SeriesKind.Still,
            Rule.Bilinear => SeriesKind.Product,
            Rule.Elementwise rule =>
                !AnyMoves(inputs, operand => rule.Partial(application, operand) is not null) ? SeriesKind.Still
                : rule.IsLinearInFirst && inputs[0].Moves ? SeriesKind.Product
                : SeriesKind.Integral,
            _ => SeriesKind.Integral,
        },
        _ => SeriesKind.Still,
    };

    private static bool AnyMoves(TaylorSeries[] inputs, Func<int, bool> matters)
    {
        for (var operand = 0; operand < inputs.Length; operand++)
        {
            if (inputs[operand].Moves && matters(operand))
            {
                return true;
            }
        }

        return false;
    }
}
