using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>
/// The numbers that functions of one or two numbers give: those of the runtime where it has the function, known digits
/// elsewhere, and what happens at infinity.
/// </summary>
public sealed class FunctionValueTests
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly double[] Points = [-Infinity, -3, -1, -0.75, -0.0, 0, 1e-9, 0.25, 0.5, 1, 1.5, 2.5, 20, Infinity, double.NaN];

    private static readonly Dictionary<string, (Func<Expr, Expr> Function, Func<double, double> Number, Func<float, float> Single)> OfRuntime = new()
    {
        ["exp"] = (Exp, Math.Exp, MathF.Exp),
        ["log"] = (Log, Math.Log, MathF.Log),
        ["log2"] = (Log2, Math.Log2, MathF.Log2),
        ["log10"] = (Log10, Math.Log10, MathF.Log10),
        ["sqrt"] = (Sqrt, Math.Sqrt, MathF.Sqrt),
        ["cbrt"] = (Cbrt, Math.Cbrt, MathF.Cbrt),
        ["sin"] = (Sin, Math.Sin, MathF.Sin),
        ["cos"] = (Cos, Math.Cos, MathF.Cos),
        ["tan"] = (Tan, Math.Tan, MathF.Tan),
        ["asin"] = (Asin, Math.Asin, MathF.Asin),
        ["acos"] = (Acos, Math.Acos, MathF.Acos),
        ["atan"] = (Atan, Math.Atan, MathF.Atan),
        ["sinh"] = (Sinh, Math.Sinh, MathF.Sinh),
        ["cosh"] = (Cosh, Math.Cosh, MathF.Cosh),
        ["tanh"] = (Tanh, Math.Tanh, MathF.Tanh),
        ["asinh"] = (Asinh, Math.Asinh, MathF.Asinh),
        ["acosh"] = (Acosh, Math.Acosh, MathF.Acosh),
        ["atanh"] = (Atanh, Math.Atanh, MathF.Atanh),
        ["abs"] = (Abs, Math.Abs, MathF.Abs),
        ["floor"] = (Floor, Math.Floor, MathF.Floor),
        ["ceiling"] = (Ceiling, Math.Ceiling, MathF.Ceiling),
        ["relu"] = (Relu, x => Math.Max(x, 0), x => MathF.Max(x, 0)),
        ["atan2 with 2"] = (x => Atan2(x, 2), x => Math.Atan2(x, 2), x => MathF.Atan2(x, 2)),
        ["atan2 of −2"] = (x => Atan2(-2, x), x => Math.Atan2(-2, x), x => MathF.Atan2(-2, x)),
        ["hypot with 2"] = (x => Hypot(x, 2), x => double.Hypot(x, 2), x => float.Hypot(x, 2)),
        ["maximum with 0.5"] = (x => Maximum(x, 0.5), x => Math.Max(x, 0.5), x => MathF.Max(x, 0.5f)),
        ["minimum with 0.5"] = (x => Minimum(x, 0.5), x => Math.Min(x, 0.5), x => MathF.Min(x, 0.5f)),
        ["power 2.5"] = (x => Pow(x, 2.5), x => Math.Pow(x, 2.5), x => MathF.Pow(x, 2.5f)),
        ["power of 2"] = (x => Pow((Expr)2, x), x => Math.Pow(2, x), x => MathF.Pow(2, x)),
        ["clamp"] = (x => Clamp(x, -0.5, 1), x => Math.Clamp(x, -0.5, 1), x => Math.Clamp(x, -0.5f, 1)),
        ["reciprocal"] = (x => 1 / x, x => 1 / x, x => 1 / x),
    };

    private static readonly Dictionary<string, (Func<Expr, Expr> Function, (double X, double Y)[] Known)> Digits = new()
    {
        ["erf"] = (Erf,
        [
            (-Infinity, -1), (-3, -0.9999779095030014), (-0.5, -0.5204998778130465), (0, 0), (1e-10, 1.1283791670955126e-10),
            (0.1, 0.1124629160182849), (0.84, 0.7651427114549945), (1, 0.8427007929497149), (2, 0.9953222650189527),
            (3.5, 0.9999992569016276), (Infinity, 1), (double.NaN, double.NaN),
        ]),
        ["erfc"] = (Erfc,
        [
            (-Infinity, 2), (-3, 1.9999779095030015), (-0.5, 1.5204998778130465), (0, 1), (0.1, 0.887537083981715),
            (0.84, 0.23485728854500548), (1, 0.15729920705028513), (2, 0.004677734981047266), (3.5, 7.430983723414128e-07),
            (5, 1.537459794428035e-12), (26, 5.663192408856143e-296), (Infinity, 0),
        ]),
        ["log gamma"] = (LogGamma,
        [
            (-2.5, -0.056243716497674054), (-0.5, 1.2655121234846454), (0, Infinity), (-3, Infinity), (1e-05, 11.512919692895826),
            (0.1, 2.252712651734206), (0.5, 0.5723649429247001), (0.99, 0.005854806764709781), (1, 0), (1.5, -0.12078223763524522), (2, 0),
            (2.01, 0.004260022907098346), (3, 0.6931471805599453), (10, 12.801827480081469), (100.5, 361.4355404677776), (Infinity, Infinity),
        ]),
        ["digamma"] = (Digamma,
        [
            (-0.5, 0.03648997397857652), (0.1, -10.423754940411076), (0.5, -1.9635100260214235), (1, -0.5772156649015329),
            (1.5, 0.03648997397857652), (2, 0.42278433509846713), (10, 2.251752589066721), (100, 4.600161852738087), (1e6, 13.815510057964191),
        ]),
        ["trigamma"] = (x => Polygamma(1, x),
        [
            (-0.5, 8.934802200544679), (0.1, 101.43329915079275), (0.5, 4.934802200544679), (1, 1.6449340668482264),
            (2.5, 0.49035775610023485), (10, 0.10516633568168575), (100, 0.010050166663333571),
        ]),
        ["tetragamma"] = (x => Polygamma(2, x), [(0.5, -16.82879664423432), (1, -2.4041138063191885), (2.5, -0.2362040516417274), (10, -0.011049834970802067)]),
        ["log1p"] = (Log1P, [(-1, -Infinity), (1e-10, 9.999999999500001e-11), (-0.5, -0.6931471805599453), (1, 0.6931471805599453), (1e10, 23.025850930040455)]),
        ["expm1"] = (ExpM1, [(-Infinity, -1), (1e-10, 1.00000000005e-10), (-0.5, -0.3934693402873666), (1, 1.7182818284590453), (-50, -1), (Infinity, Infinity)]),
        ["softplus"] = (Softplus,
        [
            (-Infinity, 0), (-800, 0), (-50, 1.9287498479639178e-22), (-1, 0.3132616875182228), (0.5, 0.9740769841801067), (30, 30.000000000000092),
            (1000, 1000), (Infinity, Infinity),
        ]),
        ["logistic"] = (Logistic,
        [
            (-Infinity, 0), (-50, 1.9287498479639178e-22), (-1, 0.2689414213699951), (0, 0.5), (0.5, 0.6224593312018546), (30, 0.9999999999999064),
            (1000, 1), (Infinity, 1),
        ]),
        ["logaddexp with 0"] = (x => LogAddExp(x, 0), [(-Infinity, 0), (-1, 0.3132616875182228), (0, 0.6931471805599453), (1000, 1000), (Infinity, Infinity)]),
        ["sign"] = (Sign, [(-Infinity, -1), (-2, -1), (0, 0), (2, 1), (Infinity, 1)]),
        ["round"] = (Round, [(-2.5, -2), (-1.5, -2), (0.5, 0), (1.5, 2), (2.4, 2), (Infinity, Infinity)]),
        ["square"] = (x => x.Square(), [(-3, 9), (0, 0), (-Infinity, Infinity)]),
        ["power 0"] = (x => Pow(x, 0), [(-3, 1), (0, 1), (Infinity, 1), (double.NaN, 1)]),
        ["power 3"] = (x => Pow(x, 3), [(-3, -27), (0, 0), (-Infinity, -Infinity), (1e-110, 0)]),
        ["power −2"] = (x => Pow(x, -2), [(-2, 0.25), (0, Infinity), (-Infinity, 0)]),
        ["power 1000"] = (x => Pow(x, 1000), [(1.001, 2.7169239322355936), (-1, 1), (2, 1.0715086071862673e301)]),
        ["hypot with 0"] = (x => Hypot(x, 0), [(-3, 3), (1e300, 1e300), (1e-300, 1e-300)]),
        ["hypot with itself"] = (x => Hypot(x, x), [(1e300, 1.4142135623730951e300), (1e-300, 1.4142135623730951e-300)]),
    };

    public static TheoryData<string> RuntimeNames => [.. OfRuntime.Keys];

    public static TheoryData<string> KnownNames => [.. Digits.Keys];

    [Theory]
    [MemberData(nameof(RuntimeNames))]
    public void A_function_of_the_runtime_gives_what_the_runtime_gives(string name)
    {
        var (function, number, single) = OfRuntime[name];
        var x = Variable("x", [Points.Length]);
        var value = function(x);
        Close(Tensor.Of([.. Points.Select(number)]), value.Evaluate(Point.Of((x, Tensor.Of(Points)))), 1e-15, name);
        var singles = Points.Select(point => (float)point).ToArray();
        Close(Tensor.Of([.. singles.Select(point => (double)single(point))]), value.Evaluate(Point<float>.Of((x, Tensor.Of(singles)))).To<double>(), 5e-7, name);
    }

    [Theory]
    [MemberData(nameof(KnownNames))]
    public void A_function_gives_the_digits_that_are_known(string name)
    {
        var (function, known) = Digits[name];
        var x = Variable("x", [known.Length]);
        var points = Tensor.Of([.. known.Select(row => row.X)]);
        var values = Tensor.Of([.. known.Select(row => row.Y)]);
        Close(values, function(x).Evaluate(Point.Of((x, points))), 4e-15, name);
    }

    [Fact]
    public void Holding_fixed_keeps_the_value_and_has_no_derivative()
    {
        Assert.Equal(3, StopGradient(3).Evaluate().ToScalar());
        Assert.Equal(2, Differentiate.Derivative(x => x * StopGradient(x), 2));
        Assert.Equal(2, Differentiate.Gradient(x => x * StopGradient(x))(2).Evaluate().ToScalar());
        Errors.Say<ArgumentOutOfRangeException>(() => Polygamma(-1, 1.0), "-1");
    }

    // Relative to the value, with no allowance for small ones.
    private static void Close(Tensor<double> expected, Tensor<double> actual, double tolerance, string name)
    {
        for (var i = 0; i < expected.Size; i++)
        {
            var (a, b) = (expected.Values[i], actual.Values[i]);
            Assert.True(a.Equals(b) || a == b || Math.Abs(a - b) <= tolerance * Math.Abs(a), $"{name}, point {i}: {b:R}, not {a:R}");
        }
    }
}
