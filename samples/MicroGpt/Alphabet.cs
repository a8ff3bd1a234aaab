using System.Collections.Immutable;

namespace FunctionalGrad.Samples.MicroGpt;

/// <summary>
/// Names as numbers: the letters a to z are 0 to 25, and 26 stands at both ends of a name, so that a model also learns how
/// names begin and end.
/// </summary>
internal static class Alphabet
{
    /// <summary>The number before and after every name.</summary>
    public const int Boundary = 26;

    /// <summary>How many different numbers there are.</summary>
    public const int Size = 27;

    public static bool Contains(char letter) => letter is >= 'a' and <= 'z';

    /// <summary>A name between boundaries: <c>ada</c> is 26, 0, 3, 0, 26.</summary>
    public static ImmutableArray<int> Encode(string name) => [Boundary, .. name.Select(letter => letter - 'a'), Boundary];

    public static char Letter(int number) => (char)('a' + number);
}
