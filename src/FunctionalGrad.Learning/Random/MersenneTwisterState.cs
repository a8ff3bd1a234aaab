using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// All that a generator is, to write down and to restore it from: what CPython's <c>random.getstate()</c> gives.
/// </summary>
/// <param name="Words">The block: 624 words.</param>
/// <param name="Position">How many words of the block are used up, from 0 to 624.</param>
/// <param name="Kept">The normal deviate that the next <see cref="MersenneTwister.Gauss"/> or
/// <see cref="MersenneTwister.GaussPolar"/> returns, if one is kept.</param>
public sealed record MersenneTwisterState(ImmutableArray<uint> Words, int Position, double? Kept)
{
    /// <summary>Whether both hold the same words, position and kept deviate.</summary>
    /// <param name="other">Another state.</param>
    public bool Equals(MersenneTwisterState? other) =>
        other is not null && Position == other.Position && Kept == other.Kept && Words.AsSpan().SequenceEqual(other.Words.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Words.Length, Words.IsDefaultOrEmpty ? 0 : Words[^1], Position, Kept);
}

/// <content>Writing a generator down, and restoring it.</content>
public sealed partial class MersenneTwister
{
    /// <summary>The words, the position and the kept normal deviate.</summary>
    public MersenneTwisterState State => new([.. _words], _position, _kept);

    /// <summary>The generator that goes on where the one written down stood, bit for bit.</summary>
    /// <param name="state">What <see cref="State"/> gave.</param>
    /// <exception cref="ArgumentException">No generator has this state: not 624 words, a position outside 0 to 624, or nothing
    /// but zero bits, from which MT19937 never leaves.</exception>
    public static MersenneTwister Restore(MersenneTwisterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Words.IsDefault || state.Words.Length != Length)
        {
            throw new ArgumentException(
                $"a state of MT19937 has {Length} words, not {(state.Words.IsDefault ? 0 : state.Words.Length)}; restore from an unabridged State", nameof(state));
        }

        if (state.Position is < 0 or > Length)
        {
            throw new ArgumentException($"position {state.Position} is outside the block; it goes from 0 to {Length}", nameof(state));
        }

        // Of the first word only the highest bit belongs to the state.
        var words = state.Words.AsSpan();
        if (words[0] >> 31 == 0 && !words[1..].ContainsAnyExcept(0u))
        {
            throw new ArgumentException("a state of zero bits would give zeros for ever; restore from an unaltered State, or make a new generator from a seed", nameof(state));
        }

        return new(words.ToArray(), state.Position, state.Kept);
    }
}
