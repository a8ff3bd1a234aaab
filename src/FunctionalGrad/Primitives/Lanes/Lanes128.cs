using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>The lanes of a register of 128 bits.</summary>
internal readonly struct Lanes128<T>(Vector128<T> value) : ILanes<Lanes128<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value = value;

    public Vector128<T> Value => _value;

    public static int Count => Vector128<T>.Count;

    public static bool IsSingle => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> x, Lanes128<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> x, Lanes128<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> x, Lanes128<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> x, Lanes128<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Create(double value) => new(Vector128.Create(T.CreateTruncating(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(ref T source, nint index) => new(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, ref T target, nint index) => value._value.StoreUnsafe(ref Unsafe.Add(ref target, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> x) => new(Vector128.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Floor(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Floor(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Floor(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Ceiling(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Ceiling(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Ceiling(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Round(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Round(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Clamp(Lanes128<T> x, Lanes128<T> low, Lanes128<T> high) =>
        new(Vector128.MinNative(high._value, Vector128.MaxNative(low._value, x._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> CopySign(Lanes128<T> x, Lanes128<T> sign) => new(Vector128.CopySign(x._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Greater(Lanes128<T> x, Lanes128<T> y) => new(Vector128.GreaterThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> GreaterOrEqual(Lanes128<T> x, Lanes128<T> y) => new(Vector128.GreaterThanOrEqual(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Equal(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> NotEqual(Lanes128<T> x, Lanes128<T> y) => new(~Vector128.Equals(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> x, Lanes128<T> y) =>
        new(Vector128.ConditionalSelect(mask._value, x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SelectNegative(Lanes128<T> sign, Lanes128<T> x, Lanes128<T> y) =>
        new(Vector128.ConditionalSelect(Vector128.IsNegative(sign._value), x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> And(Lanes128<T> x, Lanes128<T> y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Or(Lanes128<T> x, Lanes128<T> y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Xor(Lanes128<T> x, Lanes128<T> y) => new(x._value ^ y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftLeft(Lanes128<T> x, int count) => typeof(T) == typeof(double)
        ? new(Vector128.ShiftLeft(x._value.AsUInt64(), count).As<ulong, T>())
        : new(Vector128.ShiftLeft(x._value.AsUInt32(), count).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftRight(Lanes128<T> x, int count) => typeof(T) == typeof(double)
        ? new(Vector128.ShiftRightLogical(x._value.AsUInt64(), count).As<ulong, T>())
        : new(Vector128.ShiftRightLogical(x._value.AsUInt32(), count).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Scale(Lanes128<T> x, Lanes128<T> n) =>
        !Avx512F.VL.IsSupported ? LaneBits.Scale(x, n)
        : typeof(T) == typeof(double)
        ? new(Avx512F.VL.Scale(x._value.AsDouble(), n._value.AsDouble()).As<double, T>())
        : new(Avx512F.VL.Scale(x._value.AsSingle(), n._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Exponent(Lanes128<T> x) =>
        !Avx512F.VL.IsSupported ? LaneBits.Exponent(x)
        : typeof(T) == typeof(double)
        ? new(Avx512F.VL.GetExponent(x._value.AsDouble()).As<double, T>())
        : new(Avx512F.VL.GetExponent(x._value.AsSingle()).As<float, T>());

    // The instruction's own code 3 stands for the interval [¾, 1½).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Fraction(Lanes128<T> x) =>
        !Avx512F.VL.IsSupported ? LaneBits.Fraction(x)
        : typeof(T) == typeof(double)
        ? new(Avx512F.VL.GetMantissa(x._value.AsDouble(), 3).As<double, T>())
        : new(Avx512F.VL.GetMantissa(x._value.AsSingle(), 3).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> x) => Vector128.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> x, Lanes128<T> y, Lanes128<T> z) => typeof(T) == typeof(double)
        ? new(Vector128.FusedMultiplyAdd(x._value.AsDouble(), y._value.AsDouble(), z._value.AsDouble()).As<double, T>())
        : new(Vector128.FusedMultiplyAdd(x._value.AsSingle(), y._value.AsSingle(), z._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Greatest(Lanes128<T> x) => typeof(T) == typeof(double)
        ? T.Max(x._value[0], x._value[1])
        : T.Max(T.Max(x._value[0], x._value[1]), T.Max(x._value[2], x._value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Least(Lanes128<T> x) => typeof(T) == typeof(double)
        ? T.Min(x._value[0], x._value[1])
        : T.Min(T.Min(x._value[0], x._value[1]), T.Min(x._value[2], x._value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(ref T source, nint index, nint stride)
    {
        ref var first = ref Unsafe.Add(ref source, index);
        return typeof(T) == typeof(double)
            ? new(Vector128.Create(Double(ref first, 0), Double(ref first, stride)).As<double, T>())
            : new(Vector128.Create(
                Single(ref first, 0), Single(ref first, stride), Single(ref first, 2 * stride), Single(ref first, 3 * stride)).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, ref T target, nint index, nint stride)
    {
        for (var i = 0; i < Count; i++)
        {
            Unsafe.Add(ref target, index + (i * stride)) = value._value[i];
        }
    }

    public static Lanes128<T> Each<TKernel>(Lanes128<T> x, TKernel kernel)
        where TKernel : struct, IUnaryKernel
    {
        var result = x._value;
        for (var i = 0; i < Count; i++)
        {
            result = result.WithElement(i, kernel.Apply(x._value[i]));
        }

        return new(result);
    }

    public static Lanes128<T> Each<TKernel>(Lanes128<T> x, Lanes128<T> y, TKernel kernel)
        where TKernel : struct, IBinaryKernel
    {
        var result = x._value;
        for (var i = 0; i < Count; i++)
        {
            result = result.WithElement(i, kernel.Apply(x._value[i], y._value[i]));
        }

        return new(result);
    }

    private static double Double(ref T first, nint index) => Unsafe.As<T, double>(ref Unsafe.Add(ref first, index));

    private static float Single(ref T first, nint index) => Unsafe.As<T, float>(ref Unsafe.Add(ref first, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> EachWhere<TKernel>(Lanes128<T> mask, Lanes128<T> x, TKernel kernel, Lanes128<T> otherwise)
        where TKernel : struct, IUnaryKernel =>
        Vector128.EqualsAll(mask._value.AsByte(), Vector128<byte>.Zero) ? otherwise : Exceptional(mask, x, kernel, otherwise);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes128<T> Exceptional<TKernel>(Lanes128<T> mask, Lanes128<T> x, TKernel kernel, Lanes128<T> otherwise)
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
