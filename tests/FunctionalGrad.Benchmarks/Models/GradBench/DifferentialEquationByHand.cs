namespace FunctionalGrad.Benchmarks;

/// <summary>
/// y₁' = x₁, yᵢ' = xᵢ·yᵢ₋₁ in steps of Runge and Kutta, and the last y by x: all states are kept, and the steps taken back one by
/// one.
/// </summary>
/// <param name="n">How many equations.</param>
/// <param name="s">How many steps.</param>
internal sealed class DifferentialEquationByHand(int n, int s) : GradBenchComparison("ode", "primal", "gradient")
{
    // So large that the last y does not vanish; a step carries what x is by four equations at most.
    private readonly double[] _x = Numbers.Between(20, 60, n, seed: 1);
    private readonly double[] _states = new double[(s + 1) * n];
    private readonly double[][] _inputs = [new double[n], new double[n], new double[n], new double[n]];
    private readonly double[] _slope = new double[n];
    private readonly double[] _sum = new double[n];
    private readonly double[] _byState = new double[n];
    private readonly double[] _byInput = new double[n];

    protected override Dictionary<string, object> Input() => new() { ["x"] = _x, ["s"] = s };

    protected override double[] ByLoops()
    {
        var h = 2.0 / s;
        double[] reach = [h / 2, h / 2, h];
        double[] share = [h / 6, h / 3, h / 3, h / 6];
        for (var step = 0; step < s; step++)
        {
            var y = _states.AsSpan(step * n, n);
            Stages(y, reach, share);
            for (var i = 0; i < n; i++)
            {
                _states[((step + 1) * n) + i] = y[i] + _sum[i];
            }
        }

        var gradient = new double[n];
        Array.Clear(_byState);
        _byState[n - 1] = 1;
        for (var step = s - 1; step >= 0; step--)
        {
            Stages(_states.AsSpan(step * n, n), reach, share);
            Array.Clear(_byInput);
            _sum.AsSpan().Clear();
            for (var stage = 3; stage >= 0; stage--)
            {
                // What the stage's slope is worth: by its share of the step, and by the input of the stage after it.
                var input = _inputs[stage];
                for (var i = 0; i < n; i++)
                {
                    _slope[i] = (share[stage] * _byState[i]) + (stage < 3 ? reach[stage] * _byInput[i] : 0);
                    gradient[i] += _slope[i] * (i > 0 ? input[i - 1] : 1);
                }

                for (var i = 0; i < n; i++)
                {
                    _byInput[i] = i + 1 < n ? _slope[i + 1] * _x[i + 1] : 0;
                    _sum[i] += _byInput[i];
                }
            }

            for (var i = 0; i < n; i++)
            {
                _byState[i] += _sum[i];
            }
        }

        return gradient;
    }

    // The inputs of the four stages, and the sum of their shares.
    private void Stages(ReadOnlySpan<double> y, double[] reach, double[] share)
    {
        y.CopyTo(_inputs[0]);
        Array.Clear(_sum);
        for (var stage = 0; stage < 4; stage++)
        {
            var input = _inputs[stage];
            for (var i = 0; i < n; i++)
            {
                _slope[i] = _x[i] * (i > 0 ? input[i - 1] : 1);
                _sum[i] += share[stage] * _slope[i];
            }

            for (var i = 0; i < n && stage < 3; i++)
            {
                _inputs[stage + 1][i] = y[i] + (reach[stage] * _slope[i]);
            }
        }
    }
}
