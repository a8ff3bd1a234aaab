using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>
/// How far functions over vector registers are from the truth, over their whole domain. The law allows 4 units of the last
/// place; each function is held to what it promises, which is less.
/// </summary>
public sealed class LaneAccuracyTests
{
    private const int Count = 3000;

    private static readonly (double Low, double High)[] Everywhere = [(-4, 4), (-40, 40), (-745, 709.7)];

    [Fact]
    public void The_reference_knows_known_values()
    {
        Assert.Equal(0, Wide.Exp(1).UlpsTo(Math.E), 0.5);
        Assert.Equal(0, Wide.Log(10).UlpsTo(2.302585092994046), 0.5);
        Assert.Equal(0, Wide.Sin(1e9).UlpsTo(0.5458434494486996), 0.5);
        Assert.Equal(0, Wide.Cos(3).UlpsTo(-0.98999249660044542), 0.5);
        Assert.Equal(0, Wide.Erf(1).UlpsTo(0.84270079294971489), 0.5);
        Assert.Equal(0, Wide.Erf(5).UlpsTo(0.99999999999846256), 0.5);
        Assert.Equal(0, Wide.Tanh(0.5).UlpsTo(0.46211715726000973), 0.5);
        Assert.Equal(0, Wide.Logistic(-1).UlpsTo(0.2689414213699951), 0.5);
        Assert.Equal(0, Wide.Pow(3, 0.5).UlpsTo(1.7320508075688772), 0.5);
        Assert.InRange(Wide.Exp(1).UlpsTo(2.71828182845905), 9, 11);
    }

    [Fact]
    public void The_exponential_is_within_1_ulp() => RequireWithin(1, Expr.Exp, x => Wide.Exp(x), Sample(Everywhere));

    [Fact]
    public void The_logarithm_is_within_1_ulp() =>
        RequireWithin(1, Expr.Log, Wide.Log, [.. Sample([(0.5, 2), (0.999, 1.001), (0, 1e9)]), .. Powers(-1074, 1023)]);

    [Fact]
    public void The_hyperbolic_tangent_is_within_2_and_a_half_ulp() =>
        RequireWithin(2.5, Expr.Tanh, Wide.Tanh, [.. Sample([(-1, 1), (-23, 23)]), .. Powers(-60, 6)], 1);

    [Fact]
    public void The_logistic_function_is_within_2_and_a_half_ulp() => RequireWithin(2.5, Expr.Logistic, Wide.Logistic, Sample(Everywhere), 1);

    [Fact]
    public void The_error_function_is_within_2_and_a_half_ulp() =>
        RequireWithin(2.5, Expr.Erf, Wide.Erf, [.. Sample([(-1.1, 1.1), (-6, 6)]), .. Powers(-300, 2)], 1);

    [Fact]
    public void The_sine_is_within_2_and_a_half_ulp() =>
        RequireWithin(2.5, Expr.Sin, Wide.Sin, [.. Sample([(-4, 4), (-1e4, 1e4), (-2e9, 2e9)]), .. MultiplesOfHalfPi(), .. Powers(-300, 40), 3531293.0851006657], 1);

    [Fact]
    public void The_cosine_is_within_2_and_a_half_ulp() =>
        RequireWithin(2.5, Expr.Cos, Wide.Cos, [.. Sample([(-4, 4), (-1e4, 1e4), (-2e9, 2e9)]), .. MultiplesOfHalfPi(), .. Powers(-300, 40)], 1);

    [Fact]
    public void The_power_is_within_1_and_a_half_ulp()
    {
        var bases = (double[])[.. Sample([(0, 3), (0, 1e5), (0.9, 1.1)]), .. Powers(-1074, 1023)];
        var random = new Random(5);

        // Exponents such that the value lies anywhere between the least number and the greatest.
        var exponents = Array.ConvertAll(bases, x => ((random.NextDouble() * 1453) - 744) / Math.Log(x));
        var (x, y) = (Expr.Variable("x", [bases.Length]), Expr.Variable("y", [bases.Length]));
        var got = Expr.Pow(x, y).Compile<double>().Invoke(Point.Of((x, Tensor.Of(bases)), (y, Tensor.Of(exponents))))[0].Values;
        for (var i = 0; i < bases.Length; i++)
        {
            var error = Wide.Pow(bases[i], exponents[i]).UlpsTo(got[i]);
            Assert.True(error <= 1.5, $"{bases[i]:R} to the power of {exponents[i]:R} is {error} ulp off");
        }
    }

    private static void RequireWithin(double bound, Func<Expr, Expr> function, Func<double, Wide> truth, double[] points, double greatest = double.PositiveInfinity)
    {
        var x = Expr.Variable("x", [points.Length]);
        var got = function(x).Compile<double>().Invoke(Point.Of((x, Tensor.Of(points))))[0].Values;
        for (var i = 0; i < points.Length; i++)
        {
            var error = truth(points[i]).UlpsTo(got[i]);
            Assert.InRange(got[i], -greatest, greatest);
            Assert.True(error <= bound, $"at {points[i]:R} the value {got[i]:R} is {error} ulp off");
        }
    }

    private static double[] Sample((double Low, double High)[] intervals)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Count).Select(i => intervals[i % intervals.Length]).Select(at => at.Low + (random.NextDouble() * (at.High - at.Low)))];
    }

    private static double[] Powers(int low, int high)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, 500).Select(_ => Math.ScaleB(1 + random.NextDouble(), random.Next(low, high)))];
    }

    // Where a sine or a cosine nearly vanishes.
    private static double[] MultiplesOfHalfPi() => [.. Enumerable.Range(1, 500).Select(k => k * (double)k * k * (Math.PI / 2))];
}
