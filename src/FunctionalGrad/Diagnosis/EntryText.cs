using System.Collections.Immutable;
using System.Globalization;

namespace FunctionalGrad;

/// <summary>Entries of tensors and their numbers, as text.</summary>
internal static class EntryText
{
    private const int Longest = 80;

    /// <summary>The indices of the entry at a place in row-major order.</summary>
    public static ImmutableArray<int> Indices(Shape shape, int place)
    {
        var indices = new int[shape.Rank];
        for (var axis = indices.Length - 1; axis >= 0; axis--)
        {
            indices[axis] = place % shape[axis];
            place /= shape[axis];
        }

        return [.. indices];
    }

    /// <summary>Indices in brackets.</summary>
    public static string Of(ImmutableArray<int> indices) => $"[{string.Join(", ", indices)}]";

    /// <summary>A number; infinities as people write them.</summary>
    public static string Of(double number) =>
        double.IsPositiveInfinity(number) ? "∞"
        : double.IsNegativeInfinity(number) ? "−∞"
        : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A tensor in few characters.</summary>
    public static string Of(Tensor<double> tensor)
    {
        var text = tensor.Shape.IsScalar ? Of(tensor.ToScalar()) : tensor.ToString();
        return text.Length <= Longest ? text : $"{text.AsSpan(0, Longest - 1)}… {tensor.Shape}";
    }
}
