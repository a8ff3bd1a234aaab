using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// Several numbers worked on at once: a vector register, or one number where there is none. A kernel written over lanes
/// is one formula that serves every width.
/// </summary>
/// <remarks>
/// Every member rounds as IEEE 754 says and gives each lane the same bits at every width, so a result never depends on the
/// width or on an entry's place. A comparison gives a mask: every bit of a lane set where it holds, none where it does not.
/// Kernels take no decision on the value of a lane, so that they can be recorded once and run for all.
/// </remarks>
/// <typeparam name="V">The implementing type.</typeparam>
internal interface ILanes<V> :
    IAdditionOperators<V, V, V>,
    ISubtractionOperators<V, V, V>,
    IMultiplyOperators<V, V, V>,
    IDivisionOperators<V, V, V>,
    IUnaryNegationOperators<V, V>
    where V : struct, ILanes<V>
{
    /// <summary>Whether the numbers are of single precision rather than double: what coefficients depend on.</summary>
    static abstract bool IsSingle { get; }

    /// <summary>One number in every lane, rounded to their precision.</summary>
    static abstract V Create(double value);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    static abstract V Abs(V x);

    static abstract V Sqrt(V x);

    /// <summary>The greater one; NaN where either is, and 0 rather than −0.</summary>
    static abstract V Max(V x, V y);

    /// <summary>The lesser one; NaN where either is, and −0 rather than 0.</summary>
    static abstract V Min(V x, V y);

    /// <summary>x kept between bounds that are neither NaN nor 0, a NaN staying one: cheaper than a maximum and a minimum.</summary>
    static abstract V Clamp(V x, V low, V high);

    static abstract V Floor(V x);

    static abstract V Ceiling(V x);

    /// <summary>The nearest whole number, halves to even.</summary>
    static abstract V Round(V x);

    /// <summary>The magnitude of x with the sign of another number.</summary>
    static abstract V CopySign(V x, V sign);

    static abstract V Greater(V x, V y);

    static abstract V GreaterOrEqual(V x, V y);

    static abstract V Equal(V x, V y);

    static abstract V NotEqual(V x, V y);

    /// <summary>x where a mask holds and y elsewhere.</summary>
    static abstract V Select(V mask, V x, V y);

    /// <summary>
    /// x where the sign bit of a number is set and y elsewhere. Unlike a choice by a mask it is never a jump: for what
    /// cannot be foreseen.
    /// </summary>
    static abstract V SelectNegative(V sign, V x, V y);

    /// <summary>The bits that both have: of two masks, where both hold; of a mask and 1, the mask as a number.</summary>
    static abstract V And(V x, V y);

    /// <summary>The bits that either has: of two masks, where either holds.</summary>
    static abstract V Or(V x, V y);

    /// <summary>The bits that one of both has: with a number that is −0 or 0, a change of sign.</summary>
    static abstract V Xor(V x, V y);

    /// <summary>The bits of each lane moved up, zeros coming in.</summary>
    static abstract V ShiftLeft(V x, int count);

    /// <summary>The bits of each lane moved down, zeros coming in.</summary>
    static abstract V ShiftRight(V x, int count);

    /// <summary>x·2ⁿ for a whole n, |n| ≤ 2000 (250 in single precision), where x·2^⌊n/2⌋ neither overflows nor is subnormal.</summary>
    static abstract V Scale(V x, V n);

    /// <summary>The whole number e such that 2ᵉ ≤ x &lt; 2ᵉ⁺¹, for a finite x &gt; 0, subnormal or not.</summary>
    static abstract V Exponent(V x);

    /// <summary>x times the power of two that brings it to [¾, 1½), for a finite x &gt; 0, subnormal or not.</summary>
    static abstract V Fraction(V x);

    /// <summary>Each lane through a kernel for single numbers: for functions that have no vector form.</summary>
    static abstract V Each<TKernel>(V x, TKernel kernel)
        where TKernel : struct, IUnaryKernel;

    /// <summary>Each pair of lanes through a kernel for single numbers.</summary>
    static abstract V Each<TKernel>(V x, V y, TKernel kernel)
        where TKernel : struct, IBinaryKernel;

    /// <summary>
    /// The lanes of x where a mask holds through a kernel for single numbers, and other lanes elsewhere: for the rare
    /// arguments that a vector form does not reach.
    /// </summary>
    static abstract V EachWhere<TKernel>(V mask, V x, TKernel kernel, V otherwise)
        where TKernel : struct, IUnaryKernel;
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

    /// <summary>The greatest of the lanes, NaN where one is NaN.</summary>
    static abstract T Greatest(V x);

    /// <summary>The least of the lanes, NaN where one is NaN.</summary>
    static abstract T Least(V x);

    /// <summary>Numbers that stand a stride apart.</summary>
    static abstract V Load(ref T source, nint index, nint stride);

    static abstract void Store(V value, ref T target, nint index, nint stride);
}
