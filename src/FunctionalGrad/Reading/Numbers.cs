using System.Globalization;

namespace FunctionalGrad;

/// <summary>.NET's types of numbers, as far as they stand in lambdas.</summary>
internal static class Numbers
{
    public static bool IsReal(Type type) => type == typeof(double) || type == typeof(float);

    public static bool IsWhole(Type type) =>
        Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64 && !type.IsEnum;

    /// <summary>The type without its question mark.</summary>
    public static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    public static Expr Constant(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
