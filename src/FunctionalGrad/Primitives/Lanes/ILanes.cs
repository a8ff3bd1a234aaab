using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Several numbers worked on at once: a vector register, or one number where there is none. A kernel written over lanes
/// is one formula that serves every width. Conditions are numbers, as comparisons are: not 0 holds.
/// </summary>
/// <typeparam name="V">The implementing type.</typeparam>
internal interface ILanes<V> :
    IAdditionOperators<V, V, V>,
    ISubtractionOperators<V, V, V>,
    IMultiplyOperators<V, V, V>,
    IDivisionOperators<V, V, V>,
    IUnaryNegationOperators<V, V>
    where V : struct, ILanes<V>
{
    static abstract V Create(double value);

    static abstract V Abs(V x);

    static abstract V Sqrt(V x);

    static abstract V Max(V x, V y);

    static abstract V Min(V x, V y);

    static abstract V Floor(V x);

    static abstract V Ceiling(V x);

    static abstract V Round(V x);

    static abstract V Greater(V x, V y);

    static abstract V GreaterOrEqual(V x, V y);

    static abstract V Equal(V x, V y);

    static abstract V NotEqual(V x, V y);

    static abstract V Select(V condition, V x, V y);

    static abstract V Exp(V x);

    static abstract V Log(V x);

    static abstract V Sin(V x);

    static abstract V Cos(V x);

    /// <summary>Each lane through a kernel for single numbers: for functions that have no vector form.</summary>
    static abstract V Each<TKernel>(V x, TKernel kernel)
        where TKernel : struct, IUnaryKernel;

    /// <summary>Each pair of lanes through a kernel for single numbers.</summary>
    static abstract V Each<TKernel>(V x, V y, TKernel kernel)
        where TKernel : struct, IBinaryKernel;
}

/// <summary>Lanes of one precision, which can be read from memory and written to it.</summary>
internal interface ILanes<V, T> : ILanes<V>
    where V : struct, ILanes<V, T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers stand side by side.</summary>
    static abstract int Count { get; }

    static abstract V Broadcast(T value);

    static abstract V Load(ref T source, nint index);

    static abstract void Store(V value, ref T target, nint index);

    static abstract T Sum(V x);

    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>The greatest of the lanes, NaN where one is NaN.</summary>
    static abstract T Greatest(V x);

    /// <summary>The least of the lanes, NaN where one is NaN.</summary>
    static abstract T Least(V x);

    /// <summary>Numbers that stand a stride apart.</summary>
    static abstract V Load(ref T source, nint index, nint stride);

    static abstract void Store(V value, ref T target, nint index, nint stride);
}
