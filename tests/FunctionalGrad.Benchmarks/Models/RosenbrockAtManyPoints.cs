using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FunctionalGrad.Benchmarks;

/// <summary>The Rosenbrock chain at many points.</summary>
/// <param name="n">How many variables it has.</param>
internal sealed class RosenbrockAtManyPoints(int n)
    : ManyPoints(n, Numbers.Between(-1, 1, n * Points, seed: 2), [.. Enumerable.Range(0, n).Select(i => $"x{i}")])
{
    private readonly int _n = n;

    protected override Expr Formula() => Rosenbrock.Chain(Variables);

    protected override double Gradient(ReadOnlySpan<double> x, Span<double> gradient) => Rosenbrock.Gradient(x, gradient);

    protected override double[][] GradientsByVectors()
    {
        var results = new double[_n + 1][];
        for (var i = 0; i <= _n; i++)
        {
            results[i] = new double[Points];
        }

        for (var p = 0; p + 8 <= Points; p += 8)
        {
            var sum = Vector512<double>.Zero;
            var pending = Vector512<double>.Zero;
            var here = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Columns[0]), (nuint)p);
            for (var i = 0; i + 1 < _n; i++)
            {
                var next = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Columns[i + 1]), (nuint)p);
                var bend = next - (here * here);
                var rest = Vector512<double>.One - here;
                sum += (100 * bend * bend) + (rest * rest);
                (pending - (400 * here * bend) - (rest + rest)).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(results[i + 1]), (nuint)p);
                (pending, here) = (200 * bend, next);
            }

            pending.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(results[_n]), (nuint)p);
            sum.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(results[0]), (nuint)p);
        }

        return results;
    }
}
