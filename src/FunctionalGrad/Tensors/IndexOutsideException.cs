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
        var bound = T.CreateTruncating(extent);
        for (var i = 0; i < indices.Length; i++)
        {
            var index = indices[i];
            if (!(T.IsInteger(index) && index >= T.Zero && index < bound))
            {
                var problem = T.IsInteger(index) ? "is out of range" : "is not a whole number";
                throw new IndexOutsideException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: index {index} (entry {i} of {source}) {problem}; the axis has {extent} entries, so indices go from 0 to {extent - 1}"));
            }
        }
    }
}
