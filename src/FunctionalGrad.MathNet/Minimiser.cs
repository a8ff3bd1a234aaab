using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace FunctionalGrad.Solvers;

/// <summary>
/// A way to find a minimum: a minimiser of MathNet.Numerics that gets exact gradients, and Hessians where it uses them.
/// Immutable: one may serve many problems, on any thread.
/// </summary>
/// <example><code>
/// // Rosenbrock's valley.
/// var valley = (Expr x) => (1 - x.At(0)).Square() + 100 * (x.At(1) - x.At(0).Square()).Square();
/// var minimum = Minimiser.Newton().Minimise(valley, Tensor.Of(-1.2, 1.0));
/// Math.Round(minimum.At[0], 9);      // 1
/// Math.Round(minimum.At[1], 9);      // 1
/// </code></example>
public sealed class Minimiser
{
    private readonly string _name;
    private readonly bool _usesHessian;
    private readonly Func<Packing, Func<IObjectiveFunction, Vector<double>, MinimizationResult>> _finder;

    private Minimiser(string name, Func<IObjectiveFunction, Vector<double>, MinimizationResult> find, bool usesHessian = false)
        : this(name, _ => find, usesHessian)
    {
    }

    private Minimiser(string name, Func<Packing, Func<IObjectiveFunction, Vector<double>, MinimizationResult>> finder, bool usesHessian)
    {
        (_name, _finder, _usesHessian) = (name, finder, usesHessian);
    }

    /// <summary>BFGS: builds up the inverse Hessian from gradients.</summary>
    /// <param name="gradientTolerance">Ends where no entry of the gradient is larger, relative to the value.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    public static Minimiser Bfgs(double gradientTolerance = 1e-8, int maximumIterations = 1000) =>
        new("BFGS", (f, start) => new BfgsMinimizer(gradientTolerance, 1e-15, 1e-15, maximumIterations).FindMinimum(f, start));

    /// <summary>BFGS that remembers some of its last steps instead of a matrix: for many variables.</summary>
    /// <param name="gradientTolerance">Ends where no entry of the gradient is larger, relative to the value.</param>
    /// <param name="memory">How many steps it remembers.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    public static Minimiser LimitedMemoryBfgs(double gradientTolerance = 1e-8, int memory = 10, int maximumIterations = 1000) =>
        new("L-BFGS", (f, start) => new LimitedMemoryBfgsMinimizer(gradientTolerance, 1e-15, 1e-15, memory, maximumIterations).FindMinimum(f, start));

    /// <summary>BFGS between bounds.</summary>
    /// <param name="lower">The least value of each entry of the variables, one after the other; −∞ for none.</param>
    /// <param name="upper">The greatest value of each; ∞ for none.</param>
    /// <param name="gradientTolerance">Ends where no entry of the projected gradient is larger, relative to the value.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    public static Minimiser BoundedBfgs(
        Tensor<double> lower, Tensor<double> upper, double gradientTolerance = 1e-8, int maximumIterations = 1000)
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        return new(
            "BFGS-B",
            packing =>
            {
                RequireBounds(lower, upper, packing);
                return (f, start) => new BfgsBMinimizer(gradientTolerance, 1e-15, 1e-15, maximumIterations)
                    .FindMinimum(f, lower.ToVector(), upper.ToVector(), start);
            },
            usesHessian: false);
    }

    /// <summary>Conjugate gradients: no matrix and no memory of steps. In curved valleys it takes thousands of steps.</summary>
    /// <param name="gradientTolerance">Ends where the gradient is no longer than this.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    public static Minimiser ConjugateGradient(double gradientTolerance = 1e-8, int maximumIterations = 1000) =>
        new("conjugate gradients", (f, start) => new ConjugateGradientMinimizer(gradientTolerance, maximumIterations).FindMinimum(f, start));

    /// <summary>Newton's method, with a line search, from exact Hessians.</summary>
    /// <param name="gradientTolerance">Ends where the gradient is no longer than this.</param>
    /// <param name="maximumIterations">Gives up after so many.</param>
    public static Minimiser Newton(double gradientTolerance = 1e-8, int maximumIterations = 100) =>
        new(
            "Newton's method",
            (f, start) => new NewtonMinimizer(gradientTolerance, maximumIterations, useLineSearch: true).FindMinimum(f, start),
            usesHessian: true);

    /// <summary>Finds a minimum of a function of one tensor.</summary>
    /// <param name="function">A function with a scalar value.</param>
    /// <param name="start">Where to begin; it gives the argument its shape.</param>
    /// <exception cref="ShapeException">The value is not a scalar.</exception>
    /// <exception cref="ArgumentException">The start, or the value or the gradient there, is not finite, or bounds do not fit.</exception>
    /// <exception cref="NoConvergenceException">No minimum was found.</exception>
    public Minimum<Tensor<double>> Minimise(Func<Expr, Expr> function, Tensor<double> start)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(start);
        var x = Expr.Variable("x", start.Shape);
        var minimum = Find(function(x), new Packing([x]), start.ToVector());
        return new(minimum.At[x], minimum.Value, minimum.GradientNorm, minimum.Iterations, minimum.Reason);
    }

    /// <summary>Finds a minimum of an expression over the variables of a point.</summary>
    /// <param name="expression">A scalar.</param>
    /// <param name="start">Where to begin: a value for each of its variables.</param>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="UnboundVariableException">The start lacks a variable of the expression.</exception>
    /// <exception cref="ArgumentException">The start, or the value or the gradient there, is not finite, or bounds do not fit.</exception>
    /// <exception cref="NoConvergenceException">No minimum was found.</exception>
    public Minimum<Point<double>> Minimise(Expr expression, Point<double> start)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(start);
        var packing = new Packing([.. start.Variables]);
        return Find(expression, packing, packing.ToVector(variable => start[variable]));
    }

    /// <summary>The name of the method.</summary>
    public override string ToString() => _name;

    private Minimum<Point<double>> Find(Expr expression, Packing packing, Vector<double> start)
    {
        if (packing.NotFinite(start, "") is { } place)
        {
            throw new ArgumentException($"{_name}: in the start, {place}; begin at finite numbers", nameof(start));
        }

        var find = _finder(packing);
        var evaluations = 0;
        var last = double.NaN;
        Action<Vector<double>> count = gradient => (evaluations, last) = (evaluations + 1, gradient.L2Norm());
        var objective = _usesHessian ? Objective.WithHessian(expression, packing, count) : Objective.WithGradient(expression, packing, count);
        RequireFinite(objective, packing, start);
        try
        {
            var found = find(objective, start);
            return new(
                packing.ToPoint(found.MinimizingPoint),
                found.FunctionInfoAtMinimum.Value,
                found.FunctionInfoAtMinimum.Gradient.L2Norm(),
                found.Iterations,
                found.ReasonForExit.ToString());
        }
        catch (OptimizationException problem)
        {
            throw new NoConvergenceException(
                string.Create(CultureInfo.InvariantCulture, $"{_name}: no minimum after {evaluations} evaluations, the last with a gradient of norm {last:g6} ({problem.Message.TrimEnd('.')}); ")
                + "begin nearer, allow more iterations or a larger tolerance, scale the variables alike, or try another method",
                evaluations,
                last,
                problem);
        }
    }

    private void RequireFinite(IObjectiveFunction objective, Packing packing, Vector<double> start)
    {
        objective.EvaluateAt(start);
        var problem = !double.IsFinite(objective.Value)
            ? string.Create(CultureInfo.InvariantCulture, $"the value is {objective.Value}")
            : packing.NotFinite(objective.Gradient, "the derivative by ");
        if (problem is not null)
        {
            throw new ArgumentException($"{_name}: at the start, {problem}; begin where the function and its derivatives are finite", nameof(start));
        }
    }

    private static void RequireBounds(Tensor<double> lower, Tensor<double> upper, Packing packing)
    {
        if (lower.Size != packing.Size || upper.Size != packing.Size)
        {
            throw new ArgumentException(
                $"BFGS-B: {lower.Size} lower and {upper.Size} upper bounds for {packing.Size} entries of variables; give one of each for every entry");
        }

        for (var i = 0; i < lower.Size; i++)
        {
            if (!(lower.Values[i] <= upper.Values[i]))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"BFGS-B: the bounds of {packing.NameOf(i)}, {lower.Values[i]} and {upper.Values[i]}, leave nothing between them; exchange them"));
            }
        }
    }
}

/// <summary>A minimum that was found.</summary>
/// <typeparam name="TPoint">How places are given: a tensor, or a point with a value for each variable.</typeparam>
/// <param name="At">Where it is.</param>
/// <param name="Value">The value there.</param>
/// <param name="GradientNorm">The length of the gradient there.</param>
/// <param name="Iterations">How many iterations it took.</param>
/// <param name="Reason">Why the minimiser ended.</param>
public sealed record Minimum<TPoint>(TPoint At, double Value, double GradientNorm, int Iterations, string Reason);
