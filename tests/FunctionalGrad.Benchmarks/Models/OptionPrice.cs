namespace FunctionalGrad.Benchmarks;

/// <summary>
/// The price of a European call option by Black and Scholes, S·N(d₁) − K·exp(−r·T)·N(d₂), and its sensitivities to spot S,
/// strike K, rate r, volatility σ and time T.
/// </summary>
internal sealed class OptionPrice : GradientComparison
{
    private static readonly double[] Market = [101.5, 98, 0.03, 0.22, 0.75];

    public override bool HasTuned => false;

    protected override Variable[] Variables { get; } = [.. Names.Select(name => Expr.Variable(name))];

    public static string[] Names => ["spot", "strike", "rate", "volatility", "time"];

    /// <summary>The price and its sensitivities for one market.</summary>
    public static double Gradient(ReadOnlySpan<double> market, Span<double> gradient)
    {
        var (spot, strike, rate, volatility, time) = (market[0], market[1], market[2], market[3], market[4]);
        var root = Math.Sqrt(time);
        var spread = volatility * root;
        var d1 = (Math.Log(spot / strike) + ((rate + (0.5 * volatility * volatility)) * time)) / spread;
        var discounted = strike * Math.Exp(-rate * time);
        var (in1, density) = NormalDistribution.At(d1);
        var (in2, _) = NormalDistribution.At(d1 - spread);
        gradient[0] = in1;
        gradient[1] = -discounted / strike * in2;
        gradient[2] = discounted * time * in2;
        gradient[3] = spot * density * root;
        gradient[4] = (spot * density * volatility / (2 * root)) + (rate * discounted * in2);
        return (spot * in1) - (discounted * in2);
    }

    /// <summary>The price of scalars, or of tensors with a market for each entry.</summary>
    public static Expr Price(ReadOnlySpan<Expr> market)
    {
        var (spot, strike, rate, volatility, time) = (market[0], market[1], market[2], market[3], market[4]);
        var spread = volatility * Expr.Sqrt(time);
        var d1 = (Expr.Log(spot / strike) + ((rate + (0.5 * volatility.Square())) * time)) / spread;
        return (spot * Normal(d1)) - (strike * Expr.Exp(-rate * time) * Normal(d1 - spread));
    }

    protected override Expr Formula() => Price(Variables);

    protected override Point<double> MakePoint() => Point.Of([.. Variables.Select((variable, i) => (variable, Tensor.Scalar(Market[i])))]);

    protected override double[][] ByLoops()
    {
        var gradient = new double[5];
        var price = Gradient(Market, gradient);
        return [[price], [gradient[0]], [gradient[1]], [gradient[2]], [gradient[3]], [gradient[4]]];
    }

    private static Expr Normal(Expr x) => 0.5 * Expr.Erfc(x * -Math.Sqrt(0.5));
}
