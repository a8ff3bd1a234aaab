using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// Arrays whose numbers begin where a cache line does, and stay there: a wide register that reads across two lines takes
/// twice as long, and with arrays that lie anywhere most of them do.
/// </summary>
internal static class AlignedArray
{
    private const int Line = 64;

    // Shorter ones are read in too few pieces for it to matter.
    private const int LeastBytes = 4 * Line;

    // An array is as good where it is not aligned, only slower. What is far larger than the caches is as slow either way, and
    // would be made twice.
    private const int MostTries = 4;
    private const int MostBytesOfTries = 1 << 24;

    // Besides its numbers, an array holds a header, its type and its length.
    private static readonly int _overhead = 3 * nint.Size;

    /// <summary>An array of zeros.</summary>
    public static T[] Of<T>(int length)
        where T : struct
    {
        if ((long)length * Unsafe.SizeOf<T>() is < LeastBytes or > MostBytesOfTries)
        {
            return new T[length];
        }

        var array = GC.AllocateArray<T>(length, pinned: true);
        for (var i = 1; i < MostTries && Misalignment(array) is var bytes && bytes != 0; i++)
        {
            // Arrays are mostly laid one behind the other, so one of the right length moves the next to where it should be.
            var next = bytes + ((_overhead + (length * (nint)Unsafe.SizeOf<T>()) + 7) & ~(nint)7);
            var gap = (int)((2 * Line) - (next % Line));
            _ = GC.AllocateUninitializedArray<byte>(gap - _overhead, pinned: true);
            array = GC.AllocateArray<T>(length, pinned: true);
        }

        return array;
    }

    private static nint Misalignment<T>(T[] array)
        where T : struct => Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & (Line - 1);
}
