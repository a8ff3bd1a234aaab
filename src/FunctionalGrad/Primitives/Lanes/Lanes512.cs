using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>The lanes of a register of 512 bits.</summary>
internal readonly struct Lanes512<T>(Vector512<T> value) : ILanes<Lanes512<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    public static bool IsSingle => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> x, Lanes512<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x, Lanes512<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> x, Lanes512<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> x, Lanes512<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Create(double value) => new(Vector512.Create(T.CreateTruncating(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(ref T source, nint index) => new(Vector512.LoadUnsafe(ref Unsafe.Add(ref source, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, ref T target, nint index) => value._value.StoreUnsafe(ref Unsafe.Add(ref target, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> x) => new(Vector512.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> x) => new(Vector512.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Floor(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Floor(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Ceiling(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Ceiling(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Ceiling(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Round(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Round(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Clamp(Lanes512<T> x, Lanes512<T> low, Lanes512<T> high) =>
        new(Vector512.MinNative(high._value, Vector512.MaxNative(low._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> CopySign(Lanes512<T> x, Lanes512<T> sign) => new(Vector512.CopySign(x._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Greater(Lanes512<T> x, Lanes512<T> y) => new(Vector512.GreaterThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> GreaterOrEqual(Lanes512<T> x, Lanes512<T> y) => new(Vector512.GreaterThanOrEqual(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Equal(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> NotEqual(Lanes512<T> x, Lanes512<T> y) => new(~Vector512.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> x, Lanes512<T> y) =>
        new(Vector512.ConditionalSelect(mask._value, x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SelectNegative(Lanes512<T> sign, Lanes512<T> x, Lanes512<T> y) =>
        new(Vector512.ConditionalSelect(Vector512.IsNegative(sign._value), x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> And(Lanes512<T> x, Lanes512<T> y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Or(Lanes512<T> x, Lanes512<T> y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Xor(Lanes512<T> x, Lanes512<T> y) => new(x._value ^ y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftLeft(Lanes512<T> x, int count) => typeof(T) == typeof(double)
        ? new(Vector512.ShiftLeft(x._value.AsUInt64(), count).As<ulong, T>())
        : new(Vector512.ShiftLeft(x._value.AsUInt32(), count).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftRight(Lanes512<T> x, int count) => typeof(T) == typeof(double)
        ? new(Vector512.ShiftRightLogical(x._value.AsUInt64(), count).As<ulong, T>())
        : new(Vector512.ShiftRightLogical(x._value.AsUInt32(), count).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Scale(Lanes512<T> x, Lanes512<T> n) =>
        !Avx512F.IsSupported ? LaneBits.Scale(x, n)
        : typeof(T) == typeof(double)
        ? new(Avx512F.Scale(x._value.AsDouble(), n._value.AsDouble()).As<double, T>())
        : new(Avx512F.Scale(x._value.AsSingle(), n._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Exponent(Lanes512<T> x) =>
        !Avx512F.IsSupported ? LaneBits.Exponent(x)
        : typeof(T) == typeof(double)
        ? new(Avx512F.GetExponent(x._value.AsDouble()).As<double, T>())
        : new(Avx512F.GetExponent(x._value.AsSingle()).As<float, T>());

    // The instruction's own code 3 stands for the interval [¾, 1½).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Fraction(Lanes512<T> x) =>
        !Avx512F.IsSupported ? LaneBits.Fraction(x)
        : typeof(T) == typeof(double)
        ? new(Avx512F.GetMantissa(x._value.AsDouble(), 3).As<double, T>())
        : new(Avx512F.GetMantissa(x._value.AsSingle(), 3).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> x) => Vector512.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> x, Lanes512<T> y, Lanes512<T> z) => typeof(T) == typeof(double)
        ? new(Vector512.FusedMultiplyAdd(x._value.AsDouble(), y._value.AsDouble(), z._value.AsDouble()).As<double, T>())
        : new(Vector512.FusedMultiplyAdd(x._value.AsSingle(), y._value.AsSingle(), z._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Greatest(Lanes512<T> x) => Lanes256<T>.Greatest(new(Vector256.Max(x._value.GetLower(), x._value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Least(Lanes512<T> x) => Lanes256<T>.Least(new(Vector256.Min(x._value.GetLower(), x._value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(ref T source, nint index, nint stride) => new(Vector512.Create(
        Lanes256<T>.Load(ref source, index, stride).Value,
        Lanes256<T>.Load(ref source, index + (Vector256<T>.Count * stride), stride).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, ref T target, nint index, nint stride)
    {
        Lanes256<T>.Store(new(value._value.GetLower()), ref target, index, stride);
        Lanes256<T>.Store(new(value._value.GetUpper()), ref target, index + (Vector256<T>.Count * stride), stride);
    }

    public static Lanes512<T> Each<TKernel>(Lanes512<T> x, TKernel kernel)
        where TKernel : struct, IUnaryKernel
    {
        var result = x._value;
        for (var i = 0; i < Count; i++)
        {
            result = result.WithElement(i, kernel.Apply(x._value[i]));
        }

        return new(result);
    }

    public static Lanes512<T> Each<TKernel>(Lanes512<T> x, Lanes512<T> y, TKernel kernel)
        where TKernel : struct, IBinaryKernel
    {
        var result = x._value;
        for (var i = 0; i < Count; i++)
        {
            result = result.WithElement(i, kernel.Apply(x._value[i], y._value[i]));
        }

        return new(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> EachWhere<TKernel>(Lanes512<T> mask, Lanes512<T> x, TKernel kernel, Lanes512<T> otherwise)
        where TKernel : struct, IUnaryKernel =>
        Vector512.EqualsAll(mask._value.AsByte(), Vector512<byte>.Zero) ? otherwise : Exceptional(mask, x, kernel, otherwise);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes512<T> Exceptional<TKernel>(Lanes512<T> mask, Lanes512<T> x, TKernel kernel, Lanes512<T> otherwise)
        where TKernel : struct, IUnaryKernel
    {
        var result = otherwise._value;
        for (var i = 0; i < Count; i++)
        {
            // A lane of a mask that holds is NaN as a number.
            if (T.IsNaN(mask._value[i]))
            {
                result = result.WithElement(i, kernel.Apply(x._value[i]));
            }
        }

        return new(result);
    }
}
