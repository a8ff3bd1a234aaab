using System.Numerics;
using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>
/// Every elementwise primitive over vector registers against the interpreter, which takes one number after the other: at
/// every length up to 257, aligned and not, for every kind of number.
/// </summary>
public sealed class LaneFunctionTests
{
    private const int Greatest = 257;

    private static readonly double[] Special =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e-310, -1e-310,
        1e-40, -1e-40, double.Epsilon, -double.Epsilon, float.Epsilon, -float.Epsilon, double.MaxValue, double.MinValue,
        float.MaxValue, float.MinValue, 2.2250738585072014e-308, 1.1754943508222875E-38, 709.78, 709.79, 710.4, 710.5, -708.5,
        -745.1, -745.2, 88.7, 88.8, 89.4, 89.5, -87.4, -103.9, -104, 36.8, -36.8, 1e5, -1e8, 1e15, 27.2, 10.05, 1e300, -1e300,
    ];

    // Those of which IEEE 754 says what they round to, those that only choose, and those that go number by number anyway.
    private static readonly string[] Exact =
    [
        "add", "subtract", "multiply", "divide", "negate", "sqrt", "maximum", "minimum", "clamp", "abs", "floor", "ceiling", "round",
        "sign", "select", "relu", "greater", "less", "greater or equal", "less or equal", "equal", "not equal", "stop gradient",
        "integer power(n: -1)", "integer power(n: 0)", "integer power(n: 1)", "integer power(n: 2)", "integer power(n: 3)", "integer power(n: 4)",
        "lgamma", "digamma", "polygamma",
    ];

    public static TheoryData<int, string> Primitives
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < Primitive.All.Length; i++)
            {
                if (Primitive.All[i] is { Rule: Rule.Elementwise } or { Name: "select" })
                {
                    data.Add(i, Primitive.All[i].ToString());
                }
            }

            return data;
        }
    }

    [Fact]
    public void Every_name_of_an_exact_function_is_that_of_a_primitive() =>
        Assert.Empty(Exact.Except(Primitive.All.SelectMany(primitive => new[] { primitive.Name, primitive.ToString() })));

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Double_precision_is_near_the_interpreter(int index, string name)
    {
        var primitive = Primitive.All[index];
        var operands = Operands<double>(primitive, 4000);
        var wanted = Interpreted(primitive, operands);
        var got = Compiled(primitive, operands, 4000);
        for (var i = 0; i < got.Length; i++)
        {
            var distance = Cancels(name, operands, i, wanted[i]) ? 0 : Ulps.Between(got[i], wanted[i]);
            if (distance > Allowed(name))
            {
                Assert.Fail(Difference(name, operands, i, got[i], wanted[i], distance));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Single_precision_is_near_the_interpreter_in_double_precision(int index, string name)
    {
        var primitive = Primitive.All[index];
        var operands = Operands<float>(primitive, 4000);
        var exact = IsExact(name);
        var same = Interpreted(primitive, operands);
        var wanted = Interpreted(primitive, Array.ConvertAll(operands, operand => Array.ConvertAll(operand, x => (double)x)));
        var got = Compiled(primitive, operands, 4000);
        for (var i = 0; i < got.Length; i++)
        {
            // Single precision itself says what an exact function is; whether a result is infinite, 0 or −0, or NaN; and what
            // becomes of a difference that rounds before its exponential is taken.
            var decided = exact || name == "share" || !float.IsFinite(same[i]) || same[i] == 0;
            var distance = Cancels(name, operands, i, same[i]) ? 0 : decided ? Ulps.Between(got[i], same[i]) : Ulps.From(wanted[i], got[i]);
            if (distance > (exact ? 0 : 4))
            {
                Assert.Fail(Difference(name, operands, i, got[i], decided ? same[i] : wanted[i], distance));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    public void An_entry_does_not_depend_on_the_length_or_its_place_in_double_precision(int index, string name) =>
        RequireIndependence<double>(Primitive.All[index], name);

    [Theory]
    [MemberData(nameof(Primitives))]
    public void An_entry_does_not_depend_on_the_length_or_its_place_in_single_precision(int index, string name) =>
        RequireIndependence<float>(Primitive.All[index], name);

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    [InlineData(-1.5)]
    [InlineData(0.3)]
    [InlineData(-2.5)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    [InlineData(2.0)]
    [InlineData(3.0)]
    [InlineData(5.0)]
    public void A_power_with_a_known_exponent_is_near_the_interpreter(double exponent)
    {
        RequireNearInterpreter<double>(exponent);
        RequireNearInterpreter<float>(exponent);
    }

    private static void RequireNearInterpreter<T>(double exponent)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var operand = Operands<T>(Primitive.All.Single(primitive => primitive.Name == "power"), 2000)[0];
        var x = Expr.Variable("x", [operand.Length]);
        var at = Point<T>.Of((x, Tensor.Of<T>([operand.Length], operand)));
        var power = Expr.Pow(x, Expr.Constant(exponent));
        var wanted = power.Evaluate(at).Values;
        var got = power.Compile<T>().Invoke(at)[0].Values;
        for (var i = 0; i < operand.Length; i++)
        {
            var distance = Ulps.Between(got[i], wanted[i]);
            if (distance > 4)
            {
                Assert.Fail(Difference($"x^{exponent}", [operand], i, got[i], wanted[i], distance));
            }
        }
    }

    private static void RequireIndependence<T>(Primitive primitive, string name)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var operands = Operands<T>(primitive, Greatest + 1);
        var whole = Compiled(primitive, operands, Greatest + 1);
        for (var length = 0; length <= Greatest; length += length < 36 ? 1 : length < 220 ? 17 : 4)
        {
            // From the second entry on, so that no register's worth begins where it does in the whole.
            var variables = Array.ConvertAll(operands, _ => Expr.Variable("x", [Greatest + 1]));
            var slices = Array.ConvertAll(variables, variable => variable.Slice([1], [length]));
            var part = primitive.Apply(slices).Compile<T>().Invoke(At(variables, operands))[0].Values;
            Assert.Equal(length, part.Length);
            for (var i = 0; i < length; i++)
            {
                if (Ulps.Between(part[i], whole[i + 1]) != 0)
                {
                    Assert.Fail($"{name}: entry {i} of {length} is {part[i]}, which is {whole[i + 1]} among {Greatest + 1}");
                }
            }
        }
    }

    // ln(eˣ + eʸ) is the greater operand and a logarithm, whose sum may cancel: then no digit of it is sure, compiled or not.
    private static bool Cancels<T>(string name, T[][] operands, int i, T value)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        name == "logaddexp" && T.Abs(value) < T.Abs(T.Max(operands[0][i], operands[1][i])) / T.CreateTruncating(2);

    // The interpreted form of erfc is itself up to 5.8 ulp from the truth.
    private static double Allowed(string name) => IsExact(name) ? 0 : name == "erfc" ? 4 + 3 : 4;

    private static bool IsExact(string name) => Exact.Contains(name) || Exact.Contains(name.Split('(')[0]);

    private static T[] Compiled<T>(Primitive primitive, T[][] operands, int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var variables = Array.ConvertAll(operands, _ => Expr.Variable("x", [length]));
        return [.. primitive.Apply(variables).Compile<T>().Invoke(At(variables, operands))[0].Values];
    }

    private static T[] Interpreted<T>(Primitive primitive, T[][] operands)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var variables = Array.ConvertAll(operands, operand => Expr.Variable("x", [operand.Length]));
        return [.. primitive.Apply(variables).Evaluate(At(variables, operands)).Values];
    }

    private static Point<T> At<T>(Variable[] variables, T[][] operands)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        Point<T>.Of([.. variables.Zip(operands, (variable, values) => (variable, Tensor.Of<T>([values.Length], values)))]);

    /// <summary>Numbers of every size, of usual size, and special ones; for two operands many pairs of special ones.</summary>
    private static T[][] Operands<T>(Primitive primitive, int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(11);
        var count = primitive.Examples[0].Operands.Length;
        var operands = new T[count][];
        for (var k = 0; k < count; k++)
        {
            operands[k] = new T[length];
            for (var i = 0; i < length; i++)
            {
                operands[k][i] = random.Next(3) switch
                {
                    0 => T.CreateTruncating(Special[random.Next(Special.Length)]),
                    1 => T.CreateTruncating((random.NextDouble() * 8) - 4),
                    _ => T.CreateTruncating(Math.ScaleB((random.NextDouble() * 2) - 1, random.Next(-150, 130))),
                };
            }
        }

        return operands;
    }

    private static string Difference<T>(string name, T[][] operands, int i, T got, object wanted, double distance) =>
        $"{name} of {string.Join(", ", operands.Select(operand => operand[i]))} is {got} instead of {wanted}: {distance} ulp";
}
