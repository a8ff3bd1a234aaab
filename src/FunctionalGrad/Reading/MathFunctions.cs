using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace FunctionalGrad;

/// <summary>
/// What .NET's functions of numbers are on expressions: those of <see cref="Math"/> and <see cref="MathF"/>, and the static
/// members of <see cref="double"/> and <see cref="float"/> with the generic-math interfaces that they implement.
/// </summary>
/// <remarks>
/// Not among them, because a step of one unit in the last place, a bit pattern or a remainder of a rounded quotient has no
/// useful derivative: BitIncrement, BitDecrement, ILogB, IEEERemainder, IsNormal, IsSubnormal, IsPow2, ConvertToInteger.
/// FusedMultiplyAdd, MultiplyAddEstimate and Lerp round twice; the estimates of reciprocals are the reciprocals; the sign of a
/// NaN is not seen, and that of a zero not always kept. ExpM1, LogP1 and their like keep the digits that .NET loses near 0.
/// </remarks>
public static partial class MathFunctions
{
    private delegate Expr Function(ReadOnlySpan<Expr> arguments);

    private static readonly FrozenDictionary<(string Name, int Arguments), Function> Table = new Dictionary<(string, int), Function>
    {
        [("Abs", 1)] = a => Expr.Abs(a[0]),
        [("Acos", 1)] = a => Expr.Acos(a[0]),
        [("AcosPi", 1)] = a => Expr.Acos(a[0]) / Math.PI,
        [("Acosh", 1)] = a => Expr.Acosh(a[0]),
        [("Asin", 1)] = a => Expr.Asin(a[0]),
        [("AsinPi", 1)] = a => Expr.Asin(a[0]) / Math.PI,
        [("Asinh", 1)] = a => Expr.Asinh(a[0]),
        [("Atan", 1)] = a => Expr.Atan(a[0]),
        [("AtanPi", 1)] = a => Expr.Atan(a[0]) / Math.PI,
        [("Atan2", 2)] = a => Expr.Atan2(a[0], a[1]),
        [("Atan2Pi", 2)] = a => Expr.Atan2(a[0], a[1]) / Math.PI,
        [("Atanh", 1)] = a => Expr.Atanh(a[0]),
        [("Cbrt", 1)] = a => Expr.Cbrt(a[0]),
        [("Ceiling", 1)] = a => Expr.Ceiling(a[0]),
        [("Clamp", 3)] = a => Expr.Clamp(a[0], a[1], a[2]),
        [("ClampNative", 3)] = a => Expr.Clamp(a[0], a[1], a[2]),
        [("CopySign", 2)] = a => CopySign(a[0], a[1]),
        [("Cos", 1)] = a => Expr.Cos(a[0]),
        [("CosPi", 1)] = a => CosPi(a[0]),
        [("Cosh", 1)] = a => Expr.Cosh(a[0]),
        [("DegreesToRadians", 1)] = a => a[0] * Math.PI / 180,
        [("Exp", 1)] = a => Expr.Exp(a[0]),
        [("Exp10", 1)] = a => Expr.Pow(10, a[0]),
        [("Exp10M1", 1)] = a => PowerLessOne(10, a[0]),
        [("Exp2", 1)] = a => Expr.Pow(2, a[0]),
        [("Exp2M1", 1)] = a => PowerLessOne(2, a[0]),
        [("ExpM1", 1)] = a => Expr.ExpM1(a[0]),
        [("Floor", 1)] = a => Expr.Floor(a[0]),
        [("FusedMultiplyAdd", 3)] = a => (a[0] * a[1]) + a[2],
        [("Hypot", 2)] = a => Expr.Hypot(a[0], a[1]),
        [("Lerp", 3)] = a => (a[0] * (1 - a[2])) + (a[1] * a[2]),
        [("Log", 1)] = a => Expr.Log(a[0]),
        [("Log", 2)] = a => LogTo(a[0], a[1]),
        [("Log10", 1)] = a => Expr.Log10(a[0]),
        [("Log10P1", 1)] = a => Expr.Log1P(a[0]) / Math.Log(10),
        [("Log2", 1)] = a => Expr.Log2(a[0]),
        [("Log2P1", 1)] = a => Expr.Log1P(a[0]) / Math.Log(2),
        [("LogP1", 1)] = a => Expr.Log1P(a[0]),
        [("Max", 2)] = a => Expr.Maximum(a[0], a[1]),
        [("MaxMagnitude", 2)] = a => Expr.Select(Expr.Abs(a[0]) > Expr.Abs(a[1]), a[0], Expr.Select(Expr.Abs(a[0]) < Expr.Abs(a[1]), a[1], Expr.Maximum(a[0], a[1]))),
        [("MaxMagnitudeNumber", 2)] = a => Expr.Select(Expr.Abs(a[0]) > Expr.Abs(a[1]), a[0], Expr.Select(Expr.Abs(a[0]) < Expr.Abs(a[1]), a[1], ButForNaN(a, Expr.Maximum))),
        [("MaxNative", 2)] = a => Expr.Maximum(a[0], a[1]),
        [("MaxNumber", 2)] = a => ButForNaN(a, Expr.Maximum),
        [("Min", 2)] = a => Expr.Minimum(a[0], a[1]),
        [("MinMagnitude", 2)] = a => Expr.Select(Expr.Abs(a[0]) < Expr.Abs(a[1]), a[0], Expr.Select(Expr.Abs(a[0]) > Expr.Abs(a[1]), a[1], Expr.Minimum(a[0], a[1]))),
        [("MinMagnitudeNumber", 2)] = a => Expr.Select(Expr.Abs(a[0]) < Expr.Abs(a[1]), a[0], Expr.Select(Expr.Abs(a[0]) > Expr.Abs(a[1]), a[1], ButForNaN(a, Expr.Minimum))),
        [("MinNative", 2)] = a => Expr.Minimum(a[0], a[1]),
        [("MinNumber", 2)] = a => ButForNaN(a, Expr.Minimum),
        [("MultiplyAddEstimate", 3)] = a => (a[0] * a[1]) + a[2],
        [("Pow", 2)] = a => Known(a[1]) is { } exponent ? Expr.Pow(a[0], exponent) : Expr.Pow(a[0], a[1]),
        [("RadiansToDegrees", 1)] = a => a[0] * 180 / Math.PI,
        [("ReciprocalEstimate", 1)] = a => 1 / a[0],
        [("ReciprocalSqrtEstimate", 1)] = a => 1 / Expr.Sqrt(a[0]),
        [("Round", 1)] = a => Expr.Round(a[0]),
        [("Sign", 1)] = a => Expr.Sign(a[0]),
        [("Sin", 1)] = a => Expr.Sin(a[0]),
        [("SinPi", 1)] = a => SinPi(a[0]),
        [("Sinh", 1)] = a => Expr.Sinh(a[0]),
        [("Sqrt", 1)] = a => Expr.Sqrt(a[0]),
        [("Tan", 1)] = a => Expr.Tan(a[0]),
        [("TanPi", 1)] = a => SinPi(a[0]) / CosPi(a[0]),
        [("Tanh", 1)] = a => Expr.Tanh(a[0]),
        [("Truncate", 1)] = a => Truncate(a[0]),
        [("IsFinite", 1)] = a => Expr.Abs(a[0]) < double.PositiveInfinity,
        [("IsInfinity", 1)] = a => Expr.Equal(Expr.Abs(a[0]), double.PositiveInfinity),
        [("IsInteger", 1)] = a => Expr.Equal(Expr.Floor(a[0]), a[0]) & (Expr.Abs(a[0]) < double.PositiveInfinity),
        [("IsNaN", 1)] = a => Expr.NotEqual(a[0], a[0]),
        [("IsNegative", 1)] = a => IsNegative(a[0]),
        [("IsNegativeInfinity", 1)] = a => Expr.Equal(a[0], double.NegativeInfinity),
        [("IsPositive", 1)] = a => !IsNegative(a[0]),
        [("IsPositiveInfinity", 1)] = a => Expr.Equal(a[0], double.PositiveInfinity),
        [("IsRealNumber", 1)] = a => Expr.Equal(a[0], a[0]),
    }.ToFrozenDictionary();

    // Functions whose further arguments are whole numbers that must be known.
    private static readonly FrozenDictionary<string, Func<Expr, int[], Type[], Expr?>> WithKnown = new Dictionary<string, Func<Expr, int[], Type[], Expr?>>
    {
        ["RootN"] = (x, n, _) => RootN(x, n[0]),
        ["ScaleB"] = (x, n, _) => ScaleB(x, n[0]),
        ["Round"] = (x, n, types) => Rounded(x, n, types),
    }.ToFrozenDictionary();

    /// <summary>Whether a method is one of the functions that expressions have.</summary>
    /// <param name="method">A method.</param>
    /// <example><code>
    /// MathFunctions.Has(typeof(Math).GetMethod("Sin")!);              // True
    /// MathFunctions.Has(typeof(Math).GetMethod("BitIncrement")!);     // False
    /// </code></example>
    public static bool Has(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        var count = method.GetParameters().Length;
        return IsOfNumbers(method)
            && (Table.ContainsKey((method.Name, count)) || (count == 1 && method.Name is "SinCos" or "SinCosPi") || (count > 1 && WithKnown.ContainsKey(method.Name)));
    }

    /// <summary>What a method makes of expressions: one result, or as many as the tuple that it returns has parts.</summary>
    /// <param name="method">A static method of numbers, such as <see cref="Math.Sin"/>.</param>
    /// <param name="arguments">
    /// Its arguments in order; those that must be known, such as the digits of <c>Math.Round</c> or the degree of
    /// <c>double.RootN</c>, are constants.
    /// </param>
    /// <returns>The results; none where the method has no form as an expression, or where an argument that must be known is not.</returns>
    /// <remarks>A condition such as <see cref="double.IsNaN(double)"/> is 1 where it holds and 0 elsewhere.</remarks>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// MathFunctions.Apply(typeof(Math).GetMethod("Sin")!, x)[0];                    // sin(x)
    /// MathFunctions.Apply(typeof(Math).GetMethod("BitIncrement")!, x).Length;       // 0
    /// </code></example>
    public static ImmutableArray<Expr> Apply(MethodInfo method, params ReadOnlySpan<Expr> arguments)
    {
        if (!Has(method))
        {
            return [];
        }

        if (Table.TryGetValue((method.Name, arguments.Length), out var function))
        {
            return [function(arguments)];
        }

        if (arguments.Length == 1)
        {
            return method.Name == "SinCos" ? [Expr.Sin(arguments[0]), Expr.Cos(arguments[0])] : [SinPi(arguments[0]), CosPi(arguments[0])];
        }

        var known = new int[arguments.Length - 1];
        for (var i = 0; i < known.Length; i++)
        {
            if (Known(arguments[i + 1]) is not { } number || !double.IsInteger(number))
            {
                return [];
            }

            known[i] = (int)number;
        }

        return WithKnown[method.Name](arguments[0], known, [.. method.GetParameters().Select(parameter => parameter.ParameterType)]) is { } result ? [result] : [];
    }

    /// <summary>Whether a type is one whose functions are read.</summary>
    internal static bool IsHome(Type? home) =>
        home == typeof(Math) || home == typeof(MathF) || home == typeof(double) || home == typeof(float);

    private static bool IsOfNumbers(MethodInfo method)
    {
        var home = method.DeclaringType;
        return method.IsStatic && home is not null
            && (IsHome(home)
                || (home.IsInterface && home.IsGenericType && home.Namespace == "System.Numerics"
                    && home.GetGenericArguments() is [var number, ..] && (number == typeof(double) || number == typeof(float))));
    }

    // The number that an argument is, where it is known.
    private static double? Known(Expr argument) => argument is Constant { Value: { Size: 1 } value } ? value.Values[0] : null;
}
