using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>One number: for what is left over when a width does not divide a length, and for machines without vectors.</summary>
internal readonly struct OneLane<T>(T value) : ILanes<OneLane<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    public static int Count => 1;

    public static bool IsSingle => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator +(OneLane<T> x, OneLane<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator -(OneLane<T> x, OneLane<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator *(OneLane<T> x, OneLane<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator /(OneLane<T> x, OneLane<T> y) => new(x._value / y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator -(OneLane<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Create(double value) => new(T.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Broadcast(T value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Load(ref T source, nint index) => new(Unsafe.Add(ref source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OneLane<T> value, ref T target, nint index) => Unsafe.Add(ref target, index) = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Abs(OneLane<T> x) => new(T.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Sqrt(OneLane<T> x) => new(T.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Max(OneLane<T> x, OneLane<T> y) => new(T.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Min(OneLane<T> x, OneLane<T> y) => new(T.Min(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Floor(OneLane<T> x) => new(T.Floor(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Ceiling(OneLane<T> x) => new(T.Ceiling(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Round(OneLane<T> x) => new(T.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Clamp(OneLane<T> x, OneLane<T> low, OneLane<T> high) =>
        x._value > high._value ? high : x._value < low._value ? low : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> CopySign(OneLane<T> x, OneLane<T> sign) => new(T.CopySign(x._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Greater(OneLane<T> x, OneLane<T> y) => Mask(x._value > y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> GreaterOrEqual(OneLane<T> x, OneLane<T> y) => Mask(x._value >= y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Equal(OneLane<T> x, OneLane<T> y) => Mask(x._value == y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> NotEqual(OneLane<T> x, OneLane<T> y) => Mask(x._value != y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Select(OneLane<T> mask, OneLane<T> x, OneLane<T> y) => Bits(mask) != 0 ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> SelectNegative(OneLane<T> sign, OneLane<T> x, OneLane<T> y) => T.IsNegative(sign._value) ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> And(OneLane<T> x, OneLane<T> y) => Number(Bits(x) & Bits(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Or(OneLane<T> x, OneLane<T> y) => Number(Bits(x) | Bits(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Xor(OneLane<T> x, OneLane<T> y) => Number(Bits(x) ^ Bits(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> ShiftLeft(OneLane<T> x, int count) => Number(Bits(x) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> ShiftRight(OneLane<T> x, int count) => Number(Bits(x) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Scale(OneLane<T> x, OneLane<T> n) => LaneBits.Scale(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Exponent(OneLane<T> x) => LaneBits.Exponent(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Fraction(OneLane<T> x) => LaneBits.Fraction(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(OneLane<T> x) => x._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> MultiplyAdd(OneLane<T> x, OneLane<T> y, OneLane<T> z) =>
        new(T.FusedMultiplyAdd(x._value, y._value, z._value));

    public static T Greatest(OneLane<T> x) => x._value;

    public static T Least(OneLane<T> x) => x._value;

    public static OneLane<T> Load(ref T source, nint index, nint stride) => Load(ref source, index);

    public static void Store(OneLane<T> value, ref T target, nint index, nint stride) => Store(value, ref target, index);

    public static OneLane<T> Each<TKernel>(OneLane<T> x, TKernel kernel)
        where TKernel : struct, IUnaryKernel => new(kernel.Apply(x._value));

    public static OneLane<T> Each<TKernel>(OneLane<T> x, OneLane<T> y, TKernel kernel)
        where TKernel : struct, IBinaryKernel => new(kernel.Apply(x._value, y._value));

    public static OneLane<T> EachWhere<TKernel>(OneLane<T> mask, OneLane<T> x, TKernel kernel, OneLane<T> otherwise)
        where TKernel : struct, IUnaryKernel => Bits(mask) != 0 ? Each(x, kernel) : otherwise;

    private static OneLane<T> Mask(bool holds) => Number(holds ? ulong.MaxValue : 0);

    // A number of single precision has its bits in the lower half.
    private static ulong Bits(OneLane<T> x) => IsSingle ? Unsafe.BitCast<T, uint>(x._value) : Unsafe.BitCast<T, ulong>(x._value);

    private static OneLane<T> Number(ulong bits) =>
        new(IsSingle ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits));
}
