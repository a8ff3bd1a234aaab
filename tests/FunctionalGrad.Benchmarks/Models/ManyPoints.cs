namespace FunctionalGrad.Benchmarks;

/// <summary>
/// A function of n numbers and its gradient at many points at once. The straightforward version goes from point to point;
/// FunctionalGrad has a variable with an entry for each point, so that every lane of a register works on a point of its own;
/// so has the tuned version.
/// </summary>
internal abstract class ManyPoints : GradientComparison
{
    public const int Points = 10_000;

    private readonly int _n;
    private readonly double[] _pointByPoint;

    /// <summary>Makes it of numbers that lie one point after another.</summary>
    protected ManyPoints(int n, double[] pointByPoint, string[] names)
    {
        (_n, _pointByPoint) = (n, pointByPoint);
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
        var (values, gradients) = (new double[Points], new double[Points * _n]);
        for (var p = 0; p < Points; p++)
        {
            values[p] = Gradient(_pointByPoint.AsSpan(p * _n, _n), gradients.AsSpan(p * _n, _n));
        }

        return [values, gradients];
    }

    protected sealed override double[][] ByVectors()
    {
        var (values, gradients) = (new double[Points], new double[Points * _n]);
        GradientsByVectors(values, gradients);
        return [values, gradients];
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
