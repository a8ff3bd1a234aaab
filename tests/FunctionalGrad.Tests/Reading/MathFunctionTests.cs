using System.Linq.Expressions;
using System.Reflection;
using FunctionalGrad.Tests.Compilation;
using Xunit;

namespace FunctionalGrad.Tests.Reading;

/// <summary>Every function of numbers that is read, against the function itself.</summary>
public class MathFunctionTests
{
    private static readonly double[] Points =
        [-13.25, -3.7, -2.5, -1.5, -1, -0.75, -0.3, -0.0625, 0, 0.0625, 0.2, 0.3, 0.5, 0.8, 1, 1.25, 1.5, 2.5, 3.7, 13.25, 42];

    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0];

    // Functions that round twice where .NET rounds once, so that only their terms bound the error.
    private static readonly string[] OfTerms = ["FusedMultiplyAdd", "MultiplyAddEstimate", "Lerp"];

    // Functions that .NET computes by way of a number near 1, and takes 1 away, or adds 1 to a small number: expressions lose no digits there.
    private static readonly string[] ByWayOfOne = ["ExpM1", "Exp2M1", "Exp10M1", "LogP1", "Log2P1", "Log10P1"];

    // What they make of a NaN depends on the machine, or on its sign, which expressions do not see.
    private static readonly string[] NotOfNaN = ["CopySign", "IsNegative", "IsPositive", "MaxNative", "MinNative", "ClampNative"];

    // .NET leaves open how exact these are.
    private static readonly string[] Estimates = ["ReciprocalEstimate", "ReciprocalSqrtEstimate"];

    public static TheoryData<string> Signatures => [.. Methods.Select(Name)];

    private static IEnumerable<MethodInfo> Methods =>
        from type in (Type[])[typeof(Math), typeof(MathF), typeof(double), typeof(float)]
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        where MathFunctions.Has(method) && method.GetParameters()[0].ParameterType is var first && (first == typeof(double) || first == typeof(float))
        select method;

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_function_has_the_values_of_its_namesake(string signature)
    {
        var method = Methods.Single(candidate => Name(candidate) == signature);
        if (method.GetParameters()[0].ParameterType == typeof(double))
        {
            Compare<double>(method, (wanted, got) => Ulps.Between(wanted, got));
        }
        else
        {
            Compare<float>(method, (wanted, got) => Ulps.Between(wanted, got));
        }
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_function_has_the_slope_of_its_namesake(string signature)
    {
        var method = Methods.Single(candidate => Name(candidate) == signature);
        if (method.GetParameters()[0].ParameterType == typeof(float) || method.ReturnType == typeof(bool))
        {
            return;
        }

        var gradients = new Dictionary<string, Func<double[], double[]>>();
        foreach (var arguments in Arguments(method, Points))
        {
            // Equal magnitudes are kinks of some functions, and shared there.
            if (arguments.Length == 2 && Math.Abs(arguments[0]) == Math.Abs(arguments[1]))
            {
                continue;
            }

            foreach (var (part, name) in Parts(method))
            {
                var (lambda, known) = Lambda<double>(method, arguments, part);
                var key = string.Join(", ", arguments[known..].Append(part?.Length ?? 0)) + part;
                if (!gradients.TryGetValue(key, out var derivative))
                {
                    gradients.Add(key, derivative = Gradient(lambda));
                }

                var gradient = derivative(arguments[..known]);
                for (var i = 0; i < known; i++)
                {
                    var slope = Slope(h => Evaluate(method, arguments, i, h, part));
                    if (slope is { } found)
                    {
                        Assert.True(
                            Math.Abs(found - gradient[i]) <= 1e-6 * Math.Max(1, Math.Abs(found)),
                            $"{signature}{name} at {string.Join(", ", arguments)}: the partial by argument {i + 1} is {gradient[i]:R} where differences give {found:R}");
                    }
                }
            }
        }
    }

    [Fact]
    public void What_has_no_counterpart_is_known()
    {
        var missing =
            from type in (Type[])[typeof(Math), typeof(MathF), typeof(double), typeof(float)]
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            where !method.IsSpecialName && !MathFunctions.Has(method)
                && method.GetParameters() is [var first, ..] && (first.ParameterType == typeof(double) || first.ParameterType == typeof(float))
            select method.Name;
        Assert.Equal(
            ["BitDecrement", "BitIncrement", "ConvertToInteger", "ConvertToIntegerNative", "IEEERemainder", "ILogB", "Ieee754Remainder", "IsEvenInteger",
                "IsNormal", "IsOddInteger", "IsPow2", "IsSubnormal"],
            missing.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Members_of_the_interfaces_of_generic_math_are_read()
    {
        var sine = typeof(System.Numerics.ITrigonometricFunctions<double>).GetMethod("Sin")!;
        Assert.Equal("sin(x)", MathFunctions.Apply(sine, Expr.Variable("x"))[0].ToString());
        Assert.False(MathFunctions.Has(typeof(System.Numerics.ITrigonometricFunctions<Half>).GetMethod("Sin")!));
    }

    [Theory]
    [InlineData("RootN", 0)]
    [InlineData("Round", 16)]
    public void An_argument_out_of_range_has_no_counterpart(string name, int argument) =>
        Assert.Empty(MathFunctions.Apply(typeof(double).GetMethod(name, [typeof(double), typeof(int)])!, Expr.Variable("x"), argument));

    private static void Compare<T>(MethodInfo method, Func<T, T, double> distance)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var functions = new Dictionary<string, (string, Func<T[], T>)[]>();
        foreach (var arguments in Arguments(method, [.. Points, .. Special]))
        {
            if (NotOfNaN.Contains(method.Name) && arguments.Any(double.IsNaN))
            {
                continue;
            }

            foreach (var (part, name) in Parts(method))
            {
                object wanted;
                try
                {
                    wanted = Part(method.Invoke(null, Converted(method, arguments))!, part);
                }
                catch (TargetInvocationException)
                {
                    continue;
                }

                var (lambda, known) = Lambda<T>(method, arguments, part);
                var expected = wanted switch
                {
                    bool holds => holds ? T.One : T.Zero,
                    int whole => T.CreateChecked(whole),
                    _ => (T)wanted,
                };
                var key = string.Join(", ", arguments[known..]) + part;
                if (!functions.TryGetValue(key, out var ways))
                {
                    functions.Add(key, ways = Ways<T>(lambda));
                }

                foreach (var (way, function) in ways)
                {
                    var got = function([.. arguments[..known].Select(T.CreateTruncating)]);
                    var isSmall = Allowed(method, expected, got, arguments);
                    Assert.True(
                        isSmall || distance(expected, got) <= 4,
                        $"{Name(method)}{name} at {string.Join(", ", arguments)}, {way}: {got:R} instead of {expected:R}, {distance(expected, got)} units in the last place apart");
                }
            }
        }
    }

    private static bool Allowed<T>(MethodInfo method, T expected, T got, double[] arguments)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var epsilon = typeof(T) == typeof(double) ? 2.3e-16 : 1.2e-7;
        var terms = arguments.Aggregate(1.0, (product, x) => product * Math.Max(1, Math.Abs(x)));
        var difference = Math.Abs(double.CreateTruncating(expected - got));
        return (expected == T.Zero && got == T.Zero)
            || (ByWayOfOne.Contains(method.Name) && difference <= 8 * epsilon * Math.Max(1, Math.Abs(double.CreateTruncating(expected))))
            || Estimates.Contains(method.Name) ? difference <= Math.Abs(double.CreateTruncating(expected)) / 1000 || !T.IsFinite(got)
            : OfTerms.Contains(method.Name) && difference <= 4 * epsilon * terms;
    }

    private static (string Way, Func<T[], T> Function)[] Ways<T>(LambdaExpression lambda)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        LambdaFunction function = Read<T>(lambda);
        var value = (Delegate)function.GetType().GetProperty("Value")!.GetValue(function)!;
        return
        [
            ("interpreted", numbers => function.Expression.Evaluate(
                Point.Of([.. function.Variables.Select((variable, i) => (variable, Tensor.Scalar(numbers[i])))])).ToScalar()),
            ("as a delegate", numbers => (T)value.DynamicInvoke([.. numbers.Cast<object>()])!),
        ];
    }

    private static Func<double[], double[]> Gradient(LambdaExpression lambda)
    {
        LambdaFunction function = Read<double>(lambda);
        var gradient = function.Expression.Gradient(function.Variables.AsSpan());
        return arguments =>
        {
            var values = gradient.Evaluate(Point.Of([.. function.Variables.Select((variable, i) => (variable, Tensor.Scalar(arguments[i])))]));
            return [.. function.Variables.Select(variable => values[variable].ToScalar())];
        };
    }

    private static LambdaFunction Read<T>(LambdaExpression lambda)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T> => lambda switch
        {
            Expression<Func<T, T>> one => Differentiate.Lambda(one),
            Expression<Func<T, T, T>> two => Differentiate.Lambda(two),
            Expression<Func<T, T, T, T>> three => Differentiate.Lambda(three),
            _ => throw new InvalidOperationException($"{lambda}"),
        };

    // The call as a lambda over the arguments that are numbers; those that must be known stand in it.
    private static (LambdaExpression Lambda, int Known) Lambda<T>(MethodInfo method, double[] arguments, string? part)
    {
        var types = method.GetParameters();
        var numbers = types.Count(parameter => parameter.ParameterType == typeof(T));
        ParameterExpression[] parameters = [.. Enumerable.Range(0, numbers).Select(i => Expression.Parameter(typeof(T), "xyz"[i].ToString()))];
        var converted = Converted(method, arguments);
        Expression call = Expression.Call(
            method, types.Select((parameter, i) => i < numbers ? (Expression)parameters[i] : Expression.Constant(converted[i], parameter.ParameterType)));
        call = part is null ? call : Expression.Field(call, part);
        call = call.Type == typeof(bool) ? Expression.Condition(call, Expression.Constant((T)Convert.ChangeType(1, typeof(T))), Expression.Constant((T)Convert.ChangeType(0, typeof(T))))
            : call.Type == typeof(int) ? Expression.Convert(call, typeof(T)) : call;
        return (Expression.Lambda(call, parameters), numbers);
    }

    private static IEnumerable<(string? Part, string Name)> Parts(MethodInfo method) =>
        TypeIsTuple(method.ReturnType) ? [("Item1", ".Item1"), ("Item2", ".Item2")] : [(null, "")];

    private static string Name(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    private static bool TypeIsTuple(Type type) => type.IsGenericType && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal);

    private static object Part(object value, string? part) => part is null ? value : value.GetType().GetField(part)!.GetValue(value)!;

    private static IEnumerable<double[]> Arguments(MethodInfo method, double[] points)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        return types.Length switch
        {
            1 => points.Select(x => new[] { x }),
            2 when types[1] == typeof(int) => from x in points from n in (int[])[-3, 1, 2, 3, 4, 5] where !(method.Name == "Round" && n is < 0 or > 3) select new[] { x, n },
            2 when types[1] == typeof(MidpointRounding) => from x in points from mode in Enum.GetValues<MidpointRounding>() select new[] { x, (double)mode },
            2 => from x in points from y in points select new[] { x, y },
            3 when types[2] == typeof(MidpointRounding) => from x in points from mode in Enum.GetValues<MidpointRounding>() select new[] { x, 2, (double)mode },
            _ => from x in points from y in points where y <= 1 from z in (double[])[1.5, 7.25] select new[] { x, y, z },
        };
    }

    private static object[] Converted(MethodInfo method, double[] arguments) =>
        [.. method.GetParameters().Select((parameter, i) => parameter.ParameterType.IsEnum
            ? Enum.ToObject(parameter.ParameterType, (int)arguments[i])
            : Convert.ChangeType(arguments[i], parameter.ParameterType))];

    private static double Evaluate(MethodInfo method, double[] arguments, int index, double h, string? part)
    {
        var moved = arguments.ToArray();
        moved[index] += h;
        switch (method.Name)
        {
            case "ReciprocalEstimate":
                return 1 / moved[0];
            case "ReciprocalSqrtEstimate":
                return 1 / Math.Sqrt(moved[0]);
        }

        try
        {
            return Convert.ToDouble(Part(method.Invoke(null, Converted(method, moved))!, part));
        }
        catch (TargetInvocationException)
        {
            return double.NaN;
        }
    }

    // None at kinks and jumps, and where the function has no value: there, differences over half the step give another slope.
    private static double? Slope(Func<double, double> at)
    {
        var (slope, other) = (Over(2e-4), Over(1e-4));
        var bend = (at(1e-4) - (2 * at(0)) + at(-1e-4)) / 1e-4;
        return double.IsFinite(slope) && Math.Abs(slope - other) < 1e-7 * Math.Max(1, Math.Abs(slope)) && Math.Abs(bend) < 0.02 * Math.Max(1, Math.Abs(slope)) ? slope : null;

        double Over(double step) => ((8 * (at(step) - at(-step))) - at(2 * step) + at(-2 * step)) / (12 * step);
    }
}
