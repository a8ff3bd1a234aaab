using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>The lanes of a register of 128 bits.</summary>
internal readonly struct Lanes128<T>(Vector128<T> value) : ILanes<Lanes128<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value = value;

    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> x, Lanes128<T> y) => new(x._value + y._value);

    public static Lanes128<T> operator -(Lanes128<T> x, Lanes128<T> y) => new(x._value - y._value);

    public static Lanes128<T> operator *(Lanes128<T> x, Lanes128<T> y) => new(x._value * y._value);

    public static Lanes128<T> operator /(Lanes128<T> x, Lanes128<T> y) => new(x._value / y._value);

    public static Lanes128<T> operator -(Lanes128<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Create(double value) => new(Vector128.Create(T.CreateTruncating(value)));

    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(ref T source, nint index) => new(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, ref T target, nint index) => value._value.StoreUnsafe(ref Unsafe.Add(ref target, index));

    public static Lanes128<T> Abs(Lanes128<T> x) => new(Vector128.Abs(x._value));

    public static Lanes128<T> Sqrt(Lanes128<T> x) => new(Vector128.Sqrt(x._value));

    public static Lanes128<T> Max(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Max(x._value, y._value));

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

    public static Lanes128<T> Greater(Lanes128<T> x, Lanes128<T> y) => Number(Vector128.GreaterThan(x._value, y._value));

    public static Lanes128<T> GreaterOrEqual(Lanes128<T> x, Lanes128<T> y) => Number(Vector128.GreaterThanOrEqual(x._value, y._value));

    public static Lanes128<T> Equal(Lanes128<T> x, Lanes128<T> y) => Number(Vector128.Equals(x._value, y._value));

    public static Lanes128<T> NotEqual(Lanes128<T> x, Lanes128<T> y) => Number(~Vector128.Equals(x._value, y._value));

    public static Lanes128<T> Select(Lanes128<T> condition, Lanes128<T> x, Lanes128<T> y) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(condition._value, Vector128<T>.Zero), y._value, x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Exp(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Exp(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Exp(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Log(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Log(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Log(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sin(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Sin(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Sin(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Cos(Lanes128<T> x) => typeof(T) == typeof(double)
        ? new(Vector128.Cos(x._value.AsDouble()).As<double, T>())
        : new(Vector128.Cos(x._value.AsSingle()).As<float, T>());

    public static T Sum(Lanes128<T> x) => Vector128.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> x, Lanes128<T> y, Lanes128<T> z) => typeof(T) == typeof(double)
        ? new(Vector128.FusedMultiplyAdd(x._value.AsDouble(), y._value.AsDouble(), z._value.AsDouble()).As<double, T>())
        : new(Vector128.FusedMultiplyAdd(x._value.AsSingle(), y._value.AsSingle(), z._value.AsSingle()).As<float, T>());

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128<T> Number(Vector128<T> holds) => new(holds & Vector128<T>.One);
}
