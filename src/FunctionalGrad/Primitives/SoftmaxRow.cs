using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// The kernels of softmax and its relatives, for one row. The greatest entry is subtracted first, so no exponential
/// overflows; where that would be ∞ − ∞ the limits are taken instead.
/// </summary>
internal static class SoftmaxRow
{
    /// <summary>
    /// log Σ exp x as the greatest entry and what the others add to it. Kept apart, since the second may be far smaller than
    /// the first and yet be all that matters once the first is subtracted.
    /// </summary>
    public static (T Greatest, T Others) LogSumExp<T>(ReadOnlySpan<T> row)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (row.IsEmpty)
        {
            return (T.NegativeInfinity, T.Zero);
        }

        var first = ArgMax.Of(row);
        var greatest = row[first];
        if (T.IsInfinity(greatest))
        {
            // exp(xᵢ − x₀) is taken as 1 where both are the same infinity.
            return (greatest, T.Log(T.CreateTruncating(Count(row, greatest))));
        }

        var others = T.Zero;
        for (var j = 0; j < row.Length; j++)
        {
            others += j == first ? T.Zero : T.Exp(row[j] - greatest);
        }

        return (greatest, LogarithmOfOnePlus.Value(others));
    }

    /// <summary>exp xᵢ / Σ exp xⱼ.</summary>
    public static void Softmax<T>(ReadOnlySpan<T> row, Span<T> value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var greatest = row[ArgMax.Of(row)];
        var sum = T.Zero;
        for (var j = 0; j < row.Length; j++)
        {
            value[j] = row[j] == greatest ? T.One : T.Exp(row[j] - greatest);
            sum += value[j];
        }

        for (var j = 0; j < row.Length; j++)
        {
            value[j] /= sum;
        }
    }

    /// <summary>xᵢ − log Σ exp xⱼ.</summary>
    public static void LogSoftmax<T>(ReadOnlySpan<T> row, Span<T> value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (greatest, rest) = LogSumExp(row);
        for (var j = 0; j < row.Length; j++)
        {
            value[j] = (row[j] == greatest ? T.Zero : row[j] - greatest) - rest;
        }
    }

    private static int Count<T>(ReadOnlySpan<T> row, T value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var count = 0;
        foreach (var number in row)
        {
            count += number == value ? 1 : 0;
        }

        return count;
    }
}
