using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Gradients checked against finite differences.</content>
public static partial class Differentiate
{
    /// <summary>
    /// Checks the gradient of a function at a point against central differences of its values, over steps from 1e-2 to 1e-8
    /// (times max(1, |x|) of the entry), of two and of four points, of which the nearest counts.
    /// </summary>
    /// <remarks>
    /// It passes where a difference comes within 1e-7·max(1, |d|) of every derivative d. Where the slopes from the two sides
    /// stay apart and d lies between them, or grow without bound, the point is a kink or a jump, and the report says so
    /// instead of failing. Of more than 256 entries
    /// not each is moved, but all of them along random directions, seeded. All in double precision, by the interpreter.
    /// </remarks>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">Where.</param>
    /// <param name="options">Tolerance, and what to do with large arguments.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <example><code>
    /// var report = Differentiate.CheckGradient(x => Expr.Sin(x).Sum(), Tensor.Of(0.5, 2.0));
    /// report.Passed;                // True
    /// report.Summary;               // gradient passed by 2 entries: 2 agree
    /// var wrong = Primitive.Elementwise("cube", x => x * x * x, (x, y) => 2 * x * x);
    /// Differentiate.CheckGradient(x => wrong.Apply(x), 2.0).Worst!.Analytic;             // 8
    /// Differentiate.CheckGradient(x => Expr.Abs(x), 0.0).Worst!.Verdict;                 // Kink
    /// </code></example>
    public static GradientReport CheckGradient(Func<Expr, Expr> function, Tensor<double> at, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(at);
        return CheckGradient(OfOne(function), [at], options);
    }

    /// <summary>Checks the gradients of a function of two arguments. See the form for one argument.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="atX">The first argument.</param>
    /// <param name="atY">The second argument.</param>
    /// <param name="options">Tolerance, and what to do with large arguments.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static GradientReport CheckGradient(
        Func<Expr, Expr, Expr> function, Tensor<double> atX, Tensor<double> atY, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(atX);
        ArgumentNullException.ThrowIfNull(atY);
        return CheckGradient(OfTwo(function), [atX, atY], options);
    }

    /// <summary>Checks the gradients of a function of several arguments. See the form for one argument.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="at">A tensor for each argument.</param>
    /// <param name="options">Tolerance, and what to do with large arguments.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    public static GradientReport CheckGradient(
        Func<ImmutableArray<Expr>, Expr> function, ImmutableArray<Tensor<double>> at, GradientCheckOptions? options = null)
    {
        var traced = Traced.Of(function, at.Select(value => value.Shape));
        return CheckGradient(traced.Value, traced.Point(at), traced.Arguments, options);
    }

    /// <summary>Checks the gradient of an expression by all of its variables. See the form for a function.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="at">The values of its variables.</param>
    /// <param name="options">Tolerance, and what to do with large variables.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="UnboundVariableException">The point lacks a variable of the expression.</exception>
    public static GradientReport CheckGradient(this Expr expression, Point<double> at, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(at);
        return CheckGradient(expression, at, TopologicalOrder.Of(expression).Variables, options);
    }

    /// <summary>
    /// Checks a gradient that came from elsewhere, written by hand or by another tool, against differences of a function that
    /// is plain code.
    /// </summary>
    /// <param name="value">A pure function with a number as its value.</param>
    /// <param name="gradient">What should be its gradient, of the argument's shape.</param>
    /// <param name="at">Where.</param>
    /// <param name="options">Tolerance, and what to do with large arguments.</param>
    /// <exception cref="ShapeException">The gradient has another shape than the point.</exception>
    /// <example><code>
    /// Differentiate.CheckGradient(x => Math.Exp(x[0]) * x[1], x => Tensor.Of(Math.Exp(x[0]) * x[1], Math.Exp(x[0])), Tensor.Of(0.5, 2.0)).Passed;      // True
    /// </code></example>
    public static GradientReport CheckGradient(
        Func<Tensor<double>, double> value,
        Func<Tensor<double>, Tensor<double>> gradient,
        Tensor<double> at,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(at);
        var analytic = gradient(at);
        return analytic.Shape == at.Shape
            ? FiniteDifferences.Compare(moved => value(moved[0]), [analytic], [at], ["x"], options ?? new())
            : throw new ShapeException(
                $"checking a gradient: the point has shape {at.Shape} and the gradient given {analytic.Shape}; a gradient has the shape of its argument");
    }

    private static GradientReport CheckGradient(
        Expr expression, Point<double> at, ImmutableArray<Variable> variables, GradientCheckOptions? options)
    {
        var gradient = expression.Gradient(variables.AsSpan()).Evaluate(at);
        var order = TopologicalOrder.Of(expression);
        return FiniteDifferences.Compare(
            moved => Interpreter<double>.Evaluate(order, [expression], Moved(moved))[0].ToScalar(),
            [.. gradient.Values],
            [.. variables.Select(variable => at[variable])],
            [.. variables.Select(variable => variable.Name)],
            options ?? new());

        Point<double> Moved(ImmutableArray<Tensor<double>> values)
        {
            var entries = new (Variable, Tensor<double>)[values.Length];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = (variables[i], values[i]);
            }

            return at.With(Point<double>.Of(entries));
        }
    }
}
