using System.Numerics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>Conditions as the masks that kernels over lanes work with, for single numbers.</summary>
internal static class ScalarMasks
{
    /// <summary>Whether any bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSet<T>(T mask)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, uint>(mask) != 0 : Unsafe.BitCast<T, ulong>(mask) != 0;

    /// <summary>Every bit set where a condition holds, none where it does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(bool holds)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Unsafe.BitCast<uint, T>(holds ? uint.MaxValue : 0)
            : Unsafe.BitCast<ulong, T>(holds ? ulong.MaxValue : 0);
}
