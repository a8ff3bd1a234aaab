using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>One number: for what is left over when a width does not divide a length, and for machines without vectors.</summary>
internal readonly struct OneLane<T>(T value) : ILanes<OneLane<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    public static int Count => 1;

    public static OneLane<T> operator +(OneLane<T> x, OneLane<T> y) => new(x._value + y._value);

    public static OneLane<T> operator -(OneLane<T> x, OneLane<T> y) => new(x._value - y._value);

    public static OneLane<T> operator *(OneLane<T> x, OneLane<T> y) => new(x._value * y._value);

    public static OneLane<T> operator /(OneLane<T> x, OneLane<T> y) => new(x._value / y._value);

    public static OneLane<T> operator -(OneLane<T> x) => new(-x._value);

    public static OneLane<T> Create(double value) => new(T.CreateTruncating(value));

    public static OneLane<T> Broadcast(T value) => new(value);

    public static OneLane<T> Load(ref T source, nint index) => new(Unsafe.Add(ref source, index));

    public static void Store(OneLane<T> value, ref T target, nint index) => Unsafe.Add(ref target, index) = value._value;

    public static OneLane<T> Abs(OneLane<T> x) => new(T.Abs(x._value));

    public static OneLane<T> Sqrt(OneLane<T> x) => new(T.Sqrt(x._value));

    public static OneLane<T> Max(OneLane<T> x, OneLane<T> y) => new(T.Max(x._value, y._value));

    public static OneLane<T> Min(OneLane<T> x, OneLane<T> y) => new(T.Min(x._value, y._value));

    public static OneLane<T> Floor(OneLane<T> x) => new(T.Floor(x._value));

    public static OneLane<T> Ceiling(OneLane<T> x) => new(T.Ceiling(x._value));

    public static OneLane<T> Round(OneLane<T> x) => new(T.Round(x._value));

    public static OneLane<T> Greater(OneLane<T> x, OneLane<T> y) => Number(x._value > y._value);

    public static OneLane<T> GreaterOrEqual(OneLane<T> x, OneLane<T> y) => Number(x._value >= y._value);

    public static OneLane<T> Equal(OneLane<T> x, OneLane<T> y) => Number(x._value == y._value);

    public static OneLane<T> NotEqual(OneLane<T> x, OneLane<T> y) => Number(x._value != y._value);

    public static OneLane<T> Select(OneLane<T> condition, OneLane<T> x, OneLane<T> y) => condition._value != T.Zero ? x : y;

    public static OneLane<T> Exp(OneLane<T> x) => new(T.Exp(x._value));

    public static OneLane<T> Log(OneLane<T> x) => new(T.Log(x._value));

    public static OneLane<T> Sin(OneLane<T> x) => new(T.Sin(x._value));

    public static OneLane<T> Cos(OneLane<T> x) => new(T.Cos(x._value));

    public static T Sum(OneLane<T> x) => x._value;

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

    private static OneLane<T> Number(bool holds) => new(holds ? T.One : T.Zero);
}
