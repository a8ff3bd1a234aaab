using System.Collections.Immutable;
using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class TextBatchTests
{
    private static readonly Transformer Gpt = Transformer.Of(vocabulary: 7, context: 9, width: 6, heads: 2, layers: 2, hidden: 9);
    private static readonly Point<double> Weights = MersenneTwister.FromSeed(5).Fill(Gpt.Parameters.AsSpan(), g => g.Gauss()).Point;

    // Of several lengths, one of them longer than the context.
    private static readonly ImmutableArray<ImmutableArray<int>> Texts =
        [[0, 1], [6, 5, 4, 3, 2, 1, 0, 6, 6, 6, 6, 3], [1, 1, 1], [2, 4, 6, 0, 2], [3, 3, 0, 5, 5, 5]];

    public static TheoryData<int, bool> Batches => new MatrixTheoryData<int, bool>([1, 2, 3, 4, 5], [false, true]);

    [Theory]
    [MemberData(nameof(Batches))]
    public void The_loss_and_every_entry_of_the_gradient_are_the_means_of_those_one_by_one(int count, bool compiled)
    {
        var texts = Texts.AsSpan()[^count..];
        var batch = TextBatch.Variables(count, Gpt.Context);
        var loss = Gpt.LossByText(batch).Mean();
        var at = Weights.With(batch.PointOf<double>(texts));
        var (value, gradient) = compiled
            ? loss.CompileWithGradient<double>([.. Gpt.Parameters]).Invoke(at)
            : Scalar(loss.Evaluate(loss.Gradient([.. Gpt.Parameters]), at));

        var (sum, sumOfGradients) = (0.0, GradientMap<Tensor<double>>.Zero);
        foreach (var text in texts)
        {
            var positions = Math.Min(text.Length - 1, Gpt.Context);
            var one = Loss.CrossEntropy(
                Gpt.Logits(Tensor.Generate([positions], i => (double)text[i])), Tensor.Generate([positions], i => (double)text[i + 1]));
            var (lossOfOne, gradientOfOne) = Scalar(one.Evaluate(one.Gradient([.. Gpt.Parameters]), Weights));
            (sum, sumOfGradients) = (sum + lossOfOne, sumOfGradients + gradientOfOne);
        }

        Assert.Equal(sum / count, value, 1e-14 * sum);
        foreach (var (parameter, mean) in (1.0 / count) * sumOfGradients)
        {
            var largest = mean.ToArray().Max(Math.Abs);
            Assert.All(mean.ToArray().Zip(gradient[parameter].ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-13 * largest));
        }
    }

    [Fact]
    public void What_stands_in_the_padding_changes_nothing()
    {
        var batch = TextBatch.Variables(3, 9);
        var loss = Gpt.LossByText(batch).Mean();
        var at = Weights.With(batch.PointOf<double>([[0, 1, 2], [3, 4], [5, 6, 0, 1]]));
        var mask = at[batch.Mask];
        var filled = at.With(batch.Tokens, Filled(at[batch.Tokens])).With(batch.Targets, Filled(at[batch.Targets]));
        Assert.NotEqual(at, filled);
        Assert.Equal(loss.Evaluate(at), loss.Evaluate(filled));
        Assert.Equal(loss.Gradient([.. Gpt.Parameters]).Evaluate(at)[Gpt.Output.Weight], loss.Gradient([.. Gpt.Parameters]).Evaluate(filled)[Gpt.Output.Weight]);
        foreach (var parameter in Gpt.Parameters)
        {
            var (before, after) = (loss.Gradient(parameter)[parameter].Evaluate(at), loss.Gradient(parameter)[parameter].Evaluate(filled));
            Assert.Equal(before.ToArray(), after.ToArray());
        }

        Tensor<double> Filled(Tensor<double> values) => Tensor.Generate(values.Shape, i => mask.Values[i] == 1 ? values.Values[i] : 6);
    }

    [Fact]
    public void A_batch_in_single_precision_is_near_the_double_one()
    {
        var batch = TextBatch.Variables(5, 9);
        var loss = Gpt.LossByText(batch);
        var inDouble = loss.Evaluate(Weights.With(batch.PointOf<double>(Texts.AsSpan()))).ToArray();
        var inSingle = loss.Evaluate(Weights.To<float>().With(batch.PointOf<float>(Texts.AsSpan()))).ToArray();
        Assert.All(inDouble.Zip(inSingle), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * pair.First));
    }

    [Fact]
    public void Few_lengths_are_padded_to()
    {
        Assert.Equal([4, 4, 4, 4, 8, 8, 8, 8, 12], Enumerable.Range(1, 9).Select(longest => TextBatch.PaddedPositions(longest, 16)));
        foreach (var context in new[] { 1, 7, 16, 250, 1024 })
        {
            var padded = Enumerable.Range(1, context).Select(longest => (Longest: longest, Padded: TextBatch.PaddedPositions(longest, context))).ToArray();
            Assert.All(padded, pair => Assert.InRange(pair.Padded, pair.Longest, Math.Min(context, Math.Max(pair.Longest + 3, 1.25 * pair.Longest))));
            Assert.InRange(padded.Select(pair => pair.Padded).Distinct().Count(), 1, 4 * Math.Log2(Math.Max(2, context)));
        }

        Assert.Equal(int.MaxValue, TextBatch.PaddedPositions(int.MaxValue, int.MaxValue));
    }

    [Fact]
    public void What_is_no_batch_is_said()
    {
        var batch = TextBatch.Variables(2, 4);
        Errors.Say<ArgumentException>(() => batch.PointOf<double>([[0, 1]]), "2 texts", "given 1");
        Errors.Say<ArgumentException>(() => batch.PointOf<double>([0, 1], [0]), "text 1", "2 tokens");
        Errors.Say<ArgumentException>(() => batch.PointOf<double>([0, 1], default), "text 1");
        Errors.Say<ShapeException>(() => Gpt.LossByText(TextBatch.Variables(1, 10)), "[1, 10]", "1 to 9");
        Errors.Say<ShapeException>(() => Loss.CrossEntropyByText(Expr.Variable("l", [7]), 1, 1), "positions", "Loss.CrossEntropy");
        Errors.Say<ShapeException>(() => Loss.CrossEntropyByText(Expr.Variable("l", [2, 7]), Tensor.Of(1.0, 2), 1), "mask", "[2]");
        Errors.Say<IndexOutsideException>(() => Gpt.LossByText(batch).Evaluate(Weights.With(batch.PointOf<double>([0, 7], [0, 1]))), "0 to 6");
        Assert.Throws<ArgumentOutOfRangeException>(() => TextBatch.Variables(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextBatch.Variables(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextBatch.PaddedPositions(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextBatch.PaddedPositions(0, 4));
        Assert.Throws<ArgumentNullException>(() => Gpt.LossByText(null!));
    }

    private static (double Loss, GradientMap<Tensor<double>> Gradient) Scalar((Tensor<double> Loss, GradientMap<Tensor<double>> Gradient) both) =>
        (both.Loss.ToScalar(), both.Gradient);
}
