using System.Globalization;
using System.Numerics;

namespace FunctionalGrad.Benchmarks;

/// <summary>Whether two ways of doing one job give the same numbers.</summary>
internal static class Agreement
{
    /// <summary>
    /// Requires entries to agree relatively, to 1e-9 in double and 1e-3 in single precision. An entry that is small because
    /// large terms cancelled is allowed their rounding: 1e-13 (1e-5) of the greatest entry of its array.
    /// </summary>
    /// <exception cref="DisagreementException">They differ; the message says where first.</exception>
    public static void Require<T>(string way, T[][] expected, T[][] actual)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (relative, rounding) = typeof(T) == typeof(double) ? (1e-9, 1e-13) : (1e-3, 1e-5);
        if (expected.Length != actual.Length)
        {
            throw new DisagreementException($"{way} gives {actual.Length} arrays and the straightforward loops {expected.Length}");
        }

        for (var k = 0; k < expected.Length; k++)
        {
            if (expected[k].Length != actual[k].Length)
            {
                throw new DisagreementException(
                    $"{way} gives {actual[k].Length} numbers as result {k} and the straightforward loops {expected[k].Length}");
            }

            var greatest = expected[k].Max(value => double.CreateChecked(T.Abs(value)));
            for (var i = 0; i < expected[k].Length; i++)
            {
                var (x, y) = (double.CreateChecked(expected[k][i]), double.CreateChecked(actual[k][i]));
                if (!(Math.Abs(x - y) <= (relative * Math.Max(Math.Abs(x), Math.Abs(y))) + (rounding * greatest)))
                {
                    throw new DisagreementException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"entry {i} of result {k}: the straightforward loops give {x:R} and {way} {y:R}; derive the gradient again before timing it"));
                }
            }
        }
    }
}
