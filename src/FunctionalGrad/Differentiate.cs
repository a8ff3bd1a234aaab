using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// The front door for functions. A function here is a plain C# function of expressions; its derivative is one too, so
/// derivatives compose and nest to any order. Overloads with a point return numbers. Nothing is recorded, zeroed or
/// disposed of: every call is pure and may be made from any thread.
/// </summary>
/// <example><code>
/// var f = (Expr x) => Expr.Sin(x) * x;
/// var derivative = Differentiate.Derivative(f);
/// var second = Differentiate.Derivative(derivative);
/// second(0.0).Evaluate();                       // 2
/// Differentiate.Derivative(f, 0.0);             // 0
/// </code></example>
public static partial class Differentiate
{
    /// <summary>The derivative dy/dx of a function of one number.</summary>
    /// <param name="function">A function of a scalar; the value may have any shape, which is that of the derivative too.</param>
    /// <returns>The derivative, a function of a scalar again.</returns>
    /// <example><code>
    /// var d = Differentiate.Derivative(x => x * x * x);
    /// d(2.0).Evaluate();                            // 12
    /// // An inner derivative does not confuse its variable with an outer one's.
    /// Differentiate.Derivative(x => x * Differentiate.Derivative(y => x * y)(2.0), 1.0);      // 2
    /// </code></example>
    public static Func<Expr, Expr> Derivative(Func<Expr, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return x =>
        {
            ArgumentNullException.ThrowIfNull(x);
            return x.Shape.IsScalar
                ? Pushforward(function)(x, 1).Tangent
                : throw new ShapeException(
                    $"derivative: the argument has shape {x.Shape}, and a derivative is by one number; use Gradient, Jacobian or Pushforward");
        };
    }

    /// <summary>The derivative dy/dx of a function of one number, at a number.</summary>
    /// <param name="function">A function from a scalar to a scalar.</param>
    /// <param name="at">Where.</param>
    /// <exception cref="ShapeException">The value of the function is not a scalar.</exception>
    public static double Derivative(Func<Expr, Expr> function, double at)
    {
        var derivative = Derivative(function)(at);
        return derivative.Shape.IsScalar
            ? derivative.Evaluate().ToScalar()
            : throw new ShapeException(
                $"derivative: the function's value has shape {derivative.Shape}, not a single number; call Derivative(f)(at).Evaluate() for the tensor of derivatives");
    }

    private static Func<ImmutableArray<Expr>, Expr> OfOne(Func<Expr, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments => function(arguments[0]);
    }

    private static Func<ImmutableArray<Expr>, Expr> OfTwo(Func<Expr, Expr, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments => function(arguments[0], arguments[1]);
    }

    private static Func<ImmutableArray<Expr>, Expr> OfThree(Func<Expr, Expr, Expr, Expr> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return arguments => function(arguments[0], arguments[1], arguments[2]);
    }

    private static Traced Trace(Func<ImmutableArray<Expr>, Expr> function, ImmutableArray<Expr> arguments) =>
        Traced.Of(function, arguments.Select(argument => argument.Shape));
}
