namespace FunctionalGrad.Benchmarks;

/// <summary>A determinant by minors: its derivative by an entry is the signed minor without that entry's row and column.</summary>
/// <param name="l">How many rows.</param>
internal sealed class DeterminantByHand(int l) : GradBenchComparison("det", "primal", "gradient")
{
    private readonly double[] _a = Numbers.Between(0, 1, l * l, seed: 1);

    protected override Dictionary<string, object> Input() => new() { ["A"] = _a, ["ell"] = l };

    protected override double[] ByLoops()
    {
        var gradient = new double[l * l];
        var minor = new double[(l - 1) * (l - 1)];
        for (var row = 0; row < l; row++)
        {
            for (var column = 0; column < l; column++)
            {
                Without(_a, l, row, column, minor);
                gradient[(row * l) + column] = ((row + column) % 2 == 0 ? 1 : -1) * Determinant(minor, l - 1);
            }
        }

        return gradient;
    }

    private static double Determinant(ReadOnlySpan<double> a, int size)
    {
        if (size == 0)
        {
            return 1;
        }

        Span<double> minor = stackalloc double[(size - 1) * (size - 1)];
        var (sum, sign) = (0.0, 1.0);
        for (var column = 0; column < size; column++)
        {
            Without(a, size, 0, column, minor);
            sum += sign * a[column] * Determinant(minor, size - 1);
            sign = -sign;
        }

        return sum;
    }

    private static void Without(ReadOnlySpan<double> a, int size, int row, int column, Span<double> minor)
    {
        var to = 0;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size && i != row; j++)
            {
                if (j != column)
                {
                    minor[to++] = a[(i * size) + j];
                }
            }
        }
    }
}
