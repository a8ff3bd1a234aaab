namespace FunctionalGrad.Learning;

/// <content>The optimisers of the field.</content>
public sealed partial class Optimiser
{
    /// <summary>Gradient descent, p ← p − rate·g: stochastic where the data of each step are a sample. A zero gradient moves nothing.</summary>
    public static Optimiser GradientDescent { get; } = Of(
        "gradient descent", [], static (_, gradient, _, rate, _) => (rate * gradient, []));

    /// <summary>Gradient descent with momentum: v ← momentum·v + g, then p ← p − rate·v.</summary>
    /// <param name="momentum">How much of the velocity a step keeps, from 0 up to, but without, 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The momentum is not in [0, 1).</exception>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// var states = Optimiser.Momentum(0.5).Train(4 * w, Point.Of((w, 1.0)), Schedules.Constant(0.25));
    /// states.ElementAt(0).Point;      // { w ↦ 0 }
    /// states.ElementAt(1).Point;      // { w ↦ -1.5 }
    /// </code></example>
    public static Optimiser Momentum(double momentum = 0.9)
    {
        RequireShare(momentum, nameof(momentum));
        return Of(
            FormattableString.Invariant($"momentum {momentum}"),
            ["velocity"],
            (_, gradient, moments, rate, _) =>
            {
                var velocity = (momentum * moments[0]) + gradient;
                return (rate * velocity, [velocity]);
            });
    }

    /// <summary>
    /// Adam (Kingma and Ba, 2015): running means of the gradient and of its square, both corrected for their start at zero,
    /// <c>m ← β₁·m + (1 − β₁)·g</c>, <c>v ← β₂·v + (1 − β₂)·g²</c>,
    /// <c>p ← p − rate·m̂ / (√v̂ + ε)</c> with <c>m̂ = m / (1 − β₁ᵗ)</c>, <c>v̂ = v / (1 − β₂ᵗ)</c> at step t = 1, 2, 3, ….
    /// </summary>
    /// <param name="beta1">β₁ in [0, 1): how much of the mean gradient a step keeps.</param>
    /// <param name="beta2">β₂ in [0, 1): how much of the mean square a step keeps.</param>
    /// <param name="epsilon">ε above 0, added outside the root.</param>
    /// <exception cref="ArgumentOutOfRangeException">β₁ or β₂ is not in [0, 1), or ε is not a finite number above 0.</exception>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// var adam = Optimiser.Adam(beta1: 0.5, beta2: 0.75, epsilon: 1);
    /// adam.Train(3 * w, Point.Of((w, 1.0)), Schedules.Constant(0.5)).First().Point;      // { w ↦ 0.625 }
    /// </code></example>
    public static Optimiser Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        RequireShare(beta1, nameof(beta1));
        RequireShare(beta2, nameof(beta2));
        Require(epsilon > 0 && double.IsFinite(epsilon), epsilon, nameof(epsilon), "a finite number above 0, such as 1e-8");
        return Of(
            "Adam",
            ["mean", "square"],
            (_, gradient, moments, rate, count) =>
            {
                var mean = (beta1 * moments[0]) + ((1 - beta1) * gradient);
                var square = (beta2 * moments[1]) + ((1 - beta2) * gradient.Square());

                // m̂/(√v̂ + ε) with both corrections drawn together in scalars, √c₂/c₁ · m/(√v + ε·√c₂), so that an entry takes
                // one quotient and one root.
                var ofMean = 1 - Expr.Pow(beta1, count);
                var rootOfSquare = Expr.Sqrt(1 - Expr.Pow(beta2, count));
                return (rate * rootOfSquare / ofMean * mean / (Expr.Sqrt(square) + (epsilon * rootOfSquare)), [mean, square]);
            });
    }

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): <see cref="Adam"/>, and every parameter p also loses
    /// rate·decay·p.
    /// </summary>
    /// <param name="decay">The strength of the decay, 0 or more.</param>
    /// <param name="beta1">β₁ in [0, 1): how much of the mean gradient a step keeps.</param>
    /// <param name="beta2">β₂ in [0, 1): how much of the mean square a step keeps.</param>
    /// <param name="epsilon">ε above 0, added outside the root.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// var optimiser = Optimiser.AdamW(decay: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 1);
    /// optimiser.Train(3 * w, Point.Of((w, 1.0)), Schedules.Constant(0.5)).First().Point;      // { w ↦ 0.375 }
    /// </code></example>
    public static Optimiser AdamW(double decay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        var adam = Adam(beta1, beta2, epsilon);
        return Of("AdamW", adam.Moments, adam._rule).WithWeightDecay(decay);
    }

    private static void RequireShare(double share, string name) =>
        Require(share is >= 0 and < 1, share, name, "from 0 up to, but without, 1, such as 0.9");
}
