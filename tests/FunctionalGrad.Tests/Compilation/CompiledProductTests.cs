using System.Numerics;
using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Compilation;

/// <summary>Compiled matrix products of every size and layout stay within the rounding of their sums.</summary>
public sealed class CompiledProductTests
{
    public static TheoryData<int> Extents => [.. Enumerable.Range(1, 33)];

    /// <summary>Large enough to be multiplied in blocks, divided among cores, or both; few of them whole numbers of tiles.</summary>
    public static TheoryData<int, int, int> LargeExtents => new()
    {
        { 130, 70, 190 }, { 257, 257, 257 }, { 256, 128, 320 }, { 203, 300, 171 }, { 32, 4100, 65 }, { 33, 515, 500 },
        { 2100, 64, 90 }, { 50, 66, 2600 }, { 5, 1000, 1000 }, { 1000, 1000, 3 }, { 900, 20, 400 }, { 7, 30, 21000 }, { 2200, 2, 1000 },
        { 33, 512, 511 }, { 39, 520, 512 }, { 32, 1030, 513 }, { 127, 200, 514 }, { 129, 200, 515 }, { 136, 1100, 56 }, { 140, 1000, 71 },
    };

    [Theory]
    [MemberData(nameof(Extents))]
    public void Small_products_in_double_precision(int rows) => Small<double>(rows);

    [Theory]
    [MemberData(nameof(Extents))]
    public void Small_products_in_single_precision(int rows) => Small<float>(rows);

    [Theory]
    [MemberData(nameof(LargeExtents))]
    public void Large_products_in_double_precision(int rows, int summed, int columns) => Large<double>(rows, summed, columns);

    [Theory]
    [MemberData(nameof(LargeExtents))]
    public void Large_products_in_single_precision(int rows, int summed, int columns) => Large<float>(rows, summed, columns);

    [Fact]
    public void Vectors_and_matrices()
    {
        foreach (var (rows, columns) in ((int, int)[])[(1, 1), (3, 2), (4, 7), (5, 8), (9, 17), (33, 40), (70, 65), (2100, 2100)])
        {
            var (m, row, column) = (Variable("m", [rows, columns]), Variable("row", [rows]), Variable("column", [columns]));
            var at = Point.Of((m, Numbers<double>(m.Shape, 1)), (row, Numbers<double>(row.Shape, 2)), (column, Numbers<double>(column.Shape, 3)));
            Near(
                [
                    m.MatMul(column), row.MatMul(m), Einsum("ab,b->a", m, column), Einsum("ab,a->b", m, row), Einsum("ba,b->a", m, row),
                    m.MatMul(column.Reshape([columns, 1])), row.Reshape([1, rows]).MatMul(m), Dot(row, row),
                ],
                at, Math.Max(rows, columns));
        }
    }

    [Fact]
    public void Batches_in_every_layout()
    {
        foreach (var (batch, rows, summed, columns) in ((int, int, int, int)[])[(4, 7, 4, 7), (4, 7, 7, 4), (3, 1, 5, 2), (2, 9, 3, 17), (5, 12, 16, 33), (2, 200, 212, 200)])
        {
            var (x, y) = (Variable("x", [batch, rows, summed]), Variable("y", [batch, summed, columns]));
            var at = Point.Of((x, Numbers<double>(x.Shape, 1)), (y, Numbers<double>(y.Shape, 2)));
            Near(
                [
                    Einsum("bij,bjk->bik", x, y), Einsum("bij,bjk->bki", x, y), Einsum("bij,bjk->ibk", x, y), Einsum("bij,bjk->kib", x, y),
                    Einsum("bij,bjk->ik", x, y), x.MatMul(y.Slice([0, 0, 0], [1, summed, columns])),
                    x.Permute([0, 2, 1]).MatMul(x), y.MatMul(y.Permute([0, 2, 1])), x.Slice([0, 0, 0], [1, rows, 1]).MatMul(y.Slice([0, 0, 0], [1, 1, columns])),
                ],
                at, batch * Math.Max(rows, Math.Max(summed, columns)));
        }
    }

    [Fact]
    public void Products_of_nothing_are_zero()
    {
        var (x, y, z) = (Variable("x", [3, 0]), Variable("y", [0, 4]), Variable("z", [4, 2]));
        var at = Point.Of((x, Numbers<double>(x.Shape, 1)), (y, Numbers<double>(y.Shape, 2)), (z, Numbers<double>(z.Shape, 3)));
        Near([x.MatMul(y), x.MatMul(y) + 1, y.MatMul(z)], at, 0);
    }

    /// <summary>Which worker sums an entry, and beside which others, does not change a bit of it.</summary>
    [Theory]
    [InlineData(600, 300, 210)]
    [InlineData(600, 700, 333)]
    [InlineData(300, 700, 333)]
    [InlineData(600, 20, 700)]
    [InlineData(2100, 2100, 1)]
    public void Parts_of_a_product_are_products_of_parts_bit_for_bit(int rows, int summed, int columns)
    {
        var (x, y) = (Variable("x", [rows, summed]), Variable("y", [summed, columns]));
        var at = Point.Of((x, Numbers<double>(x.Shape, 1)), (y, Numbers<double>(y.Shape, 2)));
        var whole = x.MatMul(y).Slice([101, 0], [rows - 201, columns]);
        var part = x.Slice([101, 0], [rows - 201, summed]).MatMul(y);
        Assert.True(whole.Compile<double>().Invoke(at)[0].BitEquals(part.Compile<double>().Invoke(at)[0]));
    }

    [Theory]
    [InlineData(300, 700, 333)]
    [InlineData(64, 600, 514)]
    [InlineData(300, 20, 1000)]
    public async Task One_thread_gives_the_bits_that_all_cores_give(int rows, int summed, int columns)
    {
        var (x, y) = (Variable("x", [rows, summed]), Variable("y", [summed, columns]));
        var compiled = new[] { x.MatMul(y), Einsum("ij,jk->ki", x, y) }.Compile<double>();
        var at = Point.Of((x, Numbers<double>(x.Shape, 1)), (y, Numbers<double>(y.Shape, 2)));
        var wanted = compiled.Invoke(at);
        var got = await Task.Factory.StartNew(
            () => compiled.Invoke(at), TestContext.Current.CancellationToken, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        Assert.True(wanted[0].BitEquals(got[0]) && wanted[1].BitEquals(got[1]));
    }

    [Fact]
    public void Calls_at_the_same_time_agree_bit_for_bit()
    {
        var (x, y) = (Variable("x", [208, 210]), Variable("y", [210, 212]));
        var compiled = new[] { x.MatMul(y), Einsum("ij,jk->ki", x, y) }.Compile<double>();
        var at = Point.Of((x, Numbers<double>(x.Shape, 1)), (y, Numbers<double>(y.Shape, 2)));
        var wanted = compiled.Invoke(at);
        Parallel.For(0, 8, _ =>
        {
            var got = compiled.Invoke(at);
            Assert.True(wanted[0].BitEquals(got[0]) && wanted[1].BitEquals(got[1]));
        });
    }

    private static void Small<T>(int rows)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        foreach (var summed in (int[])[1, 4, 17])
        {
            foreach (var columns in (int[])[1, 2, 3, 5, 7, 8, 9, 16, 17, 27, 33])
            {
                Layouts<T>(rows, summed, columns);
            }
        }
    }

    private static void Large<T>(int rows, int summed, int columns)
        where T : struct, IBinaryFloatingPointIeee754<T> => Layouts<T>(rows, summed, columns);

    // Operands as they are, turned over, and cut from larger ones, some with neighbours that are not side by side. They hold
    // the same numbers, so that the interpreter, which takes its time, has one product to compute.
    private static void Layouts<T>(int rows, int summed, int columns)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (x, y) = (Variable("x", [rows, summed]), Variable("y", [summed, columns]));
        var (turnedX, turnedY) = (Variable("turnedX", [summed, rows]), Variable("turnedY", [columns, summed]));
        var (wideX, wideY) = (Variable("wideX", [rows + 1, (2 * summed) + 1]), Variable("wideY", [summed + 2, columns + 3]));
        var (left, right) = (Numbers<T>(x.Shape, 1), Numbers<T>(y.Shape, 2));
        var at = Point.Of(
            (x, left), (y, right), (turnedX, Turned(left)), (turnedY, Turned(right)),
            (wideX, Within(Numbers<T>(wideX.Shape, 3), left, (1, 1), 2)), (wideY, Within(Numbers<T>(wideY.Shape, 4), right, (2, 3), 1)));
        var wanted = Interpreter<T>.Evaluate([x.MatMul(y)], at)[0];
        var (cutX, cutY) = (wideX.Slice([1, 1], [rows, summed], [1, 2]), wideY.Slice([2, 3], [summed, columns]));
        Near(
            [
                x.MatMul(y), turnedX.Transpose().MatMul(y), x.MatMul(turnedY.Transpose()), turnedX.Transpose().MatMul(turnedY.Transpose()),
                cutX.MatMul(cutY), Einsum("ij,jk->ki", x, y),
            ],
            [wanted, wanted, wanted, wanted, wanted, Turned(wanted)], at, summed);
    }

    private static Tensor<T> Turned<T>(Tensor<T> matrix)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (rows, columns) = (matrix.Shape[0], matrix.Shape[1]);
        var values = new T[matrix.Size];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                values[(column * rows) + row] = matrix.Values[(row * columns) + column];
            }
        }

        return Tensor.Of<T>([columns, rows], values);
    }

    // A matrix laid over a larger one.
    private static Tensor<T> Within<T>(Tensor<T> larger, Tensor<T> matrix, (int Row, int Column) start, int stride)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var values = larger.Values.ToArray();
        for (var i = 0; i < matrix.Size; i++)
        {
            var (row, column) = Math.DivRem(i, matrix.Shape[1]);
            values[((start.Row + row) * larger.Shape[1]) + start.Column + (column * stride)] = matrix.Values[i];
        }

        return Tensor.Of(larger.Shape, values);
    }

    /// <summary>Asserts that compiled values are the interpreter's within n·ε·Σ|x|·|y|, and the same bits in every call.</summary>
    private static void Near<T>(Expr[] products, Point<T> at, int terms)
        where T : struct, IBinaryFloatingPointIeee754<T> => Near(products, Interpreter<T>.Evaluate(products, at), at, terms);

    private static void Near<T>(Expr[] products, IReadOnlyList<Tensor<T>> wanted, Point<T> at, int terms)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var compiled = products.Compile<T>();
        var (got, again) = (compiled.Invoke(at), compiled.Invoke(at));

        // Numbers are at most 1 in size, so every term is.
        var allowed = T.CreateTruncating(terms + 1) * T.CreateTruncating(terms + 1) * (T.BitIncrement(T.One) - T.One);
        for (var i = 0; i < products.Length; i++)
        {
            Assert.Equal(wanted[i].Shape, got[i].Shape);
            Assert.True(got[i].BitEquals(again[i]), $"{products[i]} differs between two calls");
            var a = wanted[i].Values;
            var b = got[i].Values;
            for (var k = 0; k < b.Length; k++)
            {
                if (!(T.Abs(a[k] - b[k]) <= allowed))
                {
                    Assert.Fail($"{products[i]}: entry {k} is {b[k]} instead of {a[k]}\n{compiled}");
                }
            }
        }
    }

    private static Tensor<T> Numbers<T>(Shape shape, int seed)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return Tensor.Of(shape, [.. Enumerable.Range(0, shape.Size).Select(_ => T.CreateTruncating((2 * random.NextDouble()) - 1))]);
    }
}
