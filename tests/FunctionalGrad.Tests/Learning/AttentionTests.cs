using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class AttentionTests
{
    private const int Positions = 6;
    private const int Width = 8;
    private static readonly MultiHeadAttention FourHeads = MultiHeadAttention.Of(Width, heads: 4);
    private static readonly Point<double> Weights = Drawn(FourHeads.Parameters.AsSpan(), 5);
    private static readonly Tensor<double> Input = Random([Positions, Width], 11);

    [Fact]
    public void Attention_is_the_mean_of_values_by_softmax_of_scaled_scores()
    {
        var (queries, keys, values) = (Random([3, 2], 1), Random([5, 2], 2), Random([5, 4], 3));
        var output = Attention.Of(queries, keys, values).Evaluate();
        Assert.Equal([3, 4], output.Shape);
        for (var i = 0; i < 3; i++)
        {
            var weights = Enumerable.Range(0, 5).Select(j => Math.Exp(((queries[i, 0] * keys[j, 0]) + (queries[i, 1] * keys[j, 1])) / Math.Sqrt(2))).ToArray();
            for (var k = 0; k < 4; k++)
            {
                Assert.Equal(Enumerable.Range(0, 5).Sum(j => weights[j] * values[j, k]) / weights.Sum(), output[i, k], 1e-15);
            }
        }
    }

    [Fact]
    public void The_last_position_sees_all_and_the_first_only_itself()
    {
        var (queries, keys, values) = (Random([5, 3], 1), Random([5, 3], 2), Random([5, 3], 3));
        var causal = Attention.Causal(queries, keys, values).Evaluate();
        Near(Attention.Of(queries, keys, values).Evaluate().At(4), causal.At(4));
        Near(values.At(0), causal.At(0));
    }

    [Fact]
    public void A_later_position_changes_no_earlier_output()
    {
        var before = FourHeads.Apply(Input).Evaluate(Weights);
        for (var changed = 0; changed < Positions; changed++)
        {
            var other = Tensor.Generate([Positions, Width], i => Input.Values[i] + (i / Width == changed ? 1 + (i % 3) : 0.0));
            var after = FourHeads.Apply(other).Evaluate(Weights);
            for (var i = 0; i < Positions; i++)
            {
                Assert.Equal(i < changed, before.At(i).Equals(after.At(i)));
            }
        }
    }

    [Fact]
    public void No_derivative_reaches_a_later_position_even_where_it_is_infinite()
    {
        var x = Expr.Variable("x", [Positions, Width]);
        for (var i = 0; i < Positions; i++)
        {
            var gradient = FourHeads.Apply(x).At(i).Sum().Gradient(x).Evaluate(Weights.With(x, Input))[x];
            for (var j = 0; j < Positions; j++)
            {
                Assert.Equal(j > i, gradient.At(j).ToArray().All(entry => entry == 0));
            }
        }

        var y = Expr.Variable("y", [2, 1]);
        foreach (var keys in new[] { 1 / y, -1 / y, Expr.Log(y) })
        {
            var first = Attention.Causal(Tensor.Of([2, 1], [1.0, 1]), keys, Tensor.Of([2, 1], [3.0, 4])).At(0).Sum();
            var (value, gradient) = first.Evaluate(first.Gradient(y), Point.Of((y, Tensor.Of([2, 1], [0.5, 0]))));
            Assert.Equal(3, value.ToScalar());
            Assert.Equal([0, 0], gradient[y].ToArray());
        }

        foreach (var later in new[] { double.PositiveInfinity, double.NegativeInfinity, double.NaN })
        {
            var first = Attention.Causal(Tensor.Of([2, 1], [1.0, 1]), y, Tensor.Of([2, 1], [3.0, 4])).At(0).Sum();
            var (value, gradient) = first.Evaluate(first.Gradient(y), Point.Of((y, Tensor.Of([2, 1], [0.5, later]))));
            Assert.Equal(3, value.ToScalar());
            Assert.Equal([0, 0], gradient[y].ToArray());
        }
    }

    [Fact]
    public void The_order_of_earlier_positions_does_not_matter_to_the_last()
    {
        int[] order = [3, 0, 4, 2, 1, 5];
        Expr reordered = ((Expr)Input).Gather(Tensor.Generate([Positions], i => (double)order[i]));
        Near(FourHeads.Apply(Input).Evaluate(Weights).At(-1), FourHeads.Apply(reordered).Evaluate(Weights).At(-1));
    }

    [Fact]
    public void Attention_to_all_positions_follows_any_reordering_of_them()
    {
        Expr x = Random([5, 3], 4);
        Expr order = Tensor.Of(4.0, 2, 0, 1, 3);
        var straight = Attention.Of(x, x, x).Gather(order).Evaluate();
        var reordered = Attention.Of(x.Gather(order), x.Gather(order), x.Gather(order)).Evaluate();
        Near(straight, reordered);
    }

    [Fact]
    public void Heads_side_by_side_are_heads_one_by_one()
    {
        Expr x = Input;
        var (queries, keys, values) = (FourHeads.Query.Apply(x), FourHeads.Key.Apply(x), FourHeads.Value.Apply(x));
        var heads = Enumerable.Range(0, 4).Select(h => Attention.Causal(Part(queries, h), Part(keys, h), Part(values, h))).ToArray();
        Near(FourHeads.Output.Apply(Expr.Concatenate(heads, axis: 1)).Evaluate(Weights), FourHeads.Apply(x).Evaluate(Weights));

        static Expr Part(Expr whole, int head) => whole.Slice(.., (2 * head)..(2 * (head + 1)));
    }

    [Fact]
    public void A_batch_is_its_texts_one_by_one()
    {
        var batch = Random([2, 3, Positions, Width], 9);
        var together = FourHeads.Apply(batch).Evaluate(Weights);
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                Near(FourHeads.Apply(batch.At(i).At(j)).Evaluate(Weights), together.At(i).At(j));
            }
        }
    }

    [Fact]
    public void Large_scores_stay_finite()
    {
        Expr x = 1e6 * Input;
        var output = Attention.Causal(x, x, x).Evaluate();
        Assert.All(output.ToArray(), entry => Assert.True(double.IsFinite(entry)));
    }

    [Fact]
    public void Root_mean_square_normalisation_brings_rows_to_one_size()
    {
        var x = Expr.Variable("x", [3, 4]);
        var at = Tensor.Of([3, 4], [1.0, -2, 3, -4, 1e-3, 0, 0, 0, 0, 0, 0, 0]);
        var normal = Normalisation.RootMeanSquare(x).Evaluate(Point.Of((x, at)));
        for (var i = 0; i < 3; i++)
        {
            var scale = Math.Pow((at.At(i).ToArray().Sum(entry => entry * entry) / 4) + 1e-5, -0.5);
            Near(scale * at.At(i), normal.At(i));
        }

        var atZero = Normalisation.RootMeanSquare(x, 0.25).At(2).Sum().Gradient(x).Evaluate(Point.Of((x, at)))[x];
        Assert.Equal([2, 2, 2, 2], atZero.At(2).ToArray());
        Errors.Say<ArgumentOutOfRangeException>(() => Normalisation.RootMeanSquare(x, 0), "epsilon", "above 0");
        Assert.Throws<ShapeException>(() => Normalisation.RootMeanSquare(1));
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        Expr three = Expr.Zeros([3, 2]);
        Errors.Say<ShapeException>(() => Attention.Of(Expr.Zeros([2]), three, three), "[2]", "positions, width");
        Errors.Say<ShapeException>(() => Attention.Of(Expr.Zeros([3, 4]), three, three), "width 4", "width 2");
        Errors.Say<ShapeException>(() => Attention.Of(three, three, Expr.Zeros([4, 2])), "3 positions", "at 4");
        Errors.Say<ShapeException>(() => Attention.Causal(Expr.Zeros([2, 2]), three, three), "at 2 positions", "at 3", "Attention.Of");
        Errors.Say<ShapeException>(() => FourHeads.Apply(Expr.Zeros([Width])), "no axis of positions");
        Errors.Say<ArgumentException>(() => MultiHeadAttention.Of(16, heads: 3), "16", "3 heads", "multiple of 3");
        Assert.Throws<ArgumentOutOfRangeException>(() => MultiHeadAttention.Of(16, heads: 0));
    }

    private static Point<double> Drawn(ReadOnlySpan<Variable> variables, ulong seed) =>
        MersenneTwister.FromSeed(seed).Fill(variables, g => g.Gauss()).Point;

    private static Tensor<double> Random(Shape shape, ulong seed) => MersenneTwister.FromSeed(seed).Fill(shape, g => g.Gauss()).Value;

    private static void Near(Tensor<double> expected, Tensor<double> actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }
}
