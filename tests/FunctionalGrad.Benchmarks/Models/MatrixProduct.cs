namespace FunctionalGrad.Benchmarks;

/// <summary>The product of two square matrices, without a gradient: what layers are made of.</summary>
/// <param name="size">How many rows and columns.</param>
internal sealed class MatrixProduct(int size) : Comparison<double>
{
    public static int[] Sizes => [4, 16, 64, 128, 256, 512, 1_024];

    private readonly double[] _x = Numbers.Between(-1, 1, size * size, seed: 1);
    private readonly double[] _y = Numbers.Between(-1, 1, size * size, seed: 2);
    private readonly Variable _left = Expr.Variable("x", [size, size]);
    private readonly Variable _right = Expr.Variable("y", [size, size]);
    private Expr[]? _outputs;
    private Point<double>? _at;

    protected override Expr[] Outputs => _outputs ??= [_left.MatMul(_right)];

    protected override Point<double> At =>
        _at ??= Point.Of((_left, Tensor.Of<double>(_left.Shape, _x)), (_right, Tensor.Of<double>(_right.Shape, _y)));

    protected override double[][] ByLoops()
    {
        var product = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            var sums = product.AsSpan(i * size, size);
            for (var k = 0; k < size; k++)
            {
                var factor = _x[(i * size) + k];
                var row = _y.AsSpan(k * size, size);
                for (var j = 0; j < sums.Length; j++)
                {
                    sums[j] += factor * row[j];
                }
            }
        }

        return [product];
    }

    protected override double[][] ByVectors()
    {
        var product = GC.AllocateUninitializedArray<double>(size * size);
        TunedProduct.Write<double>(_x, size, 1, _y, product, size, size, size);
        return [product];
    }
}
