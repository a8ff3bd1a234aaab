using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FunctionalGrad;

/// <summary>A square of numbers that is turned over in registers: target[i, j] = source[j, i].</summary>
internal interface ITransposeTile<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many rows and columns the square has.</summary>
    static abstract int Size { get; }

    /// <summary>Reads <see cref="Size"/> rows that lie <paramref name="across"/> apart, writes as many that lie <paramref name="along"/> apart.</summary>
    static abstract void Transpose(ref T source, nint across, ref T target, nint along);
}

/// <summary>Eight doubles by eight in registers of 512 bits.</summary>
internal readonly struct EightDoubles : ITransposeTile<double>
{
    public static int Size => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref double source, nint across, ref double target, nint along)
    {
        var (even01, odd01) = Pair(ref source, across);
        var (even23, odd23) = Pair(ref Unsafe.Add(ref source, 2 * across), across);
        var (even45, odd45) = Pair(ref Unsafe.Add(ref source, 4 * across), across);
        var (even67, odd67) = Pair(ref Unsafe.Add(ref source, 6 * across), across);
        Half(even01, even23, even45, even67, ref target, along);
        Half(odd01, odd23, odd45, odd67, ref Unsafe.Add(ref target, along), along);
    }

    // Columns 0, 2, 4, 6 of two rows side by side, and columns 1, 3, 5, 7.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Even, Vector512<double> Odd) Pair(ref double source, nint across)
    {
        var first = Vector512.LoadUnsafe(ref source);
        var second = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, across));
        return (Avx512F.UnpackLow(first, second), Avx512F.UnpackHigh(first, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(
        Vector512<double> rows01, Vector512<double> rows23, Vector512<double> rows45, Vector512<double> rows67, ref double target, nint along)
    {
        // Columns 0 and 4 of four rows, then 2 and 6.
        var upper04 = Avx512F.Shuffle4x128(rows01, rows23, 0x88);
        var upper26 = Avx512F.Shuffle4x128(rows01, rows23, 0xDD);
        var lower04 = Avx512F.Shuffle4x128(rows45, rows67, 0x88);
        var lower26 = Avx512F.Shuffle4x128(rows45, rows67, 0xDD);
        Avx512F.Shuffle4x128(upper04, lower04, 0x88).StoreUnsafe(ref target);
        Avx512F.Shuffle4x128(upper26, lower26, 0x88).StoreUnsafe(ref Unsafe.Add(ref target, 2 * along));
        Avx512F.Shuffle4x128(upper04, lower04, 0xDD).StoreUnsafe(ref Unsafe.Add(ref target, 4 * along));
        Avx512F.Shuffle4x128(upper26, lower26, 0xDD).StoreUnsafe(ref Unsafe.Add(ref target, 6 * along));
    }
}

/// <summary>Four doubles by four in registers of 256 bits.</summary>
internal readonly struct FourDoubles : ITransposeTile<double>
{
    public static int Size => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref double source, nint across, ref double target, nint along)
    {
        var row0 = Vector256.LoadUnsafe(ref source);
        var row1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, across));
        var row2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 2 * across));
        var row3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 3 * across));
        var (even01, odd01) = (Avx.UnpackLow(row0, row1), Avx.UnpackHigh(row0, row1));
        var (even23, odd23) = (Avx.UnpackLow(row2, row3), Avx.UnpackHigh(row2, row3));
        Avx.Permute2x128(even01, even23, 0x20).StoreUnsafe(ref target);
        Avx.Permute2x128(odd01, odd23, 0x20).StoreUnsafe(ref Unsafe.Add(ref target, along));
        Avx.Permute2x128(even01, even23, 0x31).StoreUnsafe(ref Unsafe.Add(ref target, 2 * along));
        Avx.Permute2x128(odd01, odd23, 0x31).StoreUnsafe(ref Unsafe.Add(ref target, 3 * along));
    }
}

/// <summary>Eight singles by eight in registers of 256 bits.</summary>
internal readonly struct EightSingles : ITransposeTile<float>
{
    public static int Size => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref float source, nint across, ref float target, nint along)
    {
        var (upper04, upper15, upper26, upper37) = Four(ref source, across);
        var (lower04, lower15, lower26, lower37) = Four(ref Unsafe.Add(ref source, 4 * across), across);
        Store(upper04, lower04, ref target, along);
        Store(upper15, lower15, ref Unsafe.Add(ref target, along), along);
        Store(upper26, lower26, ref Unsafe.Add(ref target, 2 * along), along);
        Store(upper37, lower37, ref Unsafe.Add(ref target, 3 * along), along);
    }

    // Columns k and k + 4 of four rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double>, Vector256<double>, Vector256<double>, Vector256<double>) Four(ref float source, nint across)
    {
        var row0 = Vector256.LoadUnsafe(ref source);
        var row1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, across));
        var row2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 2 * across));
        var row3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, 3 * across));
        var (low01, high01) = (Avx.UnpackLow(row0, row1).AsDouble(), Avx.UnpackHigh(row0, row1).AsDouble());
        var (low23, high23) = (Avx.UnpackLow(row2, row3).AsDouble(), Avx.UnpackHigh(row2, row3).AsDouble());
        return (Avx.UnpackLow(low01, low23), Avx.UnpackHigh(low01, low23), Avx.UnpackLow(high01, high23), Avx.UnpackHigh(high01, high23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<double> upper, Vector256<double> lower, ref float target, nint along)
    {
        Avx.Permute2x128(upper, lower, 0x20).AsSingle().StoreUnsafe(ref target);
        Avx.Permute2x128(upper, lower, 0x31).AsSingle().StoreUnsafe(ref Unsafe.Add(ref target, 4 * along));
    }
}

/// <summary>Four singles by four in registers of 128 bits.</summary>
internal readonly struct FourSingles : ITransposeTile<float>
{
    public static int Size => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref float source, nint across, ref float target, nint along)
    {
        var row0 = Vector128.LoadUnsafe(ref source);
        var row1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, across));
        var row2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 2 * across));
        var row3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 3 * across));
        var (low01, high01) = (Sse.UnpackLow(row0, row1).AsDouble(), Sse.UnpackHigh(row0, row1).AsDouble());
        var (low23, high23) = (Sse.UnpackLow(row2, row3).AsDouble(), Sse.UnpackHigh(row2, row3).AsDouble());
        Sse2.UnpackLow(low01, low23).AsSingle().StoreUnsafe(ref target);
        Sse2.UnpackHigh(low01, low23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref target, along));
        Sse2.UnpackLow(high01, high23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref target, 2 * along));
        Sse2.UnpackHigh(high01, high23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref target, 3 * along));
    }
}
