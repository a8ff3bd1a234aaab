using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>Every row of the table of kinks and singular points, in both modes and both precisions.</summary>
public sealed class KinkTests
{
    public static TheoryData<int, int, string> Rows
    {
        get
        {
            var data = new TheoryData<int, int, string>();
            for (var i = 0; i < Primitive.All.Length; i++)
            {
                for (var row = 0; row < Primitive.All[i].Kinks.Length; row++)
                {
                    data.Add(i, row, $"{Primitive.All[i]} at {string.Join(", ", Primitive.All[i].Kinks[row].At)}");
                }
            }

            return data;
        }
    }

    // The table of the documentation, as functions of one number.
    private static readonly Dictionary<string, (Func<Expr, Expr> Function, double At, double Derivative)> Table = new()
    {
        ["abs at 0"] = (Abs, 0, 0),
        ["relu at 0"] = (Relu, 0, 0),
        ["sign at 0"] = (Sign, 0, 0),
        ["floor at 1"] = (Floor, 1, 0),
        ["ceiling at 1"] = (Ceiling, 1, 0),
        ["a comparison at its bound"] = (x => x > 1, 1, 0),
        ["max(x, x)"] = (x => Maximum(x, x), 3, 1),
        ["min(x, x)"] = (x => Minimum(x, x), 3, 1),
        ["max(x, 0) at 0"] = (x => Maximum(x, 0), 0, 0.5),
        ["min(x, 0) at 0"] = (x => Minimum(x, 0), 0, 0.5),
        ["max(x, 0) + min(x, 0) at 0"] = (x => Maximum(x, 0) + Minimum(x, 0), 0, 1),
        ["max over an axis with ties"] = (x => Stack([x, x, 2 * x, 0 * x], 0).Max(), 0, 1),
        ["min over an axis with ties"] = (x => Stack([x, -x], 0).Min(), 0, 0),
        ["sqrt at 0"] = (Sqrt, 0, double.PositiveInfinity),
        ["log at 0"] = (Log, 0, double.PositiveInfinity),
        ["the norm of a number at 0"] = (x => x.Norm(), 0, 0),
        ["the norm of a vector at 0"] = (x => Stack([x, 2 * x], 0).Norm(), 0, 0),
        ["x⁰ at 0"] = (x => Pow(x, 0), 0, 0),
        ["x¹ at 0"] = (x => Pow(x, 1), 0, 1),
        ["x² at 0"] = (x => Pow(x, 2), 0, 0),
        ["x³ at −2"] = (x => Pow(x, 3), -2, 12),
        ["x⁻¹ at −2"] = (x => Pow(x, -1), -2, -0.25),
        ["x^3.0 at −2"] = (x => Pow(x, 3.0), -2, 12),
        ["x^y by x at (0, 0)"] = (x => Pow(x, Zeros([])), 0, 0),
        ["x^y by y at (0, 0)"] = (y => Pow(Zeros([]), y), 0, 0),
        ["x^y by y at x = 0, y = 2"] = (y => Pow(Zeros([]), y), 2, 0),
        ["clamp at its lower bound"] = (x => Clamp(x, -1, 1), -1, 1),
        ["clamp at its upper bound"] = (x => Clamp(x, -1, 1), 1, 1),
        ["clamp outside"] = (x => Clamp(x, -1, 1), 2, 0),
        ["softplus at +∞"] = (Softplus, double.PositiveInfinity, 1),
        ["softplus at −∞"] = (Softplus, double.NegativeInfinity, 0),
        ["logsumexp with an entry −∞"] = (x => Stack([x, double.NegativeInfinity], 0).LogSumExp(), 2, 1),
        ["logsumexp of −∞ by its entry"] = (x => Stack([x, 1.0], 0).LogSumExp(), double.NegativeInfinity, 0),
        ["the branch not taken"] = (x => Select(x > 0, Log(x), 0), 0, 0),
    };

    public static TheoryData<string> TableRows => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_declared_row_is_what_both_modes_return(int index, int row, string what)
    {
        var primitive = Primitive.All[index];
        var kink = primitive.Kinks[row];
        var variables = kink.At.Select((_, i) => Variable($"x{i}")).ToArray();
        var value = primitive.Apply([.. variables]);
        var point = Point.Of([.. variables.Select((variable, i) => (variable, (Tensor<double>)kink.At[i]))]);
        var reverse = value.Gradient(variables);
        for (var i = 0; i < variables.Length; i++)
        {
            var forward = value.Pushforward(GradientMap<Expr>.Of((variables[i], 1)));
            Same(kink.Partials[i], reverse[variables[i]].Evaluate(point).ToScalar(), 1e-12, $"{what}, operand {i}, reverse");
            Same(kink.Partials[i], forward.Evaluate(point).ToScalar(), 1e-12, $"{what}, operand {i}, forward");
            Same(kink.Partials[i], reverse[variables[i]].Evaluate(point.To<float>()).ToScalar(), 1e-6, $"{what}, operand {i}, reverse, single");
            Same(kink.Partials[i], forward.Evaluate(point.To<float>()).ToScalar(), 1e-6, $"{what}, operand {i}, forward, single");
        }
    }

    [Theory]
    [MemberData(nameof(TableRows))]
    public void A_row_of_the_table_holds(string what)
    {
        var (function, at, derivative) = Table[what];
        var variable = Variable("x");
        var value = function(variable);
        Expr[] both = [value.Gradient(variable)[variable], value.Pushforward(GradientMap<Expr>.Of((variable, 1)))];
        foreach (var expression in both)
        {
            Same(derivative, expression.Evaluate(Point.Of((variable, at))).ToScalar(), 0, what);
            Same(derivative, expression.Evaluate(Point<float>.Of((variable, (float)at))).ToScalar(), 0, what);
        }
    }

    private static void Same(double expected, double actual, double tolerance, string what) =>
        Assert.True(expected.Equals(actual) || expected == actual || Math.Abs(expected - actual) <= tolerance, $"{what}: {actual}, not {expected}");
}
