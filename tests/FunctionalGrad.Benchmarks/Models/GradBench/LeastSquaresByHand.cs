namespace FunctionalGrad.Benchmarks;

/// <summary>½ Σᵢ (sign tᵢ − Σⱼ xⱼ·tᵢʲ)² by x: residual by residual.</summary>
/// <param name="n">How many places.</param>
/// <param name="m">How many coefficients.</param>
internal sealed class LeastSquaresByHand(int n, int m) : GradBenchComparison("llsq", "primal", "gradient")
{
    private readonly double[] _x = Numbers.Between(0, 1, m, seed: 1);

    protected override Dictionary<string, object> Input() => new() { ["x"] = _x, ["n"] = n };

    protected override double[] ByLoops()
    {
        var gradient = new double[m];
        for (var i = 0; i < n; i++)
        {
            var t = -1 + (2.0 * i / (n - 1));
            var (power, sum) = (1.0, 0.0);
            for (var j = 0; j < m; j++)
            {
                sum += _x[j] * power;
                power *= t;
            }

            var residual = Math.Sign(t) - sum;
            power = 1;
            for (var j = 0; j < m; j++)
            {
                gradient[j] -= residual * power;
                power *= t;
            }
        }

        return gradient;
    }
}
