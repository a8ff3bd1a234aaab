using FunctionalGrad.Tests.Compilation;
using Xunit;

namespace FunctionalGrad.Tests.Control;

/// <summary>Compares a graph with loops with the same written out step by step: values and derivatives of every kind.</summary>
internal static class Unrolled
{
    private const double Tolerance = 2e-13;

    /// <summary>Asserts that two scalars have the same value, gradient, products with the Hessian, and pushforward, interpreted and compiled.</summary>
    public static void AssertSame(Expr loop, Expr unrolled, Point<double> at)
    {
        Variable[] variables = [.. TopologicalOrder.Of(unrolled).Variables];
        var (of, wanted) = (Quantities(loop, variables), Quantities(unrolled, variables));
        var (values, expected) = (Interpreter<double>.Evaluate(of, at), Interpreter<double>.Evaluate(wanted, at));
        for (var i = 0; i < of.Length; i++)
        {
            AssertClose(expected[i], values[i], $"quantity {i}");
        }

        Assert.Empty(Agreement.Differences(of, at, Tolerance));
        Assert.Empty(Agreement.Differences(of, at.To<float>(), 2e-4));
    }

    public static void AssertClose(Tensor<double> wanted, Tensor<double> got, string what)
    {
        Assert.Equal(wanted.Shape, got.Shape);
        for (var k = 0; k < wanted.Size; k++)
        {
            var (a, b) = (wanted.Values[k], got.Values[k]);
            Assert.True(Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(a)), $"{what}: entry {k} is {b:R} instead of {a:R}");
        }
    }

    /// <summary>The value, the gradient, the Hessian times a vector (forward over reverse and reverse over reverse), and the tangent.</summary>
    private static Expr[] Quantities(Expr scalar, Variable[] variables)
    {
        var direction = GradientMap<Expr>.Of([.. variables.Select((variable, i) => (variable, (Expr)Tensor.Generate(variable.Shape, k => Math.Sin(1.0 + i + k))))]);
        var gradient = scalar.Gradient(variables);
        var forwards = scalar.HessianVectorProduct(direction);
        var backwards = GradientMap<Expr>.Dot(gradient, direction).Gradient(variables);
        return
        [
            scalar, scalar.Pushforward(direction),
            .. variables.Select(variable => gradient[variable]),
            .. variables.Select(variable => forwards[variable]),
            .. variables.Select(variable => backwards[variable]),
        ];
    }
}
