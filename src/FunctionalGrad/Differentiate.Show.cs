using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Functions and their derivatives as text.</content>
public static partial class Differentiate
{
    /// <summary>
    /// A function and its derivative as one readable program: what is given, a <c>let</c> for every part that is used more
    /// than once, then the function and its gradient (or, where the value is not a scalar, its pushforward along dx).
    /// </summary>
    /// <param name="function">A function of any shape to any shape.</param>
    /// <param name="argument">The shape of its argument; a scalar when omitted.</param>
    /// <param name="options">Whether to simplify, and to show shapes.</param>
    /// <returns>Lines that end in <c>\n</c>, the last one excepted. Takes time in proportion to the two graphs.</returns>
    /// <example><code>
    /// var lines = Differentiate.Show(x => Expr.Exp(x) * x).Split('\n');
    /// lines[0];      // given x
    /// lines[1];      // let t1 = exp(x)
    /// lines[2];      // f = t1 · x
    /// lines[3];      // ∂f/∂x = x · t1 + t1
    /// Differentiate.Show(x => x.Square().Sum(), [3]).Split('\n')[0];      // given x [3]
    /// </code></example>
    public static string Show(Func<Expr, Expr> function, Shape? argument = null, ShowOptions? options = null) =>
        Show(OfOne(function), [argument ?? Shape.Scalar], options);

    /// <summary>A function of two arguments and its derivatives as one readable program.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="first">The shape of its first argument; a scalar when omitted.</param>
    /// <param name="second">The shape of its second argument; a scalar when omitted.</param>
    /// <param name="options">Whether to simplify, and to show shapes.</param>
    public static string Show(
        Func<Expr, Expr, Expr> function, Shape? first = null, Shape? second = null, ShowOptions? options = null) =>
        Show(OfTwo(function), [first ?? Shape.Scalar, second ?? Shape.Scalar], options);

    /// <summary>A function of several arguments and its derivatives as one readable program.</summary>
    /// <param name="function">A function of any shapes to any shape.</param>
    /// <param name="arguments">The shapes of its arguments.</param>
    /// <param name="options">Whether to simplify, and to show shapes.</param>
    public static string Show(
        Func<ImmutableArray<Expr>, Expr> function, ImmutableArray<Shape> arguments, ShowOptions? options = null)
    {
        var traced = Traced.Of(function, arguments);
        return Show(traced.Value, traced.Arguments, options);
    }

    /// <summary>An expression and its derivatives by all of its variables as one readable program.</summary>
    /// <param name="expression">An expression of any shape.</param>
    /// <param name="options">Whether to simplify, and to show shapes.</param>
    /// <example><code>
    /// var w = Expr.Variable("w");
    /// (w * w * 1).Show().Split('\n')[1];                            // f = w · w
    /// (w * w * 1).Show(new(Simplify: false)).Split('\n')[1];        // f = w · w · 1
    /// </code></example>
    public static string Show(this Expr expression, ShowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Show(expression, TopologicalOrder.Of(expression).Variables, options);
    }

    private static string Show(Expr expression, ImmutableArray<Variable> variables, ShowOptions? options)
    {
        if (expression.Shape.IsScalar)
        {
            var gradient = expression.Gradient(variables.AsSpan());
            return DerivativeText.Of(
                variables.AsSpan(),
                [expression, .. variables.IsEmpty ? [] : gradient.Values],
                (i, names) => i == 0 ? "f" : $"∂f/∂{names[variables[i - 1]]}",
                options ?? new());
        }

        ImmutableArray<Variable> tangents = [.. variables.Select(variable => Expr.Variable($"d{variable.Name}", variable.Shape))];
        var directions = GradientMap<Expr>.Of([.. variables.Zip(tangents, (variable, tangent) => (variable, (Expr)tangent))]);
        return DerivativeText.Of(
            [.. variables, .. tangents],
            [expression, expression.Pushforward(directions)],
            (i, _) => i == 0 ? "f" : "df",
            options ?? new());
    }
}
