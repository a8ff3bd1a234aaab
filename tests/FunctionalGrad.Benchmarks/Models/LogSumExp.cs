using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>log Σ exp xᵢ, whose gradient is the softmax.</summary>
/// <param name="n">How many numbers.</param>
internal sealed class LogSumExp(int n) : GradientComparison
{
    private readonly double[] _x = Numbers.Between(-5, 5, n, seed: 1);
    private readonly Variable _variable = Expr.Variable("x", [n]);

    protected override Variable[] Variables => [_variable];

    protected override Expr Formula() => _variable.LogSumExp();

    protected override Point<double> MakePoint() => Point.Of((_variable, Tensor.Of<double>(_x)));

    protected override double[][] ByLoops()
    {
        var greatest = double.NegativeInfinity;
        foreach (var x in _x)
        {
            greatest = Math.Max(greatest, x);
        }

        var (sum, gradient) = (0.0, new double[n]);
        for (var i = 0; i < n; i++)
        {
            gradient[i] = Math.Exp(_x[i] - greatest);
            sum += gradient[i];
        }

        for (var i = 0; i < n; i++)
        {
            gradient[i] /= sum;
        }

        return [[greatest + Math.Log(sum)], gradient];
    }

    protected override double[][] ByVectors()
    {
        var gradient = new double[n];
        ref var source = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var target = ref MemoryMarshal.GetArrayDataReference(gradient);
        var most = Vector512.Create(double.NegativeInfinity);
        var i = 0;
        for (; i + 8 <= n; i += 8)
        {
            most = Vector512.Max(most, Vector512.LoadUnsafe(ref source, (nuint)i));
        }

        var greatest = double.NegativeInfinity;
        for (var lane = 0; lane < 8; lane++)
        {
            greatest = Math.Max(greatest, most[lane]);
        }

        for (; i < n; i++)
        {
            greatest = Math.Max(greatest, _x[i]);
        }

        var sums = Vector512<double>.Zero;
        for (i = 0; i + 8 <= n; i += 8)
        {
            var power = Vector512.Exp(Vector512.LoadUnsafe(ref source, (nuint)i) - Vector512.Create(greatest));
            power.StoreUnsafe(ref target, (nuint)i);
            sums += power;
        }

        var sum = Vector512.Sum(sums);
        for (; i < n; i++)
        {
            gradient[i] = Math.Exp(_x[i] - greatest);
            sum += gradient[i];
        }

        for (i = 0; i + 8 <= n; i += 8)
        {
            (Vector512.LoadUnsafe(ref target, (nuint)i) * (1 / sum)).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < n; i++)
        {
            gradient[i] /= sum;
        }

        return [[greatest + Math.Log(sum)], gradient];
    }
}
