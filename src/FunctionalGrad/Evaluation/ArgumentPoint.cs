using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>Points from values that are given in the order of variables.</summary>
internal static class ArgumentPoint
{
    public static Point<T> Of<T>(ImmutableArray<Variable> variables, ReadOnlySpan<Tensor<T>> arguments)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (arguments.Length != variables.Length)
        {
            throw new ShapeException(
                $"{arguments.Length} argument{(arguments.Length == 1 ? "" : "s")} given for the variables {string.Join(", ", variables.Select(v => v.Name))}; give one value for each, in that order");
        }

        var entries = new (Variable, Tensor<T>)[variables.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = (variables[i], arguments[i]);
        }

        return Point<T>.Of(entries);
    }
}
