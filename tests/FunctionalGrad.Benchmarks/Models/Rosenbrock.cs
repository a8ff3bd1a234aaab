using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>The Rosenbrock chain Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² at one point.</summary>
/// <param name="n">How many variables it has.</param>
/// <param name="scalars">Whether the formula is written over single entries, as code for scalars would be, or over slices.</param>
internal sealed class Rosenbrock(int n, bool scalars) : GradientComparison
{
    private readonly double[] _x = Numbers.Between(-1, 1, n, seed: 1);
    private readonly Variable _variable = Expr.Variable("x", [n]);

    protected override Variable[] Variables => [_variable];

    /// <summary>The function and its gradient for one point.</summary>
    public static double Gradient(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var value = 0.0;
        gradient[0] = 0;
        for (var i = 0; i + 1 < x.Length; i++)
        {
            var bend = x[i + 1] - (x[i] * x[i]);
            var rest = 1 - x[i];
            value += (100 * bend * bend) + (rest * rest);
            gradient[i] -= (400 * x[i] * bend) + (2 * rest);
            gradient[i + 1] = 200 * bend;
        }

        return value;
    }

    /// <summary>The function of scalars, or of tensors with a point for each entry.</summary>
    public static Expr Chain(ReadOnlySpan<Expr> x)
    {
        Expr sum = 0;
        for (var i = 0; i + 1 < x.Length; i++)
        {
            sum += (100 * (x[i + 1] - x[i].Square()).Square()) + (1 - x[i]).Square();
        }

        return sum;
    }

    protected override Expr Formula()
    {
        if (scalars)
        {
            return Chain([.. Enumerable.Range(0, n).Select(i => _variable.At(i))]);
        }

        var (x, next) = (_variable.Slice(..^1), _variable.Slice(1..));
        return ((100 * (next - x.Square()).Square()) + (1 - x).Square()).Sum();
    }

    protected override Point<double> MakePoint() => Point.Of((_variable, Tensor.Of<double>(_x)));

    protected override double[][] ByLoops()
    {
        var gradient = new double[n];
        return [[Gradient(_x, gradient)], gradient];
    }

    protected override double[][] ByVectors()
    {
        var gradient = new double[n];
        ref var x = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var g = ref MemoryMarshal.GetArrayDataReference(gradient);
        var sum = Vector512<double>.Zero;
        var i = 1;

        // Entry i has the terms of i − 1 and of i, so that no lane waits for another.
        for (; i + 8 < n; i += 8)
        {
            var here = Vector512.LoadUnsafe(ref x, (nuint)i);
            var before = Vector512.LoadUnsafe(ref x, (nuint)(i - 1));
            var bend = Vector512.LoadUnsafe(ref x, (nuint)(i + 1)) - (here * here);
            var bendBefore = here - (before * before);
            var rest = Vector512<double>.One - here;
            sum += (100 * bend * bend) + (rest * rest);
            ((200 * bendBefore) - (400 * here * bend) - (rest + rest)).StoreUnsafe(ref g, (nuint)i);
        }

        var value = Vector512.Sum(sum);
        for (; i + 1 < n; i++)
        {
            var bend = _x[i + 1] - (_x[i] * _x[i]);
            var rest = 1 - _x[i];
            value += (100 * bend * bend) + (rest * rest);
            gradient[i] = (200 * (_x[i] - (_x[i - 1] * _x[i - 1]))) - (400 * _x[i] * bend) - (2 * rest);
        }

        var first = _x[1] - (_x[0] * _x[0]);
        gradient[0] = -(400 * _x[0] * first) - (2 * (1 - _x[0]));
        gradient[n - 1] = 200 * (_x[n - 1] - (_x[n - 2] * _x[n - 2]));
        return [[value + (100 * first * first) + ((1 - _x[0]) * (1 - _x[0]))], gradient];
    }
}
