namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A function of n numbers and its gradient at many points at once. The straightforward version goes from point to point;
/// FunctionalGrad has a variable with an entry for each point, so that every lane of a register works on a point of its own;
/// so has the tuned version. The versions by hand write into results that they keep: as single arrays theirs are so large that
/// the runtime would allocate them more slowly than FunctionalGrad's, which are one for each variable.
/// </summary>
internal abstract class ManyPoints : GradientComparison
{
    public const int Points = 10_000;

    private readonly int _n;
    private readonly double[] _pointByPoint;
    private readonly double[] _values = new double[Points];
    private readonly double[] _columnValues = new double[Points];
    private readonly double[] _gradients;
    private readonly double[] _columns;

    /// <summary>Makes it of numbers that lie one point after another.</summary>
    protected ManyPoints(int n, double[] pointByPoint, string[] names)
    {
        (_n, _pointByPoint) = (n, pointByPoint);
        (_gradients, _columns) = (new double[n * Points], new double[n * Points]);
        Variables = [.. names.Select(name => Expr.Variable(name, [Points]))];
        Columns = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, Points).Select(p => pointByPoint[(p * n) + i]).ToArray())];
    }

    protected sealed override Variable[] Variables { get; }

    /// <summary>For each variable its values at all points.</summary>
    protected double[][] Columns { get; }

    protected abstract double Gradient(ReadOnlySpan<double> x, Span<double> gradient);

    /// <summary>From the columns, the values; and the derivatives, in one array, column after column.</summary>
    protected abstract void GradientsByVectors(double[] values, double[] gradients);

    protected sealed override Point<double> MakePoint() =>
        Point.Of([.. Variables.Select((variable, i) => (variable, Tensor.Of<double>(Columns[i])))]);

    protected sealed override double[][] ByLoops()
    {
        for (var p = 0; p < Points; p++)
        {
            _values[p] = Gradient(_pointByPoint.AsSpan(p * _n, _n), _gradients.AsSpan(p * _n, _n));
        }

        return [_values, _gradients];
    }

    protected sealed override double[][] ByVectors()
    {
        GradientsByVectors(_columnValues, _columns);
        return [_columnValues, _columns];
    }

    protected sealed override double[][] InOrder(double[][] results)
    {
        double[] columns = [.. results[1..].SelectMany(column => column)];
        var gradients = new double[columns.Length];
        for (var i = 0; i < _n; i++)
        {
            for (var p = 0; p < Points; p++)
            {
                gradients[(p * _n) + i] = columns[(i * Points) + p];
            }
        }

        return [results[0], gradients];
    }
}
