using Xunit;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>Derivatives of functions by forward and by reverse mode, for tests that want both.</summary>
internal static class BothModes
{
    /// <summary>The Jacobian of a function at a point, which both modes must agree on bit for bit or to a tolerance.</summary>
    public static Tensor<double> Jacobian(Func<Expr, Expr> function, Tensor<double> at, double tolerance = 1e-12)
    {
        var forward = Differentiate.Jacobian(function, at, DifferentiationMode.Forward);
        var reverse = Differentiate.Jacobian(function, at, DifferentiationMode.Reverse);
        Close(forward, reverse, tolerance);
        return reverse;
    }

    /// <summary>The gradient of a function at a point, the same by both modes.</summary>
    public static Tensor<double> Gradient(Func<Expr, Expr> function, Tensor<double> at) => Jacobian(function, at);

    /// <summary>The second derivative by every mix of modes, which must agree.</summary>
    public static Tensor<double> Second(Func<Expr, Expr> function, Tensor<double> at, double tolerance = 1e-12)
    {
        DifferentiationMode[] modes = [DifferentiationMode.Forward, DifferentiationMode.Reverse];
        var all = modes.SelectMany(_ => modes, (inner, outer) =>
            Differentiate.Jacobian(Differentiate.Jacobian(function, inner), at, outer)).ToList();
        Assert.All(all, second => Close(all[0], second, tolerance));
        return all[0];
    }

    /// <summary>Asserts that two tensors agree up to a tolerance relative to their entries, and in what is infinite or NaN.</summary>
    public static void Close(Tensor<double> expected, Tensor<double> actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Size; i++)
        {
            var (a, b) = (expected.Values[i], actual.Values[i]);
            Assert.True(
                a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b))),
                $"entry {i} of {expected} and {actual} differs: {a:R} and {b:R}");
        }
    }
}
