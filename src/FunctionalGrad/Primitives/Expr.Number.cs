using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace FunctionalGrad;

/// <content>
/// Expressions as numbers of .NET's generic math, so that generic code builds graphs unchanged. Questions about a value,
/// such as <c>T.IsNaN(x)</c>, can be answered for constants alone.
/// </content>
public abstract partial class Expr : INumberBase<Expr>
{
    /// <summary>The constant 1.</summary>
    public static Expr One { get; } = new Constant(1);

    /// <summary>The constant 0.</summary>
    public static Expr Zero { get; } = new Constant(0);

    /// <summary>The constant 0, which changes nothing when added.</summary>
    public static Expr AdditiveIdentity => Zero;

    /// <summary>The constant 1, which changes nothing when multiplied by.</summary>
    public static Expr MultiplicativeIdentity => One;

    static int INumberBase<Expr>.Radix => 2;

    /// <summary>x + 1.</summary>
    /// <param name="x">Any expression.</param>
    public static Expr operator ++(Expr x) => x + 1;

    /// <summary>x − 1.</summary>
    /// <param name="x">Any expression.</param>
    public static Expr operator --(Expr x) => x - 1;

    /// <summary>Whether both are one node of the graph. For the values of entries see <see cref="Equal(Expr, Expr)"/>.</summary>
    /// <param name="left">A node.</param>
    /// <param name="right">A node.</param>
    public static bool operator ==(Expr? left, Expr? right) => ReferenceEquals(left, right);

    /// <summary>Whether both are different nodes of the graph.</summary>
    /// <param name="left">A node.</param>
    /// <param name="right">A node.</param>
    public static bool operator !=(Expr? left, Expr? right) => !ReferenceEquals(left, right);

    /// <summary>x / n, as F#'s <c>List.average</c> asks for it.</summary>
    /// <param name="x">Any expression.</param>
    /// <param name="n">A whole number.</param>
    public static Expr DivideByInt(Expr x, int n) => x / n;

    /// <summary>Whether both are one node of the graph.</summary>
    /// <param name="other">A node.</param>
    public bool Equals(Expr? other) => ReferenceEquals(this, other);

    /// <summary>Whether both are one node of the graph.</summary>
    /// <param name="obj">A node.</param>
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    static bool INumberBase<Expr>.IsCanonical(Expr value) => true;

    static bool INumberBase<Expr>.IsComplexNumber(Expr value) => false;

    static bool INumberBase<Expr>.IsImaginaryNumber(Expr value) => false;

    static bool INumberBase<Expr>.IsEvenInteger(Expr value) => double.IsEvenInteger(Known(value));

    static bool INumberBase<Expr>.IsFinite(Expr value) => double.IsFinite(Known(value));

    static bool INumberBase<Expr>.IsInfinity(Expr value) => double.IsInfinity(Known(value));

    static bool INumberBase<Expr>.IsInteger(Expr value) => double.IsInteger(Known(value));

    static bool INumberBase<Expr>.IsNaN(Expr value) => double.IsNaN(Known(value));

    static bool INumberBase<Expr>.IsNegative(Expr value) => double.IsNegative(Known(value));

    static bool INumberBase<Expr>.IsNegativeInfinity(Expr value) => double.IsNegativeInfinity(Known(value));

    static bool INumberBase<Expr>.IsNormal(Expr value) => double.IsNormal(Known(value));

    static bool INumberBase<Expr>.IsOddInteger(Expr value) => double.IsOddInteger(Known(value));

    static bool INumberBase<Expr>.IsPositive(Expr value) => double.IsPositive(Known(value));

    static bool INumberBase<Expr>.IsPositiveInfinity(Expr value) => double.IsPositiveInfinity(Known(value));

    static bool INumberBase<Expr>.IsRealNumber(Expr value) => double.IsRealNumber(Known(value));

    static bool INumberBase<Expr>.IsSubnormal(Expr value) => double.IsSubnormal(Known(value));

    static bool INumberBase<Expr>.IsZero(Expr value) => Known(value) == 0;

    static Expr INumberBase<Expr>.MaxMagnitude(Expr x, Expr y) => Select(Abs(x) >= Abs(y), x, y);

    static Expr INumberBase<Expr>.MaxMagnitudeNumber(Expr x, Expr y) => Select((Abs(x) >= Abs(y)) | NotEqual(y, y), x, y);

    static Expr INumberBase<Expr>.MinMagnitude(Expr x, Expr y) => Select(Abs(x) <= Abs(y), x, y);

    static Expr INumberBase<Expr>.MinMagnitudeNumber(Expr x, Expr y) => Select((Abs(x) <= Abs(y)) | NotEqual(y, y), x, y);

    static Expr INumberBase<Expr>.Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => double.Parse(s, style, provider);

    static Expr INumberBase<Expr>.Parse(string s, NumberStyles style, IFormatProvider? provider) => double.Parse(s, style, provider);

    static Expr ISpanParsable<Expr>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => double.Parse(s, provider);

    static Expr IParsable<Expr>.Parse(string s, IFormatProvider? provider) => double.Parse(s, provider);

    static bool INumberBase<Expr>.TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, style, provider, out var number), number, out result);

    static bool INumberBase<Expr>.TryParse(
        [NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, style, provider, out var number), number, out result);

    static bool ISpanParsable<Expr>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, provider, out var number), number, out result);

    static bool IParsable<Expr>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Expr result) =>
        Parsed(double.TryParse(s, provider, out var number), number, out result);

    static bool INumberBase<Expr>.TryConvertFromChecked<TOther>(TOther value, [MaybeNullWhen(false)] out Expr result)
    {
        result = double.CreateChecked(value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertFromSaturating<TOther>(TOther value, [MaybeNullWhen(false)] out Expr result)
    {
        result = double.CreateSaturating(value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertFromTruncating<TOther>(TOther value, [MaybeNullWhen(false)] out Expr result)
    {
        result = double.CreateTruncating(value);
        return true;
    }

    static bool INumberBase<Expr>.TryConvertToChecked<TOther>(Expr value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(Known(value));
        return true;
    }

    static bool INumberBase<Expr>.TryConvertToSaturating<TOther>(Expr value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateSaturating(Known(value));
        return true;
    }

    static bool INumberBase<Expr>.TryConvertToTruncating<TOther>(Expr value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateTruncating(Known(value));
        return true;
    }

    private static double Known(Expr value) => value.Uniform() ?? throw new NotSupportedException(
        $"generic code asked for the value of the expression {value}, which is known only once it is evaluated; "
        + "choose with Expr.Select, which keeps both branches in the graph, or evaluate first");

    private static bool Parsed(bool success, double number, [MaybeNullWhen(false)] out Expr result)
    {
        result = success ? number : null;
        return success;
    }
}
