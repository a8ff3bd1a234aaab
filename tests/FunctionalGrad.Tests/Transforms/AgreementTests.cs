using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>Forward and reverse mode read the same rules, so they agree: at first order and in every mix of higher ones.</summary>
public sealed class AgreementTests
{
    public static TheoryData<string, Func<Expr, Expr>> Functions => new()
    {
        { "a polynomial", x => (3 * Pow(x, 3)) - (x.Square() / 2) + x - 7 },
        { "a quotient", x => (x + 1) / (x.Square() + 2) },
        { "a composition", x => Exp(Sin(x) * Cos(x)) },
        { "a power", x => Pow(x.Square() + 1, 0.3) },
        { "a power of two variables", x => Pow(x.Square() + 1, Sin(x)) },
        { "sharing", x => Tanh(x) * Tanh(x) * x },
        { "a logistic loss", x => Softplus(-x) + (0.1 * x.Square()) },
        { "a choice", x => Select(x > 0, Sin(x), x.Square()) },
        { "a softmax", x => (x.Softmax(0) * Tensor.Of(1.0, 2, 3)).Sum() },
        { "a norm", x => (x + 3).Norm() },
        { "a matrix product", x => MatMul(x.Reshape([3, 1]), Sin(x).Reshape([1, 3])) },
        { "slices put together", x => Concatenate([x.Slice(1..), x.Slice(..2) * x.Slice(..2)], 0) },
        { "a gather with repeats", x => x.Gather(Tensor.Of(2.0, 0, 2)) * x },
        { "a variance", x => (x - x.Mean()).Square().Mean() },
        { "a running sum", x => Log(x.Square().CumulativeSum(0) + 1) },
        { "nothing of the argument", x => Tensor.Of(1.0, 2) },
    };

    private static Tensor<double> At { get; } = Tensor.Of(0.7, -1.2, 0.3);

    [Theory]
    [MemberData(nameof(Functions))]
    public void Both_modes_give_the_same_jacobian_and_it_is_that_of_differences(string what, Func<Expr, Expr> function)
    {
        var jacobian = BothModes.Jacobian(function, At);
        BothModes.Close(jacobian, Differentiate.Jacobian(function, At), 1e-12);
        var differences = Differences(function);
        Assert.Equal(jacobian.Shape, differences.Shape);
        for (var i = 0; i < jacobian.Size; i++)
        {
            Assert.True(Math.Abs(jacobian.Values[i] - differences.Values[i]) < 1e-7, $"{what}: {jacobian} and {differences}");
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void All_mixes_of_modes_give_the_same_second_derivative(string what, Func<Expr, Expr> function)
    {
        var second = BothModes.Second(function, At);
        Assert.True(second.Shape.Rank >= 2, what);
    }

    [Theory]
    [InlineData("x⁴")]
    [InlineData("sin(x)·x")]
    [InlineData("exp(2x)")]
    [InlineData("1/x")]
    public void All_eight_mixes_of_modes_give_the_same_third_derivative(string name)
    {
        (Func<Expr, Expr> function, double third) = name switch
        {
            "x⁴" => (new Func<Expr, Expr>(x => Pow(x, 4)), 24 * 0.5),
            "sin(x)·x" => (x => Sin(x) * x, (-3 * Math.Sin(0.5)) - (0.5 * Math.Cos(0.5))),
            "exp(2x)" => (x => Exp(2 * x), 8 * Math.E),
            _ => (x => 1 / x, -6 / Math.Pow(0.5, 4)),
        };
        Func<Func<Expr, Expr>, Func<Expr, Expr>>[] modes = [Differentiate.Derivative, Differentiate.Gradient];
        foreach (var first in modes)
        {
            foreach (var second in modes)
            {
                foreach (var last in modes)
                {
                    Assert.Equal(third, last(second(first(function)))(0.5).Evaluate().ToScalar(), 1e-9);
                }
            }
        }
    }

    private static Tensor<double> Differences(Func<Expr, Expr> function)
    {
        const double step = 1e-5;
        var columns = new List<Tensor<double>>();
        for (var j = 0; j < At.Size; j++)
        {
            var ahead = function(Tensor.Generate(At.Shape, i => At.Values[i] + (i == j ? step : 0))).Evaluate();
            var behind = function(Tensor.Generate(At.Shape, i => At.Values[i] - (i == j ? step : 0))).Evaluate();
            columns.Add((0.5 / step) * (ahead - behind));
        }

        var shape = Shape.Of([.. columns[0].Shape.Extents, At.Size]);
        return Tensor.Generate(shape, i => columns[i % At.Size].Values[i / At.Size]);
    }
}
