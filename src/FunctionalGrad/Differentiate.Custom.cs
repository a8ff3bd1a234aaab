using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Derivatives of a user's own for functions that exist: to stabilise one, or to clip one.</content>
public static partial class Differentiate
{
    /// <summary>A function with a derivative of one's own, entry by entry: the value is f's, the derivative is the one given.</summary>
    /// <param name="function">A function that works entry by entry: each entry of the value depends on that of the argument alone.</param>
    /// <param name="derivative">dy/dx from the argument x and the value y, an expression, which is itself differentiated for
    /// derivatives of higher order.</param>
    /// <returns>The function, which evaluates, compiles and nests like any other; to derivatives it is one operation.</returns>
    /// <exception cref="ArgumentException">When called: the function depends on variables besides its argument.</exception>
    /// <exception cref="ShapeException">When called: the function's value has another shape than its argument.</exception>
    /// <example><code>
    /// // log(1 + eˣ): its own derivative eˣ/(1 + eˣ) is ∞/∞ for a large x, and 1/(1 + e⁻ˣ) is not.
    /// var plain = (Expr x) => Expr.Log(1 + Expr.Exp(x));
    /// var stable = Differentiate.WithDerivative(plain, derivative: (x, y) => 1 / (1 + Expr.Exp(-x)));
    /// Differentiate.Derivative(plain, 1000.0);       // NaN
    /// Differentiate.Derivative(stable, 1000.0);      // 1
    /// </code></example>
    public static Func<Expr, Expr> WithDerivative(Func<Expr, Expr> function, Func<Expr, Expr, Expr> derivative)
    {
        ArgumentNullException.ThrowIfNull(derivative);
        var primitive = DerivativeOverride.Elementwise(derivative);
        var apply = Overridden(OfOne(function), primitive);
        return x => apply([x]) is var value && value.Shape == x.Shape ? value
            : throw new ShapeException(
                $"with derivative: the argument has shape {x.Shape} and the value {value.Shape}, so it is no function entry by entry; give a pullback or a pushforward instead of a derivative");
    }

    /// <summary>
    /// A function with a derivative of one's own: the value is f's, derivatives follow the rules given. One of the two is
    /// enough where it is linear in what it carries, as a derivative is: the other is its transpose.
    /// </summary>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="pullback">From the argument x, the value y and a cotangent w of it to the cotangent of the argument, Jᵀ·w.</param>
    /// <param name="pushforward">From the argument x, the value y and a tangent v of the argument to the tangent J·v of the value.</param>
    /// <exception cref="ArgumentException">Neither rule is given; or, when called, the function depends on variables besides
    /// its argument.</exception>
    /// <exception cref="NotSupportedException">When differentiated in the mode that is not given: the rule that is given is
    /// not linear in what it carries, as one that clips, so that nothing follows from it.</exception>
    /// <example><code>
    /// // The identity, with a gradient kept between −1 and 1.
    /// var clip = Differentiate.WithDerivative(x => x, pullback: (x, y, w) => Expr.Clamp(w, -1, 1), pushforward: (x, y, v) => v);
    /// Differentiate.Gradient(x => (clip(x) * Tensor.Of(0.5, 10.0)).Sum(), [1.0, 1.0]);      // [0.5, 1]
    /// // A pushforward alone: reverse mode transposes it.
    /// var twice = Differentiate.WithDerivative(x => x.Square(), pushforward: (x, y, v) => 2 * x * v);
    /// Differentiate.Gradient(x => twice(x).Sum(), [1.0, 3.0]);                              // [2, 6]
    /// </code></example>
    public static Func<Expr, Expr> WithDerivative(
        Func<Expr, Expr> function, Func<Expr, Expr, Expr, Expr>? pullback = null, Func<Expr, Expr, Expr, Expr>? pushforward = null)
    {
        var apply = WithDerivative(
            OfOne(function),
            pullback is null ? null : (arguments, value, cotangent) => [pullback(arguments[0], value, cotangent)],
            pushforward is null ? null : (arguments, value, tangents) => pushforward(arguments[0], value, tangents[0]));
        return x => apply([x]);
    }

    /// <summary>A function of several arguments with a derivative of one's own.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="pullback">From the arguments, the value and a cotangent of it to a cotangent of each argument.</param>
    /// <param name="pushforward">From the arguments, the value and a tangent of each argument to the tangent of the value.</param>
    /// <exception cref="ArgumentException">Neither rule is given; or, when called, the function depends on variables besides
    /// its arguments, or a pullback gives too few cotangents.</exception>
    /// <exception cref="NotSupportedException">When differentiated in the mode that is not given: the rule that is given is not
    /// linear in what it carries.</exception>
    public static Func<ImmutableArray<Expr>, Expr> WithDerivative(
        Func<ImmutableArray<Expr>, Expr> function,
        Func<ImmutableArray<Expr>, Expr, Expr, ImmutableArray<Expr>>? pullback = null,
        Func<ImmutableArray<Expr>, Expr, ImmutableArray<Expr>, Expr>? pushforward = null)
    {
        if (pullback is null && pushforward is null)
        {
            throw new ArgumentException("with derivative: give a pullback, a pushforward, or both; without any, the function has its own derivative already");
        }

        return Overridden(function, DerivativeOverride.Of(new(
            pullback is null ? null : new ArgumentsPullback(pullback), pushforward is null ? null : new ArgumentsPushforward(pushforward))));
    }

    /// <summary>The same expression with the derivatives that its functions have by themselves, instead of those given by
    /// <see cref="WithDerivative(Func{Expr, Expr}, Func{Expr, Expr, Expr})"/>: what to compare those with.</summary>
    /// <param name="expression">The expression.</param>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var halved = Differentiate.WithDerivative(t => t * t, derivative: (t, y) => t)(x);
    /// halved.Gradient()[x];                                                  // x
    /// Differentiate.WithoutOwnDerivatives(halved).Gradient()[x].Simplify();      // x + x
    /// </code></example>
    public static Expr WithoutOwnDerivatives(Expr expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return DerivativeOverride.Dropped(TopologicalOrder.Of(expression), [expression])[0];
    }

    private static Func<ImmutableArray<Expr>, Expr> Overridden(Func<ImmutableArray<Expr>, Expr> function, Primitive primitive)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments =>
        {
            var traced = Trace(function, arguments);
            foreach (var variable in TopologicalOrder.Of(traced.Value).Variables)
            {
                if (!traced.Arguments.Contains(variable))
                {
                    throw new ArgumentException(
                        $"with derivative: the function uses {variable.Name} {variable.Shape} besides its arguments, and the rule says nothing of the derivative by it, which would be lost; make it an argument");
                }
            }

            return primitive.Apply([.. arguments, .. traced.At(arguments.AsSpan(), [traced.Value])]);
        };
    }
}
