using System.Globalization;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>Thrown when an index given at run time is not a whole number, or outside the axis that it points into.</summary>
public sealed class IndexOutsideException : ArgumentException
{
    /// <summary>Creates the exception from its message.</summary>
    /// <param name="message">Which index, where, and what is allowed.</param>
    public IndexOutsideException(string message)
        : base(message)
    {
    }

    /// <summary>Throws where an index is not a whole number from 0 to <paramref name="extent"/> − 1.</summary>
    internal static void Check<T>(ReadOnlySpan<T> indices, int extent, string operation, string source)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < indices.Length; i++)
        {
            // Only a whole number survives the way to an integer and back; one that does not fit meets the bound instead.
            var whole = int.CreateTruncating(indices[i]);
            if ((uint)whole >= (uint)extent || T.CreateTruncating(whole) != indices[i])
            {
                throw Problem(indices[i], i, extent, operation, source);
            }
        }
    }

    private static IndexOutsideException Problem<T>(T index, int entry, int extent, string operation, string source)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var problem = T.IsInteger(index) ? "is out of range" : "is not a whole number";
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"{operation}: index {index} (entry {entry} of {source}) {problem}; the axis has {extent} entries, so indices go from 0 to {extent - 1}"));
    }
}
