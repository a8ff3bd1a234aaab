using System.Numerics;

namespace FunctionalGrad;

/// <summary>A growing set of colours, a bit for each.</summary>
internal struct ColourSet
{
    private ulong[]? _words;

    public readonly bool Contains(int colour) =>
        _words is not null && colour / 64 < _words.Length && (_words[colour / 64] >> (colour % 64) & 1) != 0;

    public void Add(int colour)
    {
        Reserve((colour / 64) + 1);
        _words![colour / 64] |= 1UL << (colour % 64);
    }

    public void Add(in ColourSet other)
    {
        if (other._words is not { } words)
        {
            return;
        }

        Reserve(words.Length);
        for (var i = 0; i < words.Length; i++)
        {
            _words![i] |= words[i];
        }
    }

    public readonly void Clear() => _words.AsSpan().Clear();

    public readonly int FirstAbsent()
    {
        var words = _words.AsSpan();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] != ulong.MaxValue)
            {
                return (64 * i) + BitOperations.TrailingZeroCount(~words[i]);
            }
        }

        return 64 * words.Length;
    }

    private void Reserve(int words)
    {
        if (_words is null || _words.Length < words)
        {
            Array.Resize(ref _words, _words is null ? words : Math.Max(words, 2 * _words.Length));
        }
    }
}
