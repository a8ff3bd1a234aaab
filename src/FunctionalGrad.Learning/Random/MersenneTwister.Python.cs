using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <content>The draws of CPython's <c>random</c>, word for word.</content>
public sealed partial class MersenneTwister
{
    /// <summary>A whole number from 0 to <paramref name="bound"/> − 1, all equally likely: <c>randrange(bound)</c>.</summary>
    /// <param name="bound">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is 0 or negative.</exception>
    public (int Value, MersenneTwister Next) Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var shift = BitOperations.LeadingZeroCount((uint)bound);
        var (word, next) = NextUInt32();
        while (word >> shift >= (uint)bound)
        {
            (word, next) = next.NextUInt32();
        }

        return ((int)(word >> shift), next);
    }

    /// <summary>A number uniform in [low, high): low + (high − low)·u, with u from <see cref="NextDouble"/>.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    public (double Value, MersenneTwister Next) Uniform(double low, double high)
    {
        var (unit, next) = NextDouble();
        return (low + ((high - low) * unit), next);
    }

    /// <summary>
    /// A normally distributed number: mean + deviation·z. Two z come of two uniforms u, v, as
    /// <c>cos(2πu)·√(−2·ln(1 − v))</c> and <c>sin(2πu)·√(−2·ln(1 − v))</c>; the second is kept for the next call.
    /// </summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation.</param>
    public (double Value, MersenneTwister Next) Gauss(double mean = 0, double deviation = 1)
    {
        if (_kept is { } kept)
        {
            return (mean + (kept * deviation), Keeping(null));
        }

        var (turn, afterTurn) = NextDouble();
        var (tail, afterBoth) = afterTurn.NextDouble();
        var angle = turn * Math.Tau;
        var radius = Math.Sqrt(-2.0 * Math.Log(1.0 - tail));
        return (mean + (Math.Cos(angle) * radius * deviation), afterBoth.Keeping(Math.Sin(angle) * radius));
    }

    /// <summary>The items in an order drawn at random, all orders equally likely: <c>shuffle</c>.</summary>
    /// <typeparam name="TItem">What is shuffled.</typeparam>
    /// <param name="items">The items, which stay as they are.</param>
    public (ImmutableArray<TItem> Items, MersenneTwister Next) Shuffle<TItem>(params ReadOnlySpan<TItem> items) =>
        Shuffle(items, static (generator, bound) => generator.Below(bound));

    /// <summary>
    /// An index, each as likely as its weight: the first whose cumulative weight exceeds u·total. It is the draw behind
    /// <c>choices(items, weights)</c>.
    /// </summary>
    /// <param name="weights">Weights of 0 or more, with a finite total above 0; they need not sum to 1.</param>
    /// <exception cref="ArgumentException">There are no weights, one is negative or NaN, or the total is 0 or infinite.</exception>
    public (int Index, MersenneTwister Next) Choice(params ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            total += weights[i] >= 0
                ? weights[i]
                : throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"choice: weight {i} is {weights[i]}; weights are 0 or more"), nameof(weights));
        }

        if (!(total > 0 && double.IsFinite(total)))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"choice: {weights.Length} weights sum to {total}; the total must be finite and above 0"), nameof(weights));
        }

        var (unit, next) = NextDouble();
        var (index, cumulative) = (0, weights[0]);
        while (index < weights.Length - 1 && cumulative <= unit * total)
        {
            cumulative += weights[++index];
        }

        return (index, next);
    }

    private (ImmutableArray<TItem> Items, MersenneTwister Next) Shuffle<TItem>(
        ReadOnlySpan<TItem> items, Func<MersenneTwister, int, (int Value, MersenneTwister Next)> below)
    {
        var shuffled = items.ToArray();
        var generator = this;
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            (var j, generator) = below(generator, i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return (System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(shuffled), generator);
    }

    private MersenneTwister Keeping(double? kept) => new(_words, _position, kept);
}
