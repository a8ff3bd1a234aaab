using System.Globalization;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// The real power with an exponent that is known when a graph is compiled, for exponents that roots and products serve.
/// </summary>
internal readonly struct FixedPower(double exponent) : IUnaryKernel
{
    /// <summary>The primitive x ↦ xʸ for such an exponent; none for others, which are as quick by the general power.</summary>
    public static ElementwisePrimitive? Of(double exponent) => exponent is 0.5 or -0.5 or 1.5 or -1.5 or 1 or -1 or 2 or 3
        ? new Unary<FixedPower>(
            new()
            {
                Name = "fixed power",
                Parameters = string.Create(CultureInfo.InvariantCulture, $"y: {exponent}"),
                Formula = "xʸ",
                Rule = Elementwise.Partial((x, y) => exponent * Expr.Pow(x, exponent - 1)),
                Domains = [Domain.Between(0.4, 2)],
                MayBeInfinite = true,
            },
            new(exponent))
        : null;

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => T.Pow(x, T.CreateTruncating(exponent));

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => exponent switch
        {
            1 => x,
            2 => x * x,
            3 => x * x * x,
            -1 => V.Create(1) / x,
            _ => WithRoot(x),
        };

    // The root of −0 is −0, and its power is that of 0. −∞, unlike other negative numbers, has real powers.
    private V WithRoot<V>(V x)
        where V : struct, ILanes<V>
    {
        var one = V.Create(1);
        var root = V.Sqrt(x) + V.Create(0);
        var power = exponent switch
        {
            0.5 => root,
            -0.5 => one / root,
            1.5 => V.Abs(x) * root,
            _ => one / V.Abs(x) / root,
        };
        return V.Select(V.Equal(x, V.Create(double.NegativeInfinity)), V.Create(exponent > 0 ? double.PositiveInfinity : 0), power);
    }
}
