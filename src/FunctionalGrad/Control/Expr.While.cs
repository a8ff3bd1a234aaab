using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Loops that stop by themselves.</content>
public abstract partial class Expr
{
    /// <summary>
    /// Steps from a state as long as a condition holds: s₀ = initial, sₜ₊₁ = body(sₜ), and the value is the first sₜ for which
    /// condition(sₜ) is 0. How many steps that takes is found when it runs, and the cost is that of the steps taken.
    /// </summary>
    /// <remarks>
    /// The derivative is that of the steps taken, in both modes and to any order: the number of steps is taken as fixed, so where it
    /// changes the value may jump and the derivative is that of one side. Reverse mode keeps the states of the steps taken; memory
    /// for <paramref name="most"/> of them is set aside, and touched as far as it is used.
    /// </remarks>
    /// <param name="initial">The state before the first step.</param>
    /// <param name="condition">From the state to a scalar: not 0 to go on. Usually a comparison. Nothing is differentiated by it.</param>
    /// <param name="body">A pure function from the state to the next, of the same shape; called once, on a variable.</param>
    /// <param name="most">The most steps that it may take.</param>
    /// <exception cref="ShapeException">The condition is no scalar, or the body gives the state another shape.</exception>
    /// <exception cref="LoopLimitException">At evaluation: the condition still holds after the most steps.</exception>
    /// <example><code>
    /// // Halve until below 1.
    /// Expr.While(20, s => s >= 1, s => s / 2, most: 100).Evaluate();                                     // 0.625
    /// Differentiate.Derivative(x => Expr.While(x, s => s >= 1, s => s / 2, most: 100), 20.0);            // 0.03125
    /// </code></example>
    public static Expr While(Expr initial, Func<Expr, Expr> condition, Func<Expr, Expr> body, int most)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(body);
        return While([initial], states => condition(states[0]), states => [body(states[0])], most)[0];
    }

    /// <summary>A while whose state is a pair.</summary>
    /// <inheritdoc cref="While(Expr, Func{Expr, Expr}, Func{Expr, Expr}, int)"/>
    public static (Expr First, Expr Second) While(
        (Expr First, Expr Second) initial,
        Func<(Expr First, Expr Second), Expr> condition,
        Func<(Expr First, Expr Second), (Expr First, Expr Second)> body,
        int most)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(body);
        var states = While([initial.First, initial.Second], pair => condition((pair[0], pair[1])), pair => Array(body((pair[0], pair[1]))), most);
        return (states[0], states[1]);
    }

    /// <summary>A while with any number of states.</summary>
    /// <inheritdoc cref="While(Expr, Func{Expr, Expr}, Func{Expr, Expr}, int)"/>
    public static ImmutableArray<Expr> While(
        ImmutableArray<Expr> initial,
        Func<ImmutableArray<Expr>, Expr> condition,
        Func<ImmutableArray<Expr>, ImmutableArray<Expr>> body,
        int most)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        var states = Folding.Variables("s", [.. initial.Select(expression => expression.Shape)]);
        var goesOn = condition(ImmutableArray<Expr>.CastUp(states));
        var next = body(ImmutableArray<Expr>.CastUp(states));
        Folding.RequireSame("while", states, next);
        var loop = new Loop { Length = most, Condition = Folding.Scalar(goesOn, "while: the condition") };
        for (var i = 0; i < states.Length; i++)
        {
            loop.AddState(states[i], initial[i], next[i]);
        }

        return [.. loop.Build().States];
    }

    /// <summary>
    /// The fixed point x = step(x) that is reached from a first guess: x₀ = initial, xₜ₊₁ = step(xₜ), until one says that it is
    /// reached.
    /// </summary>
    /// <remarks>
    /// The derivative is that of the fixed point and not of the way to it, by the implicit function theorem: with J = ∂step/∂x
    /// there, dx = J·dx + ∂step, and for a cotangent w the adjoint is λ = w + Jᵀ·λ; each is a fixed point again, iterated to
    /// rounding, so this nests to any order and keeps no states. The derivative by the first guess is 0. It needs the spectral radius
    /// of J to be less than 1, as convergence from all sides does.
    /// </remarks>
    /// <param name="initial">The first guess.</param>
    /// <param name="step">A pure function from x to a better x, of the same shape; called once, on a variable. It may use other expressions.</param>
    /// <param name="until">From x and step(x) to a scalar: not 0 to stop with step(x). When omitted, until x changes by no more than
    /// rounding: by about 30 units in the last place of its greatest entry, in whichever precision it runs.</param>
    /// <param name="most">The most steps that it may take. Fixed points for derivatives may take 10,000 if that is more.</param>
    /// <exception cref="ShapeException">The step gives x another shape, or <paramref name="until"/> is no scalar.</exception>
    /// <exception cref="LoopLimitException">At evaluation: it was not reached within the most steps. NaN never is.</exception>
    /// <example><code>
    /// // Newton's method for √a.
    /// var a = Expr.Variable("a");
    /// var root = Expr.Iterate(1, x => (x + a / x) / 2, most: 50);
    /// root.Evaluate(Point.Of((a, 9.0)));                    // 3
    /// root.Gradient().Evaluate(Point.Of((a, 4.0)));         // { a ↦ 0.25 }
    /// </code></example>
    public static Expr Iterate(Expr initial, Func<Expr, Expr> step, Func<Expr, Expr, Expr>? until = null, int most = 1000)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(step);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return FixedPoint.Of(initial, step, until ?? FixedPoint.ToRounding, most);
    }
}
