using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad;

/// <summary>The lanes of a register of 512 bits.</summary>
internal readonly struct Lanes512<T>(Vector512<T> value) : ILanes<Lanes512<T>, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> x, Lanes512<T> y) => new(x._value + y._value);

    public static Lanes512<T> operator -(Lanes512<T> x, Lanes512<T> y) => new(x._value - y._value);

    public static Lanes512<T> operator *(Lanes512<T> x, Lanes512<T> y) => new(x._value * y._value);

    public static Lanes512<T> operator /(Lanes512<T> x, Lanes512<T> y) => new(x._value / y._value);

    public static Lanes512<T> operator -(Lanes512<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Create(double value) => new(Vector512.Create(T.CreateTruncating(value)));

    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(ref T source, nint index) => new(Vector512.LoadUnsafe(ref Unsafe.Add(ref source, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, ref T target, nint index) => value._value.StoreUnsafe(ref Unsafe.Add(ref target, index));

    public static Lanes512<T> Abs(Lanes512<T> x) => new(Vector512.Abs(x._value));

    public static Lanes512<T> Sqrt(Lanes512<T> x) => new(Vector512.Sqrt(x._value));

    public static Lanes512<T> Max(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Max(x._value, y._value));

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

    public static Lanes512<T> Greater(Lanes512<T> x, Lanes512<T> y) => Number(Vector512.GreaterThan(x._value, y._value));

    public static Lanes512<T> GreaterOrEqual(Lanes512<T> x, Lanes512<T> y) => Number(Vector512.GreaterThanOrEqual(x._value, y._value));

    public static Lanes512<T> Equal(Lanes512<T> x, Lanes512<T> y) => Number(Vector512.Equals(x._value, y._value));

    public static Lanes512<T> NotEqual(Lanes512<T> x, Lanes512<T> y) => Number(~Vector512.Equals(x._value, y._value));

    public static Lanes512<T> Select(Lanes512<T> condition, Lanes512<T> x, Lanes512<T> y) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(condition._value, Vector512<T>.Zero), y._value, x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Exp(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Exp(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Exp(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Log(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Log(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Log(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sin(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Sin(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Sin(x._value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Cos(Lanes512<T> x) => typeof(T) == typeof(double)
        ? new(Vector512.Cos(x._value.AsDouble()).As<double, T>())
        : new(Vector512.Cos(x._value.AsSingle()).As<float, T>());

    public static T Sum(Lanes512<T> x) => Vector512.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> x, Lanes512<T> y, Lanes512<T> z) => typeof(T) == typeof(double)
        ? new(Vector512.FusedMultiplyAdd(x._value.AsDouble(), y._value.AsDouble(), z._value.AsDouble()).As<double, T>())
        : new(Vector512.FusedMultiplyAdd(x._value.AsSingle(), y._value.AsSingle(), z._value.AsSingle()).As<float, T>());

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
    private static Lanes512<T> Number(Vector512<T> holds) => new(holds & Vector512<T>.One);
}
