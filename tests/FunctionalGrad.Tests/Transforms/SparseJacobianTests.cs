using Xunit;
using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

public sealed class SparseJacobianTests
{
    public static TheoryData<int> EveryPrimitive => [.. Enumerable.Range(0, Primitive.All.Length)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_band_takes_as_many_passes_as_it_is_wide(int bandwidth)
    {
        var x = Variable("x", [40]);
        Expr f = Band(x, bandwidth);
        foreach (var mode in new[] { DifferentiationMode.Automatic, DifferentiationMode.Forward, DifferentiationMode.Reverse })
        {
            var sparse = f.SparseJacobian(mode, x);
            Assert.Equal((2 * bandwidth) + 1, sparse.Pattern.LargestRow);
            Assert.Equal((2 * bandwidth) + 1, sparse.Passes);
            AssertDense(f, [x], sparse, Point.Of((x, Numbers([40], 1))));
        }
    }

    [Fact]
    public void What_works_entry_by_entry_takes_one_pass()
    {
        var x = Variable("x", [3, 4]);
        Expr f = Sin(x) * Exp(x) / (1 + x.Square());
        var sparse = f.SparseJacobian(x);
        Assert.Equal((12, 1), (sparse.Pattern.Count, sparse.Passes));
        AssertDense(f, [x], sparse, Point.Of((x, Numbers([3, 4], 2))));
    }

    [Fact]
    public void A_band_of_a_hundred_thousand_is_as_easy_per_row()
    {
        const int n = 100_000;
        var x = Variable("x", [n]);
        var prepared = Band(x, 1).CompileSparseJacobian<double>(x);
        var (_, jacobian) = prepared.Invoke(Numbers([n], 3));
        Assert.Equal(3, prepared.Passes);
        Assert.Equal((3 * n) - 2, jacobian.Count);
        Assert.All(jacobian.Values.ToArray(), entry => Assert.NotEqual(0, entry));
    }

    [Fact]
    public void Bundle_adjustment_takes_as_many_passes_as_its_fullest_row_has_entries()
    {
        // A row holds the point (3), the weight (1) and the camera (11) but for the other coordinate of the principal point.
        var ba = new BundleAdjustment(cameras: 5, points: 40, observations: 170);
        Variable[] variables = [ba.Cameras, ba.Points, ba.Weights];
        var sparse = ba.Errors.SparseJacobian(variables);
        Assert.Equal((2 * 170 * 14) + 170, sparse.Pattern.Count);
        Assert.Equal(14, sparse.Pattern.LargestRow);
        Assert.Equal(14, sparse.Passes);
        Assert.Equal(DifferentiationMode.Forward, sparse.Mode);
        AssertDense(ba.Errors, variables, sparse, ba.At(1));
    }

    [Fact]
    public void The_direction_with_fewer_passes_is_taken()
    {
        var x = Variable("x", [30]);
        Assert.Equal((DifferentiationMode.Reverse, 1), ModeOf(x.Square().Sum()));
        Assert.Equal((DifferentiationMode.Reverse, 2), ModeOf(Concatenate([x.Square(), x.Norm().Reshape([1])])));
        Assert.Equal((DifferentiationMode.Forward, 2), ModeOf(x * x.At(0)));

        (DifferentiationMode, int) ModeOf(Expr f)
        {
            var sparse = f.SparseJacobian(x);
            AssertDense(f, [x], sparse, Point.Of((x, Numbers([30], 4))));
            return (sparse.Mode, sparse.Passes);
        }
    }

    [Fact]
    public void A_constant_matrix_shows_its_zeros()
    {
        var a = Tensor.Of([3, 4], [1.0, 0, 0, 2, 0, 3, 0, 0, 0, 0, 4, 0]);
        var x = Variable("x", [4]);
        Assert.Equal(SparseMatrix.Of(a), MatMul(a, x).SparseJacobian(x).Evaluate(Point.Of((x, Numbers([4], 5)))));
        Assert.Equal(SparseMatrix.Of(a).Pattern, (a * x).Sum(1).SparseJacobian(x).Pattern);
        Assert.Equal(4, Select(Tensor.Of(1.0, 0, 1, 0), x, x.At(0)).SparseJacobian(x).Pattern.Count);
        Assert.Equal(0, (x * Zeros([4])).SparseJacobian(x).Pattern.Count);
    }

    [Fact]
    public void Indices_that_are_known_later_may_be_any()
    {
        var x = Variable("x", [4]);
        var i = Variable("i", [2]);
        Expr f = x.Square().Gather(i);
        var sparse = f.SparseJacobian(x);
        Assert.Equal(8, sparse.Pattern.Count);
        AssertDense(f, [x], sparse, Point.Of((x, Numbers([4], 6)), (i, Tensor.Of(3.0, 1))));
    }

    [Fact]
    public void A_linear_primitive_of_ones_own_tells_its_links_when_tried_out()
    {
        // yᵢ = xᵢ + 2·xᵢ₊₁: neither a copy nor a sum of copies.
        var blur = Primitive.Define(
            "blur",
            shapes => [shapes[0][0] - 1],
            operands => Tensor.Generate([operands[0].Size - 1], i => operands[0].Values[i] + (2 * operands[0].Values[i + 1])),
            new Rule.Linear((node, _, w) =>
                Concatenate([w, Zeros([1])]) + (2 * Concatenate([Zeros([1]), w]))),
            [[new Operand([5], Domain.Real)]]);
        var x = Variable("x", [5]);
        var sparse = blur.Apply(x.Square()).SparseJacobian(x);
        Assert.Equal(SparsityPattern.Of(4, 5, [0, 2, 4, 6, 8], [0, 1, 1, 2, 2, 3, 3, 4]), sparse.Pattern);
        AssertDense(blur.Apply(x.Square()), [x], sparse, Point.Of((x, Numbers([5], 7))));
    }

    [Theory]
    [MemberData(nameof(EveryPrimitive))]
    public void Every_primitive_in_both_modes_is_what_the_dense_jacobian_is(int number)
    {
        foreach (var example in Primitive.All[number].Examples)
        {
            var operands = Primitives.Samples.Operands(example, seed: 11);
            var variables = example.Operands.Select((operand, i) => Variable($"x{i}", operand.Shape)).ToArray();

            // Indices are constants, as they mostly are: else they would be dense.
            var inputs = variables.Select((x, i) => example.Operands[i].Domain.WholeNumbers ? Constant(operands[i]) : (Expr)x).ToArray();
            var moving = variables.Where((_, i) => !example.Operands[i].Domain.WholeNumbers).ToArray();
            if (moving.Length == 0)
            {
                continue;
            }

            var f = example.Primitive.Apply(inputs);
            var at = Point.Of([.. variables.Select((x, i) => (x, operands[i]))]);
            foreach (var mode in new[] { DifferentiationMode.Forward, DifferentiationMode.Reverse })
            {
                AssertDense(f, moving, f.SparseJacobian(mode, moving), at);
            }
        }
    }

    [Fact]
    public void What_moves_or_adds_entries_has_exactly_the_entries_that_it_reaches()
    {
        var x = Variable("x", [4, 3]);
        Expr[] functions =
        [
            x.Transpose(), x.Reshape([2, 6]), x.Slice([1, 0], [2, 2], [2, 1]), x.BroadcastTo([2, 4, 3]), x.Sum(0), x.Sum(),
            x.Gather(Tensor.Of(2.0, 0, 2)), ScatterAdd(x, Tensor.Of(1.0, 0, 1, 4), axis: 0, extent: 6), x.CumulativeSum(0),
            x.CumulativeSum(1, reverse: true), Concatenate([x, x.Square()], axis: 1), Stack([x.At(1), x.At(1)]),
            MatMul(x.Slice(..3), x.Slice(1..)), x.Softmax(1), x.LogSumExp(0), x.Norm(1), x.Square().Mean(1), x.At(2).At(1),
        ];
        var at = Point.Of((x, Numbers([4, 3], 8)));
        foreach (var f in functions)
        {
            var dense = f.Jacobian(x).Evaluate(at).Reshape([f.Shape.Size, 12]);
            Assert.Equal(SparseMatrix.Of(dense).Pattern, f.SparseJacobian(x).Pattern);
        }
    }

    [Fact]
    public void The_entries_are_a_formula_that_differentiates_again()
    {
        var x = Variable("x", [5]);
        Expr f = x.Slice(1..) * x.Slice(..^1).Square();
        var at = Point.Of((x, Numbers([5], 9)));
        var bySparse = f.SparseJacobian(x).Values.Square().Sum().Gradient(x).Evaluate(at)[x];
        var byDense = f.Jacobian(x).Square().Sum().Gradient(x).Evaluate(at)[x];
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(byDense[i], bySparse[i], 1e-12);
        }

        Assert.Equal(f.SparseJacobian(x).Values.Evaluate(at).ToArray(), f.SparseJacobian(x).Evaluate(at).Values.ToArray());
    }

    [Fact]
    public void Nothing_is_a_jacobian_too()
    {
        var (x, y, none) = (Variable("x", [3]), Variable("y", [2]), Variable("none", [0]));
        var at = Point.Of((x, Numbers([3], 10)), (y, Numbers([2], 10)), (none, Tensor<double>.Zeros([0])));
        var sparse = (2 * x).SparseJacobian(y, none);
        Assert.Equal((3, 2, 0, 0), (sparse.Pattern.Rows, sparse.Pattern.Columns, sparse.Pattern.Count, sparse.Passes));
        Assert.Equal(Tensor<double>.Zeros([3, 2]), sparse.Evaluate(at).ToDense());
        Assert.Equal(0, sparse.Values.Shape.Size);
        Assert.Equal(0, Constant(3).SparseJacobian(x).Pattern.Count);
        Assert.Equal(0, (none * 2).SparseJacobian(none).Pattern.Rows);
        Assert.Equal(Tensor<double>.Zeros([3, 2]), (2 * x).CompileSparseJacobian<double>(y).Invoke(at).Jacobian.ToDense());
    }

    [Fact]
    public void Functions_have_the_same_and_errors_teach()
    {
        var f = Differentiate.SparseJacobian<float>(x => x * x, [2]);
        Assert.Equal(Tensor.Of([2, 2], [6f, 0, 0, 8]), f.Invoke(Tensor.Of(3f, 4)).Jacobian.ToDense());
        Errors.Say<ShapeException>(() => f.Invoke(), "0 arguments", "x");
        var v = Variable("v", [2]);
        Errors.Say<ArgumentException>(() => v.SparseJacobian(v, v), "v", "twice");
        Errors.Say<ArgumentOutOfRangeException>(() => v.SparseJacobian((DifferentiationMode)9, v), "9", "Automatic");
        Errors.Say<UnboundVariableException>(() => (v * Variable("w")).CompileSparseJacobian<double>(v).Invoke(Tensor.Of(1.0, 2)), "w");
    }

    [Fact]
    public void Threads_share_a_prepared_one()
    {
        var x = Variable("x", [200]);
        var prepared = Band(x, 2).CompileSparseJacobian<double>(x);
        var expected = Enumerable.Range(0, 16).Select(i => prepared.Invoke(Numbers([200], i)).Jacobian).ToArray();
        Parallel.For(0, 64, i => Assert.Equal(expected[i % 16], prepared.Invoke(Numbers([200], i % 16)).Jacobian));
    }

    internal static Tensor<double> Numbers(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.Generate(shape, _ => 0.5 + random.NextDouble());
    }

    /// <summary>The sparse entries, interpreted and compiled, are those of the dense Jacobian, and the others are 0 in it.</summary>
    internal static void AssertDense(Expr f, Variable[] variables, SparseDerivative sparse, Point<double> at)
    {
        var blocks = variables.Select(x => f.Jacobian(x, DifferentiationMode.Reverse).Evaluate(at).Reshape([f.Shape.Size, x.Shape.Size])).ToArray();
        var interpreted = sparse.Evaluate(at);
        var compiled = f.CompileSparseJacobian<double>(sparse.Mode, variables).Invoke(at).Jacobian;
        Assert.Equal(interpreted.Pattern, compiled.Pattern);
        var first = 0;
        foreach (var block in blocks)
        {
            for (var i = 0; i < f.Shape.Size; i++)
            {
                for (var j = 0; j < block.Shape[1]; j++)
                {
                    var bound = 1e-12 * Math.Max(1, Math.Abs(block[i, j]));
                    Assert.Equal(block[i, j], interpreted[i, first + j], bound);
                    Assert.Equal(block[i, j], compiled[i, first + j], bound);
                }
            }

            first += block.Shape[1];
        }
    }

    private static Expr Band(Expr x, int bandwidth)
    {
        var n = x.Shape[0];
        Expr sum = x.Square();
        for (var shift = 1; shift <= bandwidth; shift++)
        {
            sum += Pad(x.Slice(shift..), 0, shift) * x;
            sum += Pad(x.Slice(..^shift), shift, 0).Square();
        }

        return sum;

        static Expr Pad(Expr part, int before, int after) => Concatenate([Zeros([before]), part, Zeros([after])]);
    }
}
