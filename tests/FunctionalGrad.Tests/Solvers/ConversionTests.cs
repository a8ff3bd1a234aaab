using FunctionalGrad.Solvers;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace FunctionalGrad.Tests.Solvers;

public sealed class ConversionTests
{
    private static readonly Tensor<double> Dense = Tensor.Of([2, 3], [1.0, 0, 2, 0, 0, 3]);

    [Fact]
    public void There_and_back()
    {
        Assert.Equal(Dense, Dense.ToMatrix().ToTensor());
        Assert.Equal(2, Dense.ToMatrix()[0, 2]);
        Assert.Equal(Dense.Reshape([6]), Dense.ToVector().ToTensor());
        var sparse = SparseMatrix.Of(Dense);
        Assert.Equal(3, sparse.ToMathNet().NonZerosCount);
        Assert.Equal(Dense.ToMatrix(), sparse.ToMathNet());
        Assert.Equal(sparse, sparse.ToMathNet().ToSparse());
        Assert.Equal(sparse, Dense.ToMatrix().ToSparse());
        Assert.Equal(sparse.Transpose(), sparse.ToMathNet().Transpose().ToSparse());
        Assert.Equal((sparse * Tensor.Of(1.0, 2, 3)).ToVector(), sparse.ToMathNet() * Vector<double>.Build.Dense([1, 2, 3]));
    }

    [Fact]
    public void Nothing_is_shared()
    {
        var vector = Dense.ToVector();
        vector[0] = 7;
        Assert.Equal(1, Dense[0, 0]);
        var sparse = SparseMatrix.Of(Dense);
        sparse.ToMathNet()[0, 0] = 7;
        Assert.Equal(1, sparse[0, 0]);
    }

    [Fact]
    public void What_is_no_matrix_is_refused()
    {
        Errors.Say<ShapeException>(() => Tensor.Of(1.0, 2).ToMatrix(), "[2]", "two axes");
        Errors.Say<ShapeException>(() => SparseMatrix.Of(Tensor<double>.Zeros([0, 2])).ToMathNet(), "0 × 2");
    }
}
