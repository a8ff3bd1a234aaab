using FunctionalGrad.Learning;
using Xunit;

namespace FunctionalGrad.Tests.Learning;

public sealed class LayerTests
{
    [Fact]
    public void A_layer_is_neurons_side_by_side()
    {
        var layer = Layer.Of(3, 2, Activation.Tanh);
        var (at, _) = layer.Initial(MersenneTwister.FromSeed(7));
        Expr x = Tensor.Of(0.5, -1.0, 2.0);
        var outputs = layer.Apply(x).Evaluate(at);
        for (var i = 0; i < layer.Outputs; i++)
        {
            var neuron = Neuron.Of(3, Activation.Tanh);
            var its = Point.Of((neuron.Weight, at[layer.Weight].At(i)), (neuron.Bias, at[layer.Bias!].At(i)));
            Assert.Equal(neuron.Apply(x).Evaluate(its).ToScalar(), outputs[i], 1e-15);
        }
    }

    [Fact]
    public void A_batch_is_its_rows_one_by_one()
    {
        var mlp = Mlp.Of([2, 5, 3], Activation.Relu);
        var (at, _) = mlp.Initial(MersenneTwister.FromSeed(7));
        var batch = Tensor.Of([2, 2], [0.5, -1.0, 2.0, 0.25]);
        var outputs = mlp.Apply(batch).Evaluate(at);
        for (var i = 0; i < 2; i++)
        {
            var row = mlp.Apply(batch.At(i)).Evaluate(at);
            Assert.Equal([3], row.Shape);
            Assert.Equal(0, (row - outputs.At(i)).ToArray().Max(Math.Abs), 1e-15);
        }
    }

    [Fact]
    public void Weights_are_drawn_neuron_by_neuron_and_biases_are_zero()
    {
        var mlp = Mlp.Of([2, 2, 1], Activation.Relu);
        var (at, next) = mlp.Initial(MersenneTwister.FromSeed(3));
        var (drawn, after) = MersenneTwister.FromSeed(3).Repeat(6, generator => generator.Uniform(-1, 1));
        Assert.Equal(drawn.Take(4), at[mlp.Layers[0].Weight].ToArray());
        Assert.Equal(drawn.Skip(4), at[mlp.Layers[1].Weight].ToArray());
        Assert.Equal([0, 0], at[mlp.Layers[0].Bias!].ToArray());
        Assert.Equal(after, next);
    }

    [Fact]
    public void Parameters_are_counted()
    {
        Assert.Equal(337, Mlp.Of([2, 16, 16, 1], Activation.Relu).ParameterCount);
        Assert.Equal(6, Mlp.Of([2, 16, 16, 1], Activation.Tanh).Parameters.Length);
        Assert.Single(Layer.Of(3, 4, Activation.Linear, bias: false).Parameters);
    }

    [Fact]
    public void The_last_layer_is_linear()
    {
        var mlp = Mlp.Of([1, 1], Activation.Tanh);
        var at = Point.Of((mlp.Layers[0].Weight, Tensor.Of([1, 1], [2.0])), (mlp.Layers[0].Bias!, Tensor.Of(1.0)));
        Assert.Equal(21, mlp.Apply(Tensor.Of(10.0)).Evaluate(at).ToScalar());
    }

    [Fact]
    public void A_net_works_in_single_precision()
    {
        var mlp = Mlp.Of([2, 8, 1], Activation.Tanh);
        var (at, _) = mlp.Initial(MersenneTwister.FromSeed(7));
        var output = mlp.Apply(Tensor.Of(0.5, -1.0));
        Assert.Equal(output.Evaluate(at).ToScalar(), output.Evaluate(at.To<float>()).ToScalar(), 1e-5);
    }

    [Fact]
    public void What_is_no_net_is_said()
    {
        Errors.Say<ArgumentException>(() => Mlp.Of([3], Activation.Relu), "1 sizes", "Mlp.Of([2, 16, 1]");
        Assert.Throws<ArgumentOutOfRangeException>(() => Mlp.Of([3, 0], Activation.Relu));
        Assert.Throws<ArgumentOutOfRangeException>(() => Neuron.Of(0, Activation.Relu));
        Errors.Say<InvalidOperationException>(() => new Activation("sum", x => x.Sum()).Apply(Tensor.Of(1.0, 2)), "sum", "[]", "[2]");
        Assert.Throws<ShapeException>(() => Mlp.Of([3, 1], Activation.Relu).Apply(Tensor.Of(1.0, 2)));
    }
}
