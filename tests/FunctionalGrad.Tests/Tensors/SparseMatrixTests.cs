using Xunit;

namespace FunctionalGrad.Tests.Tensors;

public sealed class SparseMatrixTests
{
    private static readonly Tensor<double> Dense = Tensor.Of([3, 4], [0.0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 4, 5]);

    [Fact]
    public void It_keeps_what_is_not_zero()
    {
        var a = SparseMatrix.Of(Dense);
        Assert.Equal((3, 4, 5), (a.Rows, a.Columns, a.Count));
        Assert.Equal([0, 2, 2, 5], a.RowStarts.ToArray());
        Assert.Equal([1, 3, 0, 2, 3], a.ColumnIndices.ToArray());
        Assert.Equal(Dense, a.ToDense());
        Assert.Equal(Dense, a.Transpose().Transpose().ToDense());
        Assert.Equal(a, SparseMatrix.Of(a.Pattern, a.Values));
        Assert.Equal(a.GetHashCode(), a.Transpose().Transpose().GetHashCode());
        Assert.NotEqual(a, a.Transpose());
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(Dense.Values[i], a[i / 4, i % 4]);
            Assert.Equal(Dense.Values[i], a.Transpose()[i % 4, i / 4]);
        }
    }

    [Fact]
    public void It_multiplies_vectors()
    {
        Assert.Equal(Tensor.Of(1020.0, 0, 3 + 400 + 5000), SparseMatrix.Of(Dense) * Tensor.Of(1.0, 20, 100, 1000) - Tensor.Of(1000.0, 0, 0));
        Errors.Say<ShapeException>(() => _ = SparseMatrix.Of(Dense) * Tensor.Of(1.0, 2), "3 × 4", "[2]", "4 entries");
    }

    [Fact]
    public void It_prints_briefly()
    {
        Assert.Equal("3 × 4 with 5 entries: (0, 1) 1, (0, 3) 2, (2, 0) 3, (2, 2) 4, (2, 3) 5", SparseMatrix.Of(Dense).ToString());
        Assert.Equal("1 × 1 with 1 entry: (0, 0) 0.5", SparseMatrix.Of(Tensor.Of([1, 1], [0.5])).ToString());
        Assert.EndsWith("(19, 19) 1, …", SparseMatrix.Of(Tensor.Generate([30, 30], i => i % 31 == 0 ? 1.0 : 0)).ToString());
        Assert.Equal("2 × 0 with 0 entries", SparseMatrix.Of(Tensor<float>.Zeros([2, 0])).ToString());
    }

    [Fact]
    public void What_is_no_matrix_is_refused()
    {
        Errors.Say<ShapeException>(() => SparseMatrix.Of(Tensor.Of(1.0, 2)), "[2]", "two axes");
        Errors.Say<ArgumentOutOfRangeException>(() => _ = SparseMatrix.Of(Dense)[3, 0], "row 3", "0 to 2");
        Errors.Say<ArgumentOutOfRangeException>(() => _ = SparseMatrix.Of(Dense)[0, -1], "column -1", "0 to 3");
        Errors.Say<ArgumentException>(() => SparseMatrix.Of(SparseMatrix.Of(Dense).Pattern, [1.0]), "5 values", "1");
        Errors.Say<ArgumentException>(() => SparsityPattern.Of(2, 2, [0, 1], [0]), "3 row starts");
        Errors.Say<ArgumentException>(() => SparsityPattern.Of(2, 2, [0, 2, 1], [0]), "must not fall");
        Errors.Say<ArgumentException>(() => SparsityPattern.Of(1, 2, [0, 2], [1, 1]), "column 1 after 1");
        Errors.Say<ArgumentException>(() => SparsityPattern.Of(1, 2, [0, 1], [2]), "column 2", "below 2");
    }
}
