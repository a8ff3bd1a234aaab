using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>The lanes of a register of 256 bits.</summary>
internal readonly struct Lanes256<T>(Vector256<T> value) : ILanes<Lanes256<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value = value;

    public Vector256<T> Value => _value;

    public static int Count => Vector256<T>.Count;

    public static bool IsSingle => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> x, Lanes256<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x, Lanes256<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> x, Lanes256<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> x, Lanes256<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Create(double value) => new(Vector256.Create(T.CreateTruncating(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(ref T source, nint index) => new(Vector256.LoadUnsafe(ref Unsafe.Add(ref source, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, ref T target, nint index) => value._value.StoreUnsafe(ref Unsafe.Add(ref target, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> x) => new(Vector256.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> x) => new(Vector256.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> x) => typeof(T) == typeof(double)
        ? new(Vector256.Floor(x._value.AsDouble()).As<double, T>())
        : new(Vector256.Floor(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Ceiling(Lanes256<T> x) => typeof(T) == typeof(double)
        ? new(Vector256.Ceiling(x._value.AsDouble()).As<double, T>())
        : new(Vector256.Ceiling(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> x) => typeof(T) == typeof(double)
        ? new(Vector256.Round(x._value.AsDouble()).As<double, T>())
        : new(Vector256.Round(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Clamp(Lanes256<T> x, Lanes256<T> low, Lanes256<T> high) =>
        new(Vector256.MinNative(high._value, Vector256.MaxNative(low._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> CopySign(Lanes256<T> x, Lanes256<T> sign) => new(Vector256.CopySign(x._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Greater(Lanes256<T> x, Lanes256<T> y) => new(Vector256.GreaterThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> GreaterOrEqual(Lanes256<T> x, Lanes256<T> y) => new(Vector256.GreaterThanOrEqual(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Equal(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> NotEqual(Lanes256<T> x, Lanes256<T> y) => new(~Vector256.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> x, Lanes256<T> y) =>
        new(Vector256.ConditionalSelect(mask._value, x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SelectNegative(Lanes256<T> sign, Lanes256<T> x, Lanes256<T> y) =>
        new(Vector256.ConditionalSelect(Vector256.IsNegative(sign._value), x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> And(Lanes256<T> x, Lanes256<T> y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Or(Lanes256<T> x, Lanes256<T> y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Xor(Lanes256<T> x, Lanes256<T> y) => new(x._value ^ y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftLeft(Lanes256<T> x, int count) => typeof(T) == typeof(double)
        ? new(Vector256.ShiftLeft(x._value.AsUInt64(), count).As<ulong, T>())
        : new(Vector256.ShiftLeft(x._value.AsUInt32(), count).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftRight(Lanes256<T> x, int count) => typeof(T) == typeof(double)
        ? new(Vector256.ShiftRightLogical(x._value.AsUInt64(), count).As<ulong, T>())
        : new(Vector256.ShiftRightLogical(x._value.AsUInt32(), count).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Scale(Lanes256<T> x, Lanes256<T> n) =>
        !Avx512F.VL.IsSupported ? LaneBits.Scale(x, n)
        : typeof(T) == typeof(double)
        ? new(Avx512F.VL.Scale(x._value.AsDouble(), n._value.AsDouble()).As<double, T>())
        : new(Avx512F.VL.Scale(x._value.AsSingle(), n._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Exponent(Lanes256<T> x) =>
        !Avx512F.VL.IsSupported ? LaneBits.Exponent(x)
        : typeof(T) == typeof(double)
        ? new(Avx512F.VL.GetExponent(x._value.AsDouble()).As<double, T>())
        : new(Avx512F.VL.GetExponent(x._value.AsSingle()).As<float, T>());

    // The instruction's own code 3 stands for the interval [¾, 1½).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Fraction(Lanes256<T> x) =>
        !Avx512F.VL.IsSupported ? LaneBits.Fraction(x)
        : typeof(T) == typeof(double)
        ? new(Avx512F.VL.GetMantissa(x._value.AsDouble(), 3).As<double, T>())
        : new(Avx512F.VL.GetMantissa(x._value.AsSingle(), 3).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> x) => Vector256.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> x, Lanes256<T> y, Lanes256<T> z) => typeof(T) == typeof(double)
        ? new(Vector256.FusedMultiplyAdd(x._value.AsDouble(), y._value.AsDouble(), z._value.AsDouble()).As<double, T>())
        : new(Vector256.FusedMultiplyAdd(x._value.AsSingle(), y._value.AsSingle(), z._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Greatest(Lanes256<T> x) => Lanes128<T>.Greatest(new(Vector128.Max(x._value.GetLower(), x._value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Least(Lanes256<T> x) => Lanes128<T>.Least(new(Vector128.Min(x._value.GetLower(), x._value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(ref T source, nint index, nint stride) => new(Vector256.Create(
        Lanes128<T>.Load(ref source, index, stride).Value,
        Lanes128<T>.Load(ref source, index + (Vector128<T>.Count * stride), stride).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, ref T target, nint index, nint stride)
    {
        Lanes128<T>.Store(new(value._value.GetLower()), ref target, index, stride);
        Lanes128<T>.Store(new(value._value.GetUpper()), ref target, index + (Vector128<T>.Count * stride), stride);
    }

    public static Lanes256<T> Each<TKernel>(Lanes256<T> x, TKernel kernel)
        where TKernel : struct, IUnaryKernel
    {
        var result = x._value;
        for (var i = 0; i < Count; i++)
        {
            result = result.WithElement(i, kernel.Apply(x._value[i]));
        }

        return new(result);
    }

    public static Lanes256<T> Each<TKernel>(Lanes256<T> x, Lanes256<T> y, TKernel kernel)
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
    public static Lanes256<T> EachWhere<TKernel>(Lanes256<T> mask, Lanes256<T> x, TKernel kernel, Lanes256<T> otherwise)
        where TKernel : struct, IUnaryKernel =>
        Vector256.EqualsAll(mask._value.AsByte(), Vector256<byte>.Zero) ? otherwise : Exceptional(mask, x, kernel, otherwise);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes256<T> Exceptional<TKernel>(Lanes256<T> mask, Lanes256<T> x, TKernel kernel, Lanes256<T> otherwise)
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
