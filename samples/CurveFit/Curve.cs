using System.Collections.Immutable;
using FunctionalGrad.Solvers;

namespace FunctionalGrad.Samples.CurveFit;

/// <summary>A model with parameters, fitted to observations.</summary>
internal sealed class Curve
{
    private readonly string _formula;
    private readonly string _x;

    private Curve(string formula, string x, ImmutableArray<Variable> parameters, LeastSquaresFit<Point<double>> fit) =>
        (_formula, _x, Parameters, Fit) = (formula, x, parameters, fit);

    /// <summary>The parameters, in the order of their starts.</summary>
    public ImmutableArray<Variable> Parameters { get; }

    public LeastSquaresFit<Point<double>> Fit { get; }

    /// <exception cref="UserErrorException">The formula, the starts or the observations do not allow a fit.</exception>
    public static Curve Fitted(string formula, string x, IReadOnlyList<(string Name, double Value)> starts, Observations observed)
    {
        ImmutableArray<Variable> parameters = [.. starts.Select(start => Expr.Variable(start.Name))];
        if (observed.Count <= parameters.Length)
        {
            throw new UserErrorException(
                $"{observed.Count} observation{(observed.Count == 1 ? "" : "s")} for {parameters.Length} parameters; standard errors need at least {parameters.Length + 1}");
        }

        var model = Read(formula, x, observed.X, parameters);
        foreach (var parameter in parameters)
        {
            if (!TopologicalOrder.Of(model).Contains(parameter))
            {
                throw new UserErrorException($"--start {parameter.Name}: the formula “{formula}” has no {parameter.Name}");
            }
        }

        try
        {
            var start = Point.Of([.. starts.Select((start, i) => (parameters[i], Tensor.Scalar(start.Value)))]);
            return new(formula, x, parameters, LeastSquares.Fit(observed.Y - model.BroadcastTo(observed.Y.Shape), start));
        }
        catch (Exception problem) when (problem is NoConvergenceException or ArgumentException)
        {
            throw new UserErrorException(problem.Message);
        }
    }

    /// <summary>The fitted values.</summary>
    public Tensor<double> At(Tensor<double> x) =>
        Read(_formula, _x, x, Parameters).BroadcastTo(x.Shape).Evaluate(Fit.At);

    private static Expr Read(string formula, string x, Tensor<double> at, ImmutableArray<Variable> parameters) =>
        Formula.Read(formula, name => name == x ? Expr.Constant(at) : parameters.FirstOrDefault(parameter => parameter.Name == name));
}
