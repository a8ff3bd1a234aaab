using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class TransformerTests
{
    private static readonly Transformer Gpt = Transformer.Of(vocabulary: 7, context: 5, width: 6, heads: 2, layers: 2, hidden: 9);
    private static readonly Point<double> Weights = MersenneTwister.FromSeed(5).Fill(Gpt.Parameters.AsSpan(), g => g.Gauss()).Point;

    [Fact]
    public void Parameters_stand_in_order_and_are_counted()
    {
        Assert.Equal(2 + (2 * 6) + 1, Gpt.Parameters.Length);
        Assert.Equal((7 * 6) + (5 * 6) + (2 * ((4 * 36) + (2 * 54))) + (7 * 6), Gpt.ParameterCount);
        Assert.Equal(Gpt.Parameters.Length, Gpt.Parameters.Select(parameter => parameter.Name).Distinct().Count());
        Assert.Same(Gpt.Tokens.Table, Gpt.Parameters[0]);
        Assert.Same(Gpt.Positions.Table, Gpt.Parameters[1]);
        Assert.Same(Gpt.Blocks[0].Attention.Query.Weight, Gpt.Parameters[2]);
        Assert.Same(Gpt.Blocks[1].Output.Weight, Gpt.Parameters[^2]);
        Assert.Same(Gpt.Output.Weight, Gpt.Parameters[^1]);
        Assert.Equal(4192, Transformer.Of(vocabulary: 27, context: 16, width: 16, heads: 1).ParameterCount);
    }

    [Fact]
    public void A_later_token_changes_no_earlier_logits()
    {
        var before = Gpt.Logits(Tensor.Of(0.0, 1, 2, 3, 4)).Evaluate(Weights);
        var after = Gpt.Logits(Tensor.Of(0.0, 1, 2, 6, 4)).Evaluate(Weights);
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(i => before.At(i).Equals(after.At(i))));
    }

    [Fact]
    public void A_shorter_text_has_the_logits_that_it_has_in_a_longer_one()
    {
        var whole = Gpt.Logits(Tensor.Of(3.0, 1, 2, 0, 4)).Evaluate(Weights);
        var part = Gpt.Logits(Tensor.Of(3.0, 1)).Evaluate(Weights);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0, (whole.At(i) - part.At(i)).ToArray().Max(Math.Abs), 1e-13);
        }
    }

    [Fact]
    public void A_batch_is_its_texts_one_by_one()
    {
        var together = Gpt.Logits(Tensor.Of([2, 3], [3.0, 1, 2, 6, 6, 0])).Evaluate(Weights);
        var apart = new[] { Tensor.Of(3.0, 1, 2), Tensor.Of(6.0, 6, 0) }.Select(text => Gpt.Logits(text).Evaluate(Weights));
        Assert.All(apart.Select((logits, i) => (logits - together.At(i)).ToArray().Max(Math.Abs)), far => Assert.Equal(0, far, 1e-13));
    }

    [Fact]
    public void Every_parameter_that_a_text_uses_has_a_gradient()
    {
        var loss = Loss.CrossEntropy(Gpt.Logits(Tensor.Of(0.0, 1, 2, 3, 4)), Tensor.Of(1.0, 2, 3, 4, 5));
        var gradient = loss.Gradient([.. Gpt.Parameters]).Evaluate(Weights);
        Assert.All(gradient, entry => Assert.Contains(entry.Value.ToArray(), number => number != 0));
        Assert.All(new[] { 5, 6 }, unused => Assert.All(gradient[Gpt.Tokens.Table].At(unused).ToArray(), number => Assert.Equal(0, number)));

        // Against differences, along one direction through all parameters.
        var direction = MersenneTwister.FromSeed(6).Fill(Gpt.Parameters.AsSpan(), g => g.Gauss()).Point - Point<double>.Empty;
        const double step = 1e-6;
        var slope = (loss.Evaluate(Weights + (step * direction)).ToScalar() - loss.Evaluate(Weights - (step * direction)).ToScalar()) / (2 * step);
        Assert.Equal(slope, GradientMap<Tensor<double>>.Dot(gradient, direction).ToScalar(), 1e-6 * Math.Abs(slope));
    }

    [Fact]
    public void A_transformer_works_in_single_precision()
    {
        var logits = Gpt.Logits(Tensor.Of(0.0, 1, 2));
        var (inDouble, inSingle) = (logits.Evaluate(Weights), logits.Evaluate(Weights.To<float>()));
        Assert.All(inDouble.ToArray().Zip(inSingle.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        Errors.Say<ShapeException>(() => Gpt.Logits(Tensor.Of(0.0, 1, 2, 3, 4, 5)), "[6]", "1 to 5", "context longer");
        Errors.Say<ShapeException>(() => Gpt.Logits(3), "[]");
        Errors.Say<IndexOutsideException>(() => Gpt.Logits(Tensor.Of(0.0, 7)).Evaluate(Weights), "0 to 6");
        Errors.Say<ArgumentException>(() => Transformer.Of(7, 5, width: 6, heads: 4), "6", "4 heads");
        Assert.Throws<ArgumentOutOfRangeException>(() => Transformer.Of(7, 5, 6, 2, layers: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Transformer.Of(7, context: 0, 6, 2));
        Errors.Say<ArgumentException>(() => MersenneTwister.FromSeed(1).Fill([Gpt.Output.Weight, Gpt.Output.Weight], g => g.Gauss()), "twice");
    }
}
