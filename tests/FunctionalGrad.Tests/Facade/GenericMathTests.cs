using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace FunctionalGrad.Tests.Facade;

/// <summary>Generic code that was written for numbers builds graphs unchanged, and they differentiate.</summary>
public sealed class GenericMathTests
{
    private static readonly Dictionary<string, (Func<Expr, Expr> Expression, Func<double, double> Number)> Functions = new()
    {
        ["logistic"] = (Logistic, Logistic),
        ["polynomial"] = (Polynomial, Polynomial),
        ["gaussian"] = (Gaussian, Gaussian),
        ["trigonometry"] = (Trigonometry, Trigonometry),
        ["hyperbolic"] = (Hyperbolic, Hyperbolic),
        ["logarithms"] = (Logarithms, Logarithms),
        ["roots"] = (Roots, Roots),
        ["turns"] = (Turns, Turns),
        ["newton"] = (NewtonRoot, NewtonRoot),
        ["magnitudes"] = (Magnitudes, Magnitudes),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_generic_function_of_numbers_is_one_of_expressions(string name)
    {
        var (expression, number) = Functions[name];
        foreach (var x in (double[])[0.25, 0.5, 0.8])
        {
            var variable = Expr.Variable("x");
            var at = Point.Of((variable, x));
            Assert.Equal(number(x), expression(variable).Evaluate(at).ToScalar(), 1e-14);
            var slope = (number(x + 1e-5) - number(x - 1e-5)) / 2e-5;
            Assert.Equal(slope, Differentiate.Derivative(expression, x), 1e-8);
            Assert.Equal(slope, Differentiate.Gradient(expression)(x).Evaluate().ToScalar(), 1e-8);
        }
    }

    [Fact]
    public void Tensor_primitives_of_the_runtime_build_graphs()
    {
        Expr[] x = [Expr.Variable("x0"), Expr.Variable("x1"), Expr.Variable("x2")];
        Expr[] y = [2.0, 3.0, 4.0];
        var at = Point.Of(((Variable)x[0], 1.0), ((Variable)x[1], 10.0), ((Variable)x[2], 100.0));

        var dot = TensorPrimitives.Dot<Expr>(x, y);
        Assert.Equal(432, dot.Evaluate(at).ToScalar());
        Assert.Equal([2.0, 3.0, 4.0], dot.Gradient((Variable)x[0], (Variable)x[1], (Variable)x[2]).Evaluate(at).Values.ToArray().Select(value => value.ToScalar()));

        Assert.Equal(111, TensorPrimitives.Sum<Expr>(x).Evaluate(at).ToScalar());
        Assert.Equal(1 + 100 + 10_000, TensorPrimitives.SumOfSquares<Expr>(x).Evaluate(at).ToScalar());
        Assert.Equal(200, TensorPrimitives.SumOfSquares<Expr>(x).Gradient((Variable)x[2]).Evaluate(at).Values[0].ToScalar());

        var sums = new Expr[3];
        TensorPrimitives.Add<Expr>(x, y, sums);
        Assert.Equal([3.0, 13.0, 104.0], sums.Select(sum => sum.Evaluate(at).ToScalar()));
    }

    [Fact]
    public void Constants_of_generic_math_are_constants()
    {
        Assert.Equal(Math.E, Expr.E.Evaluate().ToScalar());
        Assert.Equal(Math.PI, Expr.Pi.Evaluate().ToScalar());
        Assert.Equal(Math.Tau, Expr.Tau.Evaluate().ToScalar());
        Assert.Equal(0, Expr.AdditiveIdentity.Evaluate().ToScalar());
        Assert.Equal(1, Expr.MultiplicativeIdentity.Evaluate().ToScalar());
        Assert.Equal(0.5, Create<Expr, double>(0.5).Evaluate().ToScalar());
        Assert.Equal(7, Create<Expr, int>(7).Evaluate().ToScalar());
        Assert.Equal(7, Create<int, Expr>(7.0));
        Assert.Equal(0.5f, Create<float, Expr>(0.5));
        Assert.Equal(1.5, Parse<Expr>("1.5").Evaluate().ToScalar());
        Assert.False(TryParse<Expr>("one"));
        Assert.True(TryParse<Expr>("1"));
    }

    [Fact]
    public void A_question_about_a_constant_is_answered()
    {
        Assert.True(IsNaN<Expr>(double.NaN));
        Assert.False(IsNaN<Expr>(1.0));
        Assert.True(Questions<Expr>(0.0)[0]);
        Assert.Equal(Questions(-2.0), Questions<Expr>(-2.0));
        Assert.Equal(Questions(double.PositiveInfinity), Questions<Expr>(double.PositiveInfinity));
        Assert.Equal(Questions(1e-310), Questions<Expr>(1e-310));
    }

    [Fact]
    public void A_question_about_a_variable_is_an_error_that_teaches()
    {
        var x = Expr.Variable("speed");
        string[] says = ["asked for the value", "speed", "known only once it is evaluated", "Expr.Select", "both branches", "evaluate first"];
        Errors.Say<NotSupportedException>(() => IsNaN<Expr>(x), says);
        Errors.Say<NotSupportedException>(() => IsNaN<Expr>(x * 2), says);
        Errors.Say<NotSupportedException>(() => Questions<Expr>(x), says);
        Errors.Say<NotSupportedException>(() => Create<int, Expr>(x), says);
    }

    [Fact]
    public void Expressions_format_as_they_print()
    {
        Expr f = Expr.Variable("x") * 2;
        Assert.Equal(f.ToString(), string.Format(CultureInfo.InvariantCulture, "{0:F3}", f));
        Assert.Equal($"<{f}>", $"<{f,1}>");
    }

    private static T Logistic<T>(T x)
        where T : INumberBase<T>, IExponentialFunctions<T> => T.One / (T.One + T.Exp(-x));

    private static T Polynomial<T>(T x)
        where T : INumberBase<T>
    {
        var sum = T.Zero;
        foreach (var coefficient in (ReadOnlySpan<double>)[3, -2, 0.5, 1])
        {
            sum = (sum * x) + T.CreateChecked(coefficient);
        }

        return sum;
    }

    private static T Gaussian<T>(T x)
        where T : IExponentialFunctions<T>, IRootFunctions<T>, IFloatingPointConstants<T> =>
        T.Exp(-(x * x) / T.CreateChecked(2)) / T.Sqrt(T.Tau) * T.Exp2(x) / T.Exp10(x) * T.ExpM1(x) * T.E;

    private static T Trigonometry<T>(T x)
        where T : ITrigonometricFunctions<T>
    {
        var (sin, cos) = T.SinCos(x);
        return (sin * T.Tan(x)) + (cos * T.Asin(x)) - T.Acos(x) + T.Atan(x) + T.Sin(T.Cos(x));
    }

    private static T Hyperbolic<T>(T x)
        where T : IHyperbolicFunctions<T> => (T.Sinh(x) * T.Cosh(x)) + T.Tanh(x) + T.Asinh(x) + T.Atanh(x) + T.Acosh(x + T.One + T.One);

    private static T Logarithms<T>(T x)
        where T : ILogarithmicFunctions<T> =>
        T.Log(x) + T.Log2(x) + T.Log10(x) + T.LogP1(x) + T.Log(x, T.One + T.One + T.One) + T.Log2P1(x) + T.Log10P1(x);

    private static T Roots<T>(T x)
        where T : IRootFunctions<T>, IPowerFunctions<T> =>
        T.Sqrt(x) + T.Cbrt(x) + T.Hypot(x, T.One) + T.RootN(x, 4) + T.RootN(-x, 3) + T.Pow(x, T.CreateChecked(2.5));

    private static T Turns<T>(T x)
        where T : ITrigonometricFunctions<T>
    {
        var (sin, cos) = T.SinCosPi(x / T.CreateChecked(4));
        return (sin * cos) + T.SinPi(x) + T.CosPi(x) + T.TanPi(x / T.CreateChecked(3)) + T.AsinPi(x) + T.AcosPi(x) + T.AtanPi(x)
            + T.DegreesToRadians(x) + T.RadiansToDegrees(x / T.CreateChecked(100));
    }

    // Five steps towards √x, each of which uses the one before twice.
    private static T NewtonRoot<T>(T x)
        where T : INumberBase<T>
    {
        var root = T.One;
        for (var step = 0; step < 5; step++)
        {
            root = (root + (x / root)) / T.CreateChecked(2);
        }

        return root;
    }

    private static T Magnitudes<T>(T x)
        where T : INumberBase<T> =>
        T.Abs(-x) + T.MaxMagnitude(x, -T.One) + T.MinMagnitude(x * x, x) + T.MaxMagnitudeNumber(x, T.Zero)
        + T.MinMagnitudeNumber(x, T.One) + T.MultiplyAddEstimate(x, x, T.One);

    private static TTo Create<TTo, TFrom>(TFrom value)
        where TTo : INumberBase<TTo>
        where TFrom : INumberBase<TFrom> => TTo.CreateChecked(value);

    private static T Parse<T>(string text)
        where T : INumberBase<T> => T.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool TryParse<T>(string text)
        where T : INumberBase<T> => T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool IsNaN<T>(T x)
        where T : INumberBase<T> => T.IsNaN(x);

    private static bool[] Questions<T>(T x)
        where T : INumberBase<T> =>
        [
            T.IsZero(x), T.IsFinite(x), T.IsInfinity(x), T.IsInteger(x), T.IsNegative(x), T.IsPositive(x), T.IsEvenInteger(x), T.IsOddInteger(x),
            T.IsNegativeInfinity(x), T.IsPositiveInfinity(x), T.IsNormal(x), T.IsSubnormal(x), T.IsRealNumber(x), T.IsCanonical(x),
            T.IsComplexNumber(x), T.IsImaginaryNumber(x),
        ];
}
