using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>The error function over lanes, and its complement.</summary>
internal static class LaneErrorFunction
{
    /// <summary>erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, ILanes<V>
    {
        var distance = V.Abs(x);
        var one = V.Create(1);
        return V.CopySign(V.Select(V.Greater(one, distance), NearZero(distance), one - Tail(distance)), x);
    }

    /// <summary>erfc x = 1 − erf x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Complement<V>(V x)
        where V : struct, ILanes<V>
    {
        var distance = V.Abs(x);
        var tail = Tail(distance);
        var far = V.Select(V.Greater(V.Create(0), x), V.Create(2) - tail, tail);
        return V.Select(V.Greater(V.Create(0.5), distance), V.Create(1) - NearZero(x), far);
    }

    // erf x for |x| < 1 as x·(2/√π + x²·P(x²)).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NearZero<V>(V x)
        where V : struct, ILanes<V>
    {
        var square = x * x;
        return V.MultiplyAdd(x * square, Polynomial.Of(square, Coefficients<V>()), x * V.Create(1.1283791670955126));
    }

    // erfc x for x ≥ ½ as exp(−x²)·R(t)/(1 + 2·x), where t = (x − c)/(x + c) brings all numbers between −1 and 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tail<V>(V x)
        where V : struct, ILanes<V>
    {
        // Beyond the bound it rounds to 0.
        var bounded = V.Clamp(x, V.Create(-1), V.Create(V.IsSingle ? 10.5 : 28));
        var centre = V.Create(V.IsSingle ? 3 : 4);
        var ratio = Polynomial.Of((bounded - centre) / (bounded + centre), TailCoefficients<V>());

        // For a large x the rounding of x² matters.
        var square = bounded * bounded;
        var exponential = LaneExponential.OfSum(-square, -V.MultiplyAdd(bounded, bounded, -square));
        return exponential * (ratio / (bounded + bounded + V.Create(1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> Coefficients<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ? [-0.37612631916999817, 0.11283629387617111, -0.02685544453561306, 0.005191205069422722, -0.000803415896371007, 7.929871208034456e-05]
        :
        [
            -0.37612638903183615, 0.11283791670947002, -0.026866170643485707, 0.00522397760880791, -0.0008548326045361991,
            0.00012055296753900759, -1.492476880941713e-05, 1.6447782449435201e-06, -1.6210996499719181e-07,
            1.3730103646356781e-08, -7.813307850415925e-10,
        ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<double> TailCoefficients<V>()
        where V : struct, ILanes<V> => V.IsSingle
        ?
        [
            1.2530080080032349, -0.13562104105949402, -0.04756222665309906, 0.12964266538619995, -0.1192750632762909,
            0.0683370903134346, -0.023756569251418114, 0.0023967865854501724, 0.0018245842074975371, -0.0005395960179157555,
        ]
        :
        [
            1.2329951186255526, -0.13962111684056253, 0.015379652102619176, 0.06809705425469562, -0.10103906603626335,
            0.09373283499825293, -0.06633036581337043, 0.03716751553885859, -0.016197734041212733, 0.005031969968526899,
            -0.0007577734277038333, -0.0001992566686011199, 0.00015062240463076089, -2.4399160897358843e-05,
            -1.1224491466703317e-05, 5.7090825469292715e-06, 2.9917198910462965e-07, -8.232266515203411e-07,
            6.736599891988902e-08, 1.0624479974150991e-07, -1.2352131896658526e-08, -1.0680881933996071e-08,
        ];
}
