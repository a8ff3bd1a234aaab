using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Compares compiled runs with interpreted ones.</summary>
internal static class Agreement
{
    /// <summary>Runs expressions both ways, with generated code and without, and returns where they differ too much.</summary>
    /// <param name="expressions">What to run.</param>
    /// <param name="at">Where.</param>
    /// <param name="tolerance">The relative difference allowed; 0 means bit for bit.</param>
    public static IReadOnlyList<string> Differences<T>(Expr[] expressions, Point<T> at, double tolerance)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var wanted = Interpreter<T>.Evaluate(expressions, at);
        var found = new List<string>();
        var runs = new List<ImmutableArray<Tensor<T>>>();
        foreach (var generation in (CodeGeneration[])[CodeGeneration.Always, CodeGeneration.Never])
        {
            var compiled = expressions.Compile<T>(generation);
            var first = compiled.Invoke(at);
            var second = compiled.Invoke(at);
            runs.Add(first);
            for (var i = 0; i < wanted.Length; i++)
            {
                if (!Same(runs[0][i], first[i]))
                {
                    found.Add($"{expressions[i]}: generated code gives {runs[0][i]}, and without it {first[i]}\n{compiled}");
                }

                if (!first[i].BitEquals(second[i]))
                {
                    found.Add($"result {i} differs between two calls");
                }

                found.AddRange(Differences(wanted[i], first[i], tolerance)
                    .Select(difference => $"{expressions[i]} with code generation {generation}: {difference}\n{compiled}"));
            }
        }

        return found;
    }

    private static IEnumerable<string> Differences<T>(Tensor<T> wanted, Tensor<T> got, double tolerance)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(wanted.Shape, got.Shape);
        if (tolerance == 0)
        {
            return Same(wanted, got) ? [] : [$"{got} instead of {wanted}"];
        }

        // The scale is the largest entry: sums and products round with their terms, not with their result.
        var scale = double.CreateTruncating(T.One);
        foreach (var value in wanted.Values)
        {
            scale = T.IsFinite(value) ? Math.Max(scale, Math.Abs(double.CreateTruncating(value))) : scale;
        }

        var (wantedValues, gotValues) = (wanted.Values.ToArray(), got.Values.ToArray());
        for (var k = 0; k < wantedValues.Length; k++)
        {
            var (a, b) = (double.CreateTruncating(wantedValues[k]), double.CreateTruncating(gotValues[k]));
            if (!a.Equals(b) && !(Math.Abs(a - b) <= tolerance * scale))
            {
                return [$"entry {k} is {b} instead of {a}"];
            }
        }

        return [];
    }

    // NaNs may differ in sign and payload.
    private static bool Same<T>(Tensor<T> wanted, Tensor<T> got)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (wanted.BitEquals(got))
        {
            return true;
        }

        var (wantedValues, gotValues) = (wanted.Values.ToArray(), got.Values.ToArray());
        for (var k = 0; k < wantedValues.Length; k++)
        {
            var (a, b) = (wantedValues[k], gotValues[k]);
            if (!(T.IsNaN(a) && T.IsNaN(b)) && !(a == b && T.IsNegative(a) == T.IsNegative(b)))
            {
                return false;
            }
        }

        return true;
    }
}
