using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <content>The draws of NumPy's legacy <c>RandomState</c>, word for word.</content>
public sealed partial class MersenneTwister
{
    /// <summary>
    /// A whole number from 0 to <paramref name="bound"/> − 1, all equally likely, as NumPy's legacy generator draws it: the
    /// lowest bits of a word, drawn again while they exceed bound − 1. A bound of 1 takes no word.
    /// </summary>
    /// <param name="bound">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is 0 or negative.</exception>
    public (int Value, MersenneTwister Next) BelowMasked(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var greatest = (uint)bound - 1;
        if (greatest == 0)
        {
            return (0, this);
        }

        var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(greatest);
        var (word, next) = NextUInt32();
        while ((word & mask) > greatest)
        {
            (word, next) = next.NextUInt32();
        }

        return ((int)(word & mask), next);
    }

    /// <summary>
    /// A normally distributed number by the polar method, as NumPy's legacy generator draws it: x, y uniform in (−1, 1) until
    /// 0 &lt; r² = x² + y² &lt; 1; then y·√(−2·ln(r²)/r²), and the same with x is kept for the next call.
    /// </summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation.</param>
    public (double Value, MersenneTwister Next) GaussPolar(double mean = 0, double deviation = 1)
    {
        if (_kept is { } kept)
        {
            return (mean + (deviation * kept), Keeping(null));
        }

        var generator = this;
        double x, y, square;
        do
        {
            (x, generator) = generator.NextDouble();
            (y, generator) = generator.NextDouble();
            (x, y) = ((2.0 * x) - 1.0, (2.0 * y) - 1.0);
            square = (x * x) + (y * y);
        }
        while (square is >= 1.0 or 0.0);

        var factor = Math.Sqrt(-2.0 * Math.Log(square) / square);
        return (mean + (deviation * factor * y), generator.Keeping(factor * x));
    }

    /// <summary>The items in an order drawn at random, as NumPy's legacy generator shuffles: with <see cref="BelowMasked"/>.</summary>
    /// <typeparam name="TItem">What is shuffled.</typeparam>
    /// <param name="items">The items, which stay as they are.</param>
    public (ImmutableArray<TItem> Items, MersenneTwister Next) ShuffleMasked<TItem>(params ReadOnlySpan<TItem> items) =>
        Shuffle(items, static (generator, bound) => generator.BelowMasked(bound));
}
