using System.Numerics;

namespace FunctionalGrad;

/// <summary>The number that an elementwise primitive of one operand makes of a number, in any precision.</summary>
internal interface IUnaryKernel
{
    T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T>;

    V Lanes<V>(V x)
        where V : struct, ILanes<V>;
}

/// <summary>The number that an elementwise primitive of two operands makes of two numbers, in any precision.</summary>
internal interface IBinaryKernel
{
    T Apply<T>(T x, T y)
        where T : struct, IBinaryFloatingPointIeee754<T>;

    V Lanes<V>(V x, V y)
        where V : struct, ILanes<V>;
}

/// <summary>The number that an elementwise primitive of three operands makes of three numbers, in any precision.</summary>
internal interface ITernaryKernel
{
    T Apply<T>(T x, T y, T z)
        where T : struct, IBinaryFloatingPointIeee754<T>;

    V Lanes<V>(V x, V y, V z)
        where V : struct, ILanes<V>;
}
