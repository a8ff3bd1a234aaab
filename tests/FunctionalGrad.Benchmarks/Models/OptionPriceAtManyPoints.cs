using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>Option prices and their sensitivities for many markets.</summary>
internal sealed class OptionPriceAtManyPoints() : ManyPoints(5, Markets(), OptionPrice.Names)
{
    protected override Expr Formula() => OptionPrice.Price(Variables);

    protected override double Gradient(ReadOnlySpan<double> x, Span<double> gradient) => OptionPrice.Gradient(x, gradient);

    protected override void GradientsByVectors(double[] values, double[] gradients)
    {
        for (nuint p = 0; p + 8 <= Points; p += 8)
        {
            var (spot, strike, rate) = (Column(0, p), Column(1, p), Column(2, p));
            var (volatility, time) = (Column(3, p), Column(4, p));
            var root = Vector512.Sqrt(time);
            var spread = volatility * root;
            var d1 = (Vector512.Log(spot / strike) + ((rate + (0.5 * volatility * volatility)) * time)) / spread;
            var discount = Vector512.Exp(-rate * time);
            var discounted = strike * discount;
            var (in1, density) = NormalDistribution.At(d1);
            var (in2, _) = NormalDistribution.At(d1 - spread);
            ((spot * in1) - (discounted * in2)).StoreUnsafe(ref values[0], p);
            Store(in1, 0, p);
            Store(-discount * in2, 1, p);
            Store(discounted * time * in2, 2, p);
            Store(spot * density * root, 3, p);
            Store((spot * density * volatility / (root + root)) + (rate * discounted * in2), 4, p);
        }

        void Store(Vector512<double> value, int column, nuint p) =>
            value.StoreUnsafe(ref gradients[column * Points], p);
    }

    private Vector512<double> Column(int i, nuint p) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Columns[i]), p);

    private static double[] Markets()
    {
        (double Low, double High)[] bounds = [(80, 120), (80, 120), (0.01, 0.05), (0.1, 0.4), (0.25, 2)];
        var columns = bounds.Select((bound, i) => Numbers.Between(bound.Low, bound.High, Points, seed: i)).ToArray();
        return [.. Enumerable.Range(0, 5 * Points).Select(k => columns[k % 5][k / 5])];
    }
}
