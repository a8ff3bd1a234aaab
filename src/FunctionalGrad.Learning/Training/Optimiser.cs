using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// How one parameter moves, as formulas: from where it stands, its gradient and the moments kept of earlier ones, to what is
/// taken off the parameter and the moments to keep. A pure function on expressions.
/// </summary>
/// <param name="parameter">The parameter before the step.</param>
/// <param name="gradient">The gradient of the loss by it, of its shape.</param>
/// <param name="moments">What the step before kept, each of the parameter's shape; zeros at the first step.</param>
/// <param name="rate">The learning rate, a scalar.</param>
/// <param name="count">Which step this is, a scalar: 1, 2, 3, ….</param>
public delegate (Expr Decrement, ImmutableArray<Expr> Moments) UpdateRule(
    Expr parameter, Expr gradient, ImmutableArray<Expr> moments, Expr rate, Expr count);

/// <summary>
/// An optimiser: a pure function from the state of training and a gradient to the next state. It is given once, as formulas,
/// so that a whole step of training is one graph, <see cref="TrainingStep"/>. It holds no state: what Adam remembers
/// of earlier gradients stands in <see cref="TrainingState{T}.Moments"/>.
/// </summary>
/// <example><code>
/// var w = Expr.Variable("w");
/// Expr loss = (w * 3 - 3) * (w * 3 - 3);
/// var states = Optimiser.GradientDescent.Train(loss, Point.Of((w, 2.0)), Schedules.Constant(0.05)).Take(1);
/// states.First().Loss;      // 9
/// states.First().Point;     // { w ↦ 1.1 }
/// Optimiser.AdamW(decay: 0.01).WithClipping(1);      // AdamW, decay 0.01, gradient clipped to norm 1
/// </code></example>
public sealed partial class Optimiser
{
    private readonly Func<GradientMap<Expr>, GradientMap<Expr>> _prepare;
    private readonly UpdateRule _rule;
    private readonly string _text;

    private Optimiser(
        string text, ImmutableArray<string> moments, UpdateRule rule, Func<GradientMap<Expr>, GradientMap<Expr>> prepare)
    {
        _text = text;
        Moments = moments;
        _rule = rule;
        _prepare = prepare;
    }

    /// <summary>The names of the moments that it keeps of every parameter; empty for gradient descent.</summary>
    public ImmutableArray<string> Moments { get; }

    /// <summary>An optimiser of your own.</summary>
    /// <param name="name">The name it prints as.</param>
    /// <param name="moments">The names of the moments that the rule reads and keeps.</param>
    /// <param name="rule">How a parameter moves.</param>
    /// <example><code>
    /// var signs = Optimiser.Of("sign descent", [], (_, gradient, moments, rate, _) => (rate * Expr.Sign(gradient), moments));
    /// var w = Expr.Variable("w");
    /// signs.Train(w * w, Point.Of((w, 3.0)), Schedules.Constant(0.5)).First().Point;      // { w ↦ 2.5 }
    /// </code></example>
    public static Optimiser Of(string name, ImmutableArray<string> moments, UpdateRule rule)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(rule);
        return new(name, moments.IsDefault ? [] : moments, rule, static gradient => gradient);
    }

    /// <summary>
    /// This optimiser with decoupled weight decay: every parameter p also loses rate·decay·p, whatever its gradient. (For the
    /// coupled kind add <c>decay / 2 * Loss.SumOfSquares(…)</c> to the loss.)
    /// </summary>
    /// <param name="decay">The strength, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The strength is negative, infinite or NaN.</exception>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// var decaying = Optimiser.GradientDescent.WithWeightDecay(0.5);
    /// decaying.Train(0 * w, Point.Of((w, 4.0)), Schedules.Constant(0.5)).First().Point;      // { w ↦ 3 }
    /// </code></example>
    public Optimiser WithWeightDecay(double decay)
    {
        Require(decay >= 0 && double.IsFinite(decay), decay, nameof(decay), "a finite number of 0 or more, such as 0.01");
        var rule = _rule;
        return new(
            FormattableString.Invariant($"{_text}, decay {decay}"),
            Moments,
            (parameter, gradient, moments, rate, count) =>
            {
                var (decrement, next) = rule(parameter, gradient, moments, rate, count);
                return (decrement + (rate * decay * parameter), next);
            },
            _prepare);
    }

    /// <summary>
    /// This optimiser on gradients of a bounded norm: where ‖g‖ over all parameters together exceeds the bound, g·bound/‖g‖
    /// is used in its place. A shorter gradient stays exactly as it is.
    /// </summary>
    /// <param name="norm">The bound, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is 0, negative, infinite or NaN.</exception>
    /// <example><code>
    /// var v = Expr.Variable("v", [2]);
    /// var clipped = Optimiser.GradientDescent.WithClipping(2.5);
    /// var loss = Expr.Dot(v, Tensor.Of(3.0, 4));
    /// clipped.Train(loss, Point.Of((v, Tensor.Of(1.0, 1))), Schedules.Constant(1)).First().Point;      // { v ↦ [-0.5, -1] }
    /// </code></example>
    public Optimiser WithClipping(double norm)
    {
        Require(norm > 0 && double.IsFinite(norm), norm, nameof(norm), "a finite number above 0, such as 1");
        var prepare = _prepare;
        return new(
            FormattableString.Invariant($"{_text}, gradient clipped to norm {norm}"), Moments, _rule, gradient => Clipped(prepare(gradient), norm));
    }

    /// <summary>The name, and what was added to it.</summary>
    public override string ToString() => _text;

    internal GradientMap<Expr> Prepare(GradientMap<Expr> gradient) => _prepare(gradient);

    internal (Expr Next, ImmutableArray<Expr> Moments) Move(
        Variable parameter, Expr gradient, ImmutableArray<Expr> moments, Expr rate, Expr count)
    {
        var (decrement, kept) = _rule(parameter, gradient, moments, rate, count);
        if (decrement.Shape != parameter.Shape || kept.Length != Moments.Length || kept.Any(moment => moment.Shape != parameter.Shape))
        {
            throw new InvalidOperationException(
                $"the optimiser {this} was given {parameter.Name} {parameter.Shape} with {Moments.Length} moments and made a decrement {decrement.Shape} with {kept.Length} moments [{string.Join(", ", kept.Select(moment => moment.Shape))}]; "
                + "its rule must give a decrement and as many moments as it names, all of the parameter's shape");
        }

        return (parameter - decrement, kept);
    }

    // The norm of norms neither overflows nor underflows where the sum of squares would.
    private static GradientMap<Expr> Clipped(GradientMap<Expr> gradient, double bound)
    {
        if (gradient.Count == 0)
        {
            return gradient;
        }

        var norm = Expr.Stack(Array.ConvertAll(gradient.Values.ToArray(), value => value.Norm())).Norm();
        return gradient.Map(value => Expr.Select(norm > bound, value * (bound / norm), value));
    }

    private static void Require(bool holds, double value, string name, string what)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {what}");
        }
    }
}
