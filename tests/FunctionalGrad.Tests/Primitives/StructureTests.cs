using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Primitives;

/// <summary>What the operations on axes and entries give, with errors that name the shapes and the way out.</summary>
public sealed class StructureTests
{
    private static readonly Expr Matrix = Tensor.Of([2, 3], [1.0, 5, 3, 4, 2, 6]);
    private static readonly Expr Vector = Tensor.Of(1.0, 2, 3, 4, 5);
    private static readonly Expr Box = Tensor.Generate([2, 3, 4], i => (double)i);

    public static TheoryData<string, Expr, Expr> Values => new()
    {
        { "sum of all", Matrix.Sum(), 21 },
        { "sum of columns", Matrix.Sum(0), Tensor.Of(5.0, 7, 9) },
        { "sum of rows", Matrix.Sum(-1), Tensor.Of(9.0, 12) },
        { "sum that keeps its axis", Matrix.Sum([1], keep: true), Tensor.Of([2, 1], [9.0, 12]) },
        { "sum over two of three axes", Box.Sum(0, 2), Tensor.Of(60.0, 92, 124) },
        { "sum of nothing", Zeros([0, 2]).Sum(0), Tensor.Of(0.0, 0) },
        { "mean of all", Matrix.Mean(), 3.5 },
        { "mean that keeps its axis", Matrix.Mean([0], keep: true), Tensor.Of([1, 3], [2.5, 3.5, 4.5]) },
        { "max of all", Matrix.Max(), 6 },
        { "max of rows", Matrix.Max(1), Tensor.Of(5.0, 6) },
        { "min of columns", Matrix.Min(0), Tensor.Of(1.0, 2, 3) },
        { "max that keeps its axis", Matrix.Max([1], keep: true), Tensor.Of([2, 1], [5.0, 6]) },
        { "min that keeps its axis", Matrix.Min([1], keep: true), Tensor.Of([2, 1], [1.0, 2]) },
        { "argmax of rows", Matrix.ArgMax(1), Tensor.Of(1.0, 2) },
        { "argmax of a tie is the first", Expr.Constant(Tensor.Of(2.0, 7, 7)).ArgMax(0), 1 },
        { "norm of rows", Expr.Constant(Tensor.Of([2, 2], [3.0, 4, 0, -2])).Norm(1), Tensor.Of(5.0, 2) },
        { "norm of large numbers", Expr.Constant(Tensor.Of(3e200, 4e200)).Norm(), 5e200 },
        { "norm of small numbers", Expr.Constant(Tensor.Of(3e-200, 4e-200)).Norm(), 5e-200 },
        { "norm of nothing", Zeros([0]).Norm(), 0 },
        { "softmax of equal entries", Zeros([2, 4]).Softmax(), Full([2, 4], 0.25) },
        { "softmax of large entries", Expr.Constant(Tensor.Of(1000.0, -1000)).Softmax(), Tensor.Of(1.0, 0) },
        { "softmax with −∞", Expr.Constant(Tensor.Of(0.0, double.NegativeInfinity, 0)).Softmax(), Tensor.Of(0.5, 0, 0.5) },
        { "log-softmax of large entries", Expr.Constant(Tensor.Of(1000.0, -1000)).LogSoftmax(), Tensor.Of(0.0, -2000) },
        { "log-sum-exp of large entries", Expr.Constant(Tensor.Of(1000.0, 0)).LogSumExp(), 1000 },
        { "log-sum-exp of −∞", Expr.Constant(Tensor.Of(double.NegativeInfinity, double.NegativeInfinity)).LogSumExp(), double.NegativeInfinity },
        { "running sum", Vector.CumulativeSum(0), Tensor.Of(1.0, 3, 6, 10, 15) },
        { "running sum from the end", Vector.CumulativeSum(0, reverse: true), Tensor.Of(15.0, 14, 12, 9, 5) },
        { "running sum of rows", Matrix.CumulativeSum(1), Tensor.Of([2, 3], [1.0, 6, 9, 4, 6, 12]) },
        { "transpose", Matrix.Transpose(), Tensor.Of([3, 2], [1.0, 4, 5, 2, 3, 6]) },
        { "transpose of the last two axes", Box.Transpose().At(0).At(1), Tensor.Of(1.0, 5, 9) },
        { "permuted", Box.Permute(2, 0, 1).At(1), Tensor.Of([2, 3], [1.0, 5, 9, 13, 17, 21]) },
        { "reshaped", Matrix.Reshape([3, 2]), Tensor.Of([3, 2], [1.0, 5, 3, 4, 2, 6]) },
        { "part", Matrix.At(-1), Tensor.Of(4.0, 2, 6) },
        { "slice", Matrix.Slice(.., 1..3), Tensor.Of([2, 2], [5.0, 3, 2, 6]) },
        { "slice from the end", Vector.Slice(^2..), Tensor.Of(4.0, 5) },
        { "slice of nothing", Vector.Slice(2..2), Tensor.Of<double>() },
        { "slice with steps", Vector.Slice([1], [2], [3]), Tensor.Of(2.0, 5) },
        { "padded", Vector.Slice(..2).Pad([1], [2]), Tensor.Of(0.0, 1, 2, 0, 0) },
        { "padded between", Vector.Slice(..3).Pad([0], [0], [1]), Tensor.Of(1.0, 0, 2, 0, 3) },
        { "gathered rows", Matrix.Gather(Tensor.Of(1.0, 0, 1)).At(2), Tensor.Of(4.0, 2, 6) },
        { "gathered columns", Matrix.Gather(2, axis: 1), Tensor.Of(3.0, 6) },
        { "gathered by a matrix of indices", Vector.Gather(Tensor.Of([2, 2], [0.0, 1, 4, 4])), Tensor.Of([2, 2], [1.0, 2, 5, 5]) },
        { "scattered", ScatterAdd(Tensor.Of(1.0, 10, 100), Tensor.Of(2.0, 0, 2), 0, 4), Tensor.Of(10.0, 0, 101, 0) },
        { "concatenated rows", Concatenate([Matrix, Matrix.Slice(..1)]).At(2), Tensor.Of(1.0, 5, 3) },
        { "concatenated columns", Concatenate([Matrix, Matrix], axis: 1).At(1), Tensor.Of(4.0, 2, 6, 4, 2, 6) },
        { "stacked", Stack([Vector, 2 * Vector], axis: 1).At(4), Tensor.Of(5.0, 10) },
        { "stacked at the end", Stack([1, 2, 3]), Tensor.Of(1.0, 2, 3) },
        { "matrix times vector", MatMul(Matrix, Tensor.Of(1.0, 10, 100)), Tensor.Of(351.0, 624) },
        { "vector times matrix", MatMul(Tensor.Of(1.0, 10), Matrix), Tensor.Of(41.0, 25, 63) },
        { "vector times vector", MatMul(Vector, Vector), 55 },
        { "matrix times matrix", Matrix.MatMul(Matrix.Transpose()), Tensor.Of([2, 2], [35.0, 32, 32, 56]) },
        { "a batch times a matrix", MatMul(Box, Tensor.Of([4, 1], [1.0, 1, 1, 1])), Tensor.Of([2, 3, 1], [6.0, 22, 38, 54, 70, 86]) },
        { "a batch times a batch that stretches", MatMul(Box, Tensor.Full([1, 4, 1], 1.0)), Tensor.Of([2, 3, 1], [6.0, 22, 38, 54, 70, 86]) },
        { "a product over no entries", MatMul(Zeros([2, 0]), Zeros([0, 3])), Tensor<double>.Zeros([2, 3]) },
        { "outer product", Outer(Tensor.Of(1.0, 2), Tensor.Of(3.0, 4)), Tensor.Of([2, 2], [3.0, 4, 6, 8]) },
        { "inner product", Dot(Matrix, Matrix), 91 },
        { "einsum of rows", Einsum("ij->i", Matrix), Tensor.Of(9.0, 12) },
        { "einsum of a quadratic form", Einsum("i,ij,j->", Tensor.Of(1.0, 1), Tensor.Of([2, 2], [1.0, 2, 3, 4]), Tensor.Of(1.0, 1)), 10 },
        { "einsum of a batch", Einsum("bij,bj->bi", Box, Tensor.Full([2, 4], 1.0)), Tensor.Of([2, 3], [6.0, 22, 38, 54, 70, 86]) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void An_operation_gives_what_it_says(string what, Expr actual, Expr expected)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (a, b) = (expected.Evaluate(), actual.Evaluate());
        Assert.True(
            Enumerable.Range(0, a.Size).All(i => a.Values[i].Equals(b.Values[i]) || Math.Abs(a.Values[i] - b.Values[i]) <= 1e-15 * Math.Abs(a.Values[i])),
            $"{what}: {b}, not {a}");
        Assert.Equal(b.Size, actual.Evaluate(Point<float>.Empty).Size);
    }

    [Fact]
    public void A_matrix_product_of_any_size_is_the_sum_of_products()
    {
        var random = new Random(11);
        foreach (var (rows, inner, columns) in new[] { (1, 1, 1), (3, 5, 7), (8, 8, 8), (17, 33, 9), (1, 64, 5), (40, 1, 40) })
        {
            var a = Tensor.Generate([rows, inner], _ => random.Next(-5, 6) * 1.0);
            var b = Tensor.Generate([inner, columns], _ => random.Next(-5, 6) * 1.0);
            var expected = Tensor.Generate(
                [rows, columns], i => Enumerable.Range(0, inner).Sum(k => a[i / columns, k] * b[k, i % columns]));
            Assert.Equal(expected, MatMul(a, b).Evaluate());
            Assert.Equal(expected.To<float>(), MatMul(a, b).Evaluate(Point<float>.Empty));
        }
    }

    [Fact]
    public void An_operation_that_would_change_nothing_gives_the_same_node()
    {
        var x = Variable("x", [2, 3]);
        Assert.Same(x, x.Reshape([2, 3]));
        Assert.Same(x, x.Permute(0, 1));
        Assert.Same(x, x.Slice());
        Assert.Same(x, x.Pad([0, 0], [0, 0]));
        var scalar = Variable("s");
        Assert.Same(scalar, scalar.Sum());
    }

    [Fact]
    public void Errors_name_the_shapes_and_the_way_out()
    {
        Errors.Say<ShapeException>(() => MatMul(Zeros([3, 4]), Zeros([5, 2])), "cannot contract [3, 4] with [5, 2]", "inner dimensions 4 and 5", "transpose one of them or check the order");
        Errors.Say<ShapeException>(() => MatMul(Matrix, 2), "[2, 3]", "scalar", "x * y");
        Errors.Say<ShapeException>(() => MatMul(Zeros([2, 3, 4]), Zeros([3, 4, 5])), "batch dimensions 2 and 3");
        Errors.Say<ShapeException>(() => Dot(Matrix, Vector), "dot", "[2, 3]", "[5]", "MatMul or Einsum");
        Errors.Say<ShapeException>(() => Matrix.Reshape([4]), "reshape", "[2, 3] has 6", "[4] has 4");
        Errors.Say<ShapeException>(() => Matrix.Permute(0), "permute", "1 axes", "[2, 3]", "every axis once");
        Errors.Say<ShapeException>(() => Matrix.Permute(0, 0), "permute", "twice");
        Errors.Say<ShapeException>(() => Vector.Transpose(), "transpose", "[5]", "one axis");
        Errors.Say<ShapeException>(() => Matrix.Sum(2), "sum", "[2, 3]", "no axis 2", "-2 to 1");
        Errors.Say<ShapeException>(() => Matrix.Sum(0, -2), "sum", "axis 0", "twice");
        Errors.Say<ShapeException>(() => Zeros([2, 0]).Mean(1), "mean", "[2, 0]", "at least one");
        Errors.Say<ShapeException>(() => Zeros([2, 0]).Max(1), "max", "[2, 0]", "empty", "leave that axis out");
        Errors.Say<ShapeException>(() => Zeros([0]).ArgMax(0), "argmax", "[0]", "empty");
        Errors.Say<ShapeException>(() => Matrix.Softmax(2), "softmax", "no axis 2");
        Errors.Say<ShapeException>(() => Matrix.Slice(.., .., ..), "slice", "3 ranges", "[2, 3]", "at most one for each");
        Errors.Say<ArgumentOutOfRangeException>(() => Matrix.Slice(1..3), "slice", "1..3", "axis 0", "2 entries");
        Errors.Say<ShapeException>(() => Vector.Slice([0], [3], [3]), "slice", "3 entries from 0", "step 3", "axis 0", "5 entries");
        Errors.Say<ShapeException>(() => Vector.Slice([0], [3], [0]), "step 0", "1 or more");
        Errors.Say<ArgumentOutOfRangeException>(() => Vector.At(5), "at", "index 5", "axis 0", "[5]", "-5 to 4");
        Errors.Say<ShapeException>(() => Expr.Constant(1).At(0), "scalar has no axis");
        Errors.Say<ShapeException>(() => Vector.Pad([1, 1], [0]), "pad", "2 numbers before, 1 after", "[5]", "give 1 of each");
        Errors.Say<ShapeException>(() => Vector.Pad([-1], [0]), "pad", "-1 before", "Slice");
        Errors.Say<ShapeException>(() => Concatenate([Matrix, Zeros([2, 2])]), "cannot join [2, 3] (part 0) with [2, 2] (part 1) along axis 0", "extents 3 and 2");
        Errors.Say<ShapeException>(() => Concatenate([Matrix, Vector]), "concatenate", "part 1 [5] has 1 axes", "[2, 3] has 2");
        Errors.Say<ShapeException>(() => Stack([Matrix, Vector]), "stack", "part 1 has shape [5]", "part 0 [2, 3]", "Concatenate");
        Errors.Say<ShapeException>(() => Stack([Vector], axis: 3), "stack", "no axis 3", "-2 to 1");
        Errors.Say<ShapeException>(() => Einsum("ij,jk->ik", Matrix, Matrix), "einsum", "j has extent 3", "2 in operand 1");
        Errors.Say<ShapeException>(() => Einsum("i->", Matrix), "einsum", "2 axes", "1 letters", "one letter for each axis");
        Errors.Say<ShapeException>(() => Einsum("ij,j->i", Matrix), "2 terms", "1 operand is");
        Errors.Say<FormatException>(() => Einsum("ij", Matrix), "ij");
        Errors.Say<FormatException>(() => Einsum("ii->i", Zeros([2, 2])), "i");
        Errors.Say<FormatException>(() => Einsum("ij->ik", Matrix), "k");
        Errors.Say<ShapeException>(() => Matrix.Gather(0, axis: 2), "gather", "no axis 2");
        Errors.Say<ShapeException>(() => ScatterAdd(1, Tensor.Of(0.0, 1), 0, 3), "scatter-add", "[]", "[2]", "an update for every index");
        Errors.Say<IndexOutsideException>(() => Vector.Gather(5).Evaluate(), "gather", "index 5", "5 entries", "0 to 4");
    }

    [Fact]
    public void Joining_nothing_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Concatenate(Array.Empty<Expr>()));
        Assert.ThrowsAny<ArgumentException>(() => Stack(Array.Empty<Expr>()));
    }
}
