using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// The Mersenne twister MT19937 as an immutable value: a draw returns what was drawn and the next generator, and leaves
/// this one as it was, so drawing twice from one generator gives the same twice.
/// </summary>
/// <remarks>
/// The streams are those of CPython's <c>random</c> (<see cref="FromSeed"/>) and of NumPy's legacy <c>RandomState</c>
/// (<see cref="FromWord"/>), so that published experiments can be repeated to the digit. Generators share their block of
/// 624 words; a new block is computed once in 624 draws. Not for secrets: 624 outputs give the stream away.
/// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998).
/// </remarks>
/// <example><code>
/// var generator = MersenneTwister.FromSeed(42);
/// generator.NextDouble().Value;               // 0.6394267984578837
/// generator.NextDouble().Next.Below(6).Value; // 0
/// </code></example>
public sealed partial class MersenneTwister : IEquatable<MersenneTwister>
{
    private const int Length = 624;
    private const int Middle = 397;

    // Shared between generators, and never written once a generator holds it.
    private readonly uint[] _words;
    private readonly int _position;
    private readonly double? _kept;

    private MersenneTwister(uint[] words, int position, double? kept)
    {
        _words = words;
        _position = position;
        _kept = kept;
    }

    /// <summary>The generator that CPython's <c>random.seed(seed)</c> gives.</summary>
    /// <param name="seed">Any seed; those below 2³² make a key of one word.</param>
    public static MersenneTwister FromSeed(ulong seed) =>
        seed <= uint.MaxValue ? FromKey((uint)seed) : FromKey((uint)seed, (uint)(seed >> 32));

    /// <summary>The generator seeded by a single word, as NumPy's <c>RandomState(seed)</c> and C++'s <c>mt19937</c> do.</summary>
    /// <param name="seed">The word.</param>
    public static MersenneTwister FromWord(uint seed) => new(WordsFrom(seed), Length, null);

    /// <summary>The generator seeded by several words, the authors' <c>init_by_array</c>.</summary>
    /// <param name="key">At least one word.</param>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static MersenneTwister FromKey(params ReadOnlySpan<uint> key)
    {
        if (key.IsEmpty)
        {
            throw new ArgumentException("the key of a generator is empty; give at least one word, as in FromKey(42)", nameof(key));
        }

        var words = WordsFrom(19650218);
        var i = 1;
        for (var k = 0; k < Math.Max(Length, key.Length); k++)
        {
            words[i] = (words[i] ^ (Mixed(words[i - 1]) * 1664525)) + key[k % key.Length] + (uint)(k % key.Length);
            i = Following(words, i);
        }

        for (var k = 1; k < Length; k++)
        {
            words[i] = (words[i] ^ (Mixed(words[i - 1]) * 1566083941)) - (uint)i;
            i = Following(words, i);
        }

        words[0] = 0x80000000;
        return new(words, Length, null);
    }

    /// <summary>A whole number from 0 to 2³² − 1, all equally likely.</summary>
    public (uint Value, MersenneTwister Next) NextUInt32()
    {
        var exhausted = _position == Length;
        var words = exhausted ? Twisted(_words) : _words;
        var position = exhausted ? 0 : _position;
        var y = words[position];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        y ^= y >> 18;
        return (y, new(words, position + 1, _kept));
    }

    /// <summary>A multiple of 2⁻⁵³ in [0, 1), all equally likely. Takes two words.</summary>
    public (double Value, MersenneTwister Next) NextDouble()
    {
        var (high, afterHigh) = NextUInt32();
        var (low, afterBoth) = afterHigh.NextUInt32();
        return ((((high >> 5) * 67108864.0) + (low >> 6)) / 9007199254740992.0, afterBoth);
    }

    /// <summary>Draws several times, each time from the generator that the draw before left.</summary>
    /// <typeparam name="TValue">What is drawn.</typeparam>
    /// <param name="count">How many times.</param>
    /// <param name="draw">One draw, such as <c>g => g.Gauss(0, 0.08)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public (ImmutableArray<TValue> Values, MersenneTwister Next) Repeat<TValue>(
        int count, Func<MersenneTwister, (TValue Value, MersenneTwister Next)> draw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(draw);
        var values = ImmutableArray.CreateBuilder<TValue>(count);
        var generator = this;
        for (var i = 0; i < count; i++)
        {
            (var value, generator) = draw(generator);
            values.Add(value);
        }

        return (values.MoveToImmutable(), generator);
    }

    /// <summary>A tensor whose entries are drawn one after another, in row-major order.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="draw">One draw, such as <c>g => g.Gauss(0, 0.08)</c>.</param>
    public (Tensor<double> Value, MersenneTwister Next) Fill(
        Shape shape, Func<MersenneTwister, (double Value, MersenneTwister Next)> draw)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (values, next) = Repeat(shape.Size, draw);
        return (Tensor.Of(shape, values.AsSpan()), next);
    }

    /// <summary>A point whose values are filled one variable after another, each in row-major order.</summary>
    /// <param name="variables">The variables, in the order in which they are drawn.</param>
    /// <param name="draw">One draw, such as <c>g => g.Gauss(0, 0.08)</c>.</param>
    /// <exception cref="ArgumentException">A variable is given twice.</exception>
    public (Point<double> Point, MersenneTwister Next) Fill(
        ReadOnlySpan<Variable> variables, Func<MersenneTwister, (double Value, MersenneTwister Next)> draw)
    {
        var generator = this;
        var entries = new (Variable, Tensor<double>)[variables.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            (var value, generator) = generator.Fill(variables[i].Shape, draw);
            entries[i] = (variables[i], value);
        }

        return (Point.Of(entries), generator);
    }

    /// <summary>Whether both will draw the same for ever: equal words, position and kept value.</summary>
    /// <param name="other">Another generator.</param>
    public bool Equals(MersenneTwister? other) =>
        other is not null && _position == other._position && _kept == other._kept && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MersenneTwister);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_position, _kept, _words[0], _words[Length - 1]);

    /// <summary>The position in the block and a mark of the block, for debugging.</summary>
    public override string ToString() => $"MT19937 at word {_position} of {Length} (first word {_words[0]})";

    private static uint[] WordsFrom(uint seed)
    {
        var words = new uint[Length];
        words[0] = seed;
        for (var i = 1; i < Length; i++)
        {
            words[i] = (1812433253 * Mixed(words[i - 1])) + (uint)i;
        }

        return words;
    }

    private static uint Mixed(uint word) => word ^ (word >> 30);

    private static int Following(uint[] words, int i)
    {
        if (i + 1 < Length)
        {
            return i + 1;
        }

        words[0] = words[Length - 1];
        return 1;
    }

    private static uint[] Twisted(uint[] words)
    {
        var next = new uint[Length];
        for (var k = 0; k < Length; k++)
        {
            // The recurrence reads words that this block has already replaced, so later ones come from `next`.
            var following = k + 1 < Length ? words[k + 1] : next[0];
            var middle = k + Middle < Length ? words[k + Middle] : next[k + Middle - Length];
            var y = (words[k] & 0x80000000) | (following & 0x7fffffff);
            next[k] = middle ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
        }

        return next;
    }
}
