using Five = System.Func<double, double, double, double, double, double>;
using FiveWithGradient = System.Func<double, double, double, double, double, (double Value, (double, double, double, double, double) Gradient)>;
using Many = System.Func<double[], double>;
using ManyWithGradient = System.Func<double[], (double Value, double[] Gradient)>;
using Two = System.Func<double, double, double>;
using TwoWithGradient = System.Func<double, double, (double Value, (double ByX, double ByY) Gradient)>;

namespace FunctionalGrad.Benchmarks;

/// <summary>Functions of a few numbers, with their gradients as one writes them by hand for such numbers.</summary>
internal static class PlainFunctions
{
    public static IComparison Sine()
    {
        var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
        return new PlainFunction<Two, TwoWithGradient>(
            [x, y], Expr.Sin(x * y) + (x * x), SineByHand, (f, i) => f(0.1 + (i * 1e-3), 1.5), (f, i) => Total(f(0.1 + (i * 1e-3), 1.5)));

        static double Total((double Value, (double ByX, double ByY) Gradient) result) => result.Value + result.Gradient.ByX + result.Gradient.ByY;
    }

    public static IComparison Rosenbrock() => OfFive(
        ["a", "b", "c", "d", "e"], Benchmarks.Rosenbrock.Chain, RosenbrockByHand, (0.1, 0.2, 0.3, 0.4, 0.5));

    public static IComparison Option() => OfFive(OptionPrice.Names, OptionPrice.Price, OptionByHand, (101.5, 98, 0.03, 0.22, 0.75));

    /// <summary>The Rosenbrock chain of the entries of an array, with the gradient as a new one.</summary>
    public static IComparison Rosenbrock(int n) => OfArray(n, Benchmarks.Rosenbrock.Chain, Benchmarks.Rosenbrock.Gradient);

    /// <summary>The distance of an arm from its target, of an array of angles, with the gradient as a new one.</summary>
    public static IComparison Arm(int joints) => OfArray(joints, KinematicArm.Distance, KinematicArm.Gradient);

    private delegate Expr Formula(ReadOnlySpan<Expr> variables);

    private static PlainFunction<Five, FiveWithGradient> OfFive(
        string[] names, Formula formula, FiveWithGradient byHand, (double, double, double, double, double) at)
    {
        Variable[] variables = [.. names.Select(name => Expr.Variable(name))];
        var (a, b, c, d, e) = at;
        return new(
            variables, formula(variables), byHand, (f, i) => f(a + (i * 1e-4), b, c, d, e), (f, i) => Total(f(a + (i * 1e-4), b, c, d, e)));

        static double Total((double Value, (double, double, double, double, double) Gradient) result) =>
            result.Value + result.Gradient.Item1 + result.Gradient.Item2 + result.Gradient.Item3 + result.Gradient.Item4 + result.Gradient.Item5;
    }

    private delegate double GradientByHand(ReadOnlySpan<double> x, Span<double> gradient);

    private static PlainFunction<Many, ManyWithGradient> OfArray(int n, Formula formula, GradientByHand byHand)
    {
        var x = Expr.Variable("x", [n]);
        var at = Numbers.Between(-0.5, 0.5, n, seed: 1);
        return new(
            [x], formula([.. Enumerable.Range(0, n).Select(i => x.At(i))]), ByHand,
            (f, i) => f(Moved(i)), (f, i) => f(Moved(i)) is var (value, gradient) ? value + gradient[0] + gradient[^1] : 0);

        double[] Moved(int i)
        {
            at[0] = i * 1e-4;
            return at;
        }

        (double, double[]) ByHand(double[] x)
        {
            var gradient = new double[x.Length];
            return (byHand(x, gradient), gradient);
        }
    }

    private static (double Value, (double ByX, double ByY) Gradient) SineByHand(double x, double y)
    {
        var (sine, cosine) = Math.SinCos(x * y);
        return (sine + (x * x), ((cosine * y) + (2 * x), cosine * x));
    }

    private static (double Value, (double, double, double, double, double) Gradient) RosenbrockByHand(double a, double b, double c, double d, double e)
    {
        var (u, v, w, z) = (b - (a * a), c - (b * b), d - (c * c), e - (d * d));
        var (ra, rb, rc, rd) = (1 - a, 1 - b, 1 - c, 1 - d);
        return (
            (100 * u * u) + (ra * ra) + (100 * v * v) + (rb * rb) + (100 * w * w) + (rc * rc) + (100 * z * z) + (rd * rd),
            ((-400 * a * u) - (2 * ra), (200 * u) - (400 * b * v) - (2 * rb), (200 * v) - (400 * c * w) - (2 * rc), (200 * w) - (400 * d * z) - (2 * rd), 200 * z));
    }

    private static (double Value, (double, double, double, double, double) Gradient) OptionByHand(double spot, double strike, double rate, double volatility, double time)
    {
        var root = Math.Sqrt(time);
        var spread = volatility * root;
        var d1 = (Math.Log(spot / strike) + ((rate + (0.5 * volatility * volatility)) * time)) / spread;
        var discounted = strike * Math.Exp(-rate * time);
        var (in1, density) = NormalDistribution.At(d1);
        var (in2, _) = NormalDistribution.At(d1 - spread);
        return (
            (spot * in1) - (discounted * in2),
            (in1, -discounted / strike * in2, discounted * time * in2, spot * density * root, (spot * density * volatility / (2 * root)) + (rate * discounted * in2)));
    }
}
