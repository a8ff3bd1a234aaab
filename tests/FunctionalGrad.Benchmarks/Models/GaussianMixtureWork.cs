using System.Numerics.Tensors;

namespace FunctionalGrad.Benchmarks;

/// <summary>The working memory of the tuned Gaussian mixture, and its steps on one component or all.</summary>
internal sealed class GaussianMixtureWork(int n, int d, int k)
{
    private readonly double[] _differences = new double[k * n * d];
    private readonly double[] _images = new double[k * n * d];
    private readonly double[] _triangles = new double[k * d * d];
    private readonly double[] _transposed = new double[k * d * d];
    private readonly double[] _greatest = new double[n];
    private readonly double[] _totals = new double[n];
    private readonly double[] _sums = new double[d];

    /// <summary>Entry (c, i): the exponent of component c at point i, and after <see cref="Softmax"/> its share.</summary>
    public double[] Exponents { get; } = new double[k * n];

    public double[] Square { get; } = new double[d * d];

    public Span<double> Differences(int component) => _differences.AsSpan(component * n * d, n * d);

    public Span<double> Images(int component) => _images.AsSpan(component * n * d, n * d);

    public ReadOnlySpan<double> Transposed(int component) => _transposed.AsSpan(component * d * d, d * d);

    /// <summary>Fills in the differences from the mean, and the triangle as a square with zeros above its diagonal.</summary>
    public void Fill(int component, double[] x, double[] means, double[] q, double[] l)
    {
        var differences = Differences(component);
        var mean = means.AsSpan(component * d, d);
        for (var i = 0; i < n; i++)
        {
            TensorPrimitives.Subtract(x.AsSpan(i * d, d), mean, differences.Slice(i * d, d));
        }

        var triangle = _triangles.AsSpan(component * d * d, d * d);
        var entry = component * d * (d - 1) / 2;
        for (var r = 0; r < d; r++)
        {
            l.AsSpan(entry, r).CopyTo(triangle[(r * d)..]);
            entry += r;
            triangle[(r * d) + r] = Math.Exp(q[(component * d) + r]);
        }

        TunedProduct.Transpose(triangle, _transposed.AsSpan(component * d * d, d * d), d, d);
    }

    /// <summary>Makes shares of the exponents, and returns the sum over the points of the logarithm of their total.</summary>
    public double Softmax()
    {
        Exponents.AsSpan(0, n).CopyTo(_greatest);
        for (var c = 1; c < k; c++)
        {
            TensorPrimitives.Max(_greatest, Exponents.AsSpan(c * n, n), _greatest);
        }

        Array.Clear(_totals);
        for (var c = 0; c < k; c++)
        {
            var row = Exponents.AsSpan(c * n, n);
            TensorPrimitives.Subtract(row, _greatest, row);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.Add(_totals, row, _totals);
        }

        for (var c = 0; c < k; c++)
        {
            var row = Exponents.AsSpan(c * n, n);
            TensorPrimitives.Divide(row, _totals, row);
        }

        TensorPrimitives.Log(_totals, _totals);
        return TensorPrimitives.Sum<double>(_greatest) + TensorPrimitives.Sum<double>(_totals);
    }

    /// <summary>Writes the sum over the points of Lᵀ·(share · image), by first summing what L multiplies.</summary>
    public void PullBack(int component, ReadOnlySpan<double> images, Span<double> byMean)
    {
        Array.Clear(_sums);
        for (var i = 0; i < n; i++)
        {
            TensorPrimitives.Add(_sums, images.Slice(i * d, d), _sums);
        }

        TunedProduct.Write(_sums, 0, 1, _triangles.AsSpan(component * d * d, d * d), byMean, 1, d, d);
    }
}
