namespace FunctionalGrad.Samples.Micrograd;

/// <summary>Blue for the outer moon, orange for the inner one, paper where the net is undecided.</summary>
internal static class Palette
{
    public static readonly (byte R, byte G, byte B) Outer = (37, 99, 176);
    public static readonly (byte R, byte G, byte B) Inner = (222, 110, 38);
    private static readonly (byte R, byte G, byte B) Paper = (250, 246, 238);

    // Few enough colours that neighbours often have the same one, which makes pictures small.
    private const double Shades = 20;

    /// <summary>The colour of a score: the further from 0, the fuller, up to <paramref name="strength"/> of the full colour.</summary>
    public static (byte R, byte G, byte B) Of(double score, double strength)
    {
        var share = Math.Round(Math.Tanh(Math.Abs(score) / 2) * Shades) / Shades * strength;
        var full = score > 0 ? Inner : Outer;
        return (Mix(Paper.R, full.R), Mix(Paper.G, full.G), Mix(Paper.B, full.B));

        byte Mix(byte from, byte to) => (byte)Math.Round(from + (share * (to - from)));
    }
}
