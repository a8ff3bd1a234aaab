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

    // Blocks of points, so that what one step of the chain leaves to the next stays in the nearest cache.
    protected override void GradientsByVectors(double[] values, double[] gradients)
    {
        const int Block = 400;
        var pending = new double[Block];
        ref var left = ref MemoryMarshal.GetArrayDataReference(pending);
        ref var value = ref MemoryMarshal.GetArrayDataReference(values);
        for (var start = 0; start < Points; start += Block)
        {
            Array.Clear(pending);
            for (var i = 0; i + 1 < _n; i++)
            {
                ref var here = ref MemoryMarshal.GetArrayDataReference(Columns[i]);
                ref var next = ref MemoryMarshal.GetArrayDataReference(Columns[i + 1]);
                ref var gradient = ref gradients[i * Points];
                for (var k = 0; k < Block; k += 8)
                {
                    var p = (nuint)(start + k);
                    var x = Vector512.LoadUnsafe(ref here, p);
                    var bend = Vector512.LoadUnsafe(ref next, p) - (x * x);
                    var rest = Vector512<double>.One - x;
                    (Vector512.LoadUnsafe(ref value, p) + (100 * bend * bend) + (rest * rest)).StoreUnsafe(ref value, p);
                    (Vector512.LoadUnsafe(ref left, (nuint)k) - (400 * x * bend) - (rest + rest)).StoreUnsafe(ref gradient, p);
                    (200 * bend).StoreUnsafe(ref left, (nuint)k);
                }
            }

            pending.CopyTo(gradients, ((_n - 1) * Points) + start);
        }
    }
}
