using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// A fully connected layer, y = f(W·x + b): neurons side by side, one in each row of W. A description that makes
/// expressions; the values of its parameters live in points.
/// </summary>
/// <example><code>
/// var layer = Layer.Of(2, 2, Activation.Relu);
/// var at = Point.Of((layer.Weight, Tensor.Of([2, 2], [1.0, 2, 3, -4])), (layer.Bias!, Tensor.Of(0.5, 0)));
/// layer.Apply(Tensor.Of(1.0, 1)).Evaluate(at);      // [3.5, 0]
/// </code></example>
public sealed class Layer
{
    private Layer(Variable weight, Variable? bias, Activation activation)
    {
        Weight = weight;
        Bias = bias;
        Activation = activation;
    }

    /// <summary>The weights W, of shape [outputs, inputs].</summary>
    public Variable Weight { get; }

    /// <summary>The biases b, of shape [outputs]; null where the layer has none.</summary>
    public Variable? Bias { get; }

    /// <summary>The function f.</summary>
    public Activation Activation { get; }

    /// <summary>The number of inputs.</summary>
    public int Inputs => Weight.Shape[1];

    /// <summary>The number of outputs.</summary>
    public int Outputs => Weight.Shape[0];

    /// <summary>The variables that training moves: the weights, then the biases.</summary>
    public ImmutableArray<Variable> Parameters => Bias is null ? [Weight] : [Weight, Bias];

    /// <summary>A layer with new variables.</summary>
    /// <param name="inputs">The number of inputs, 1 or more.</param>
    /// <param name="outputs">The number of outputs, 1 or more.</param>
    /// <param name="activation">The function f.</param>
    /// <param name="bias">Whether it has biases.</param>
    /// <param name="name">What its variables' names end with.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no input or no output.</exception>
    public static Layer Of(int inputs, int outputs, Activation activation, bool bias = true, string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(activation);
        return new(
            Expr.Variable("W" + name, [outputs, inputs]), bias ? Expr.Variable("b" + name, [outputs]) : null, activation);
    }

    /// <summary>The output for an input.</summary>
    /// <param name="input">An expression of shape [inputs] or [..., batch, inputs].</param>
    /// <returns>An expression of shape [outputs] or [..., batch, outputs].</returns>
    /// <exception cref="ShapeException">The last extent is not the number of inputs.</exception>
    public Expr Apply(Expr input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var weighted = input.MatMul(Weight.Transpose());
        return Activation.Apply(Bias is null ? weighted : weighted + Bias);
    }

    /// <summary>A place to start: weights uniform in [−1, 1), neuron by neuron, each one's in order; biases 0.</summary>
    /// <param name="generator">Where the numbers come from.</param>
    public (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator) =>
        Initial(generator, static g => g.Uniform(-1, 1));

    /// <summary>A place to start: weights drawn neuron by neuron, each one's in order; biases 0.</summary>
    /// <param name="generator">Where the numbers come from.</param>
    /// <param name="draw">The draw of one weight, such as <c>g => g.Gauss(0, 0.1)</c>.</param>
    public (Point<double> Point, MersenneTwister Next) Initial(
        MersenneTwister generator, Func<MersenneTwister, (double Value, MersenneTwister Next)> draw)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var (weight, next) = generator.Fill(Weight.Shape, draw);
        var point = Point.Of((Weight, weight));
        return (Bias is null ? point : point.With(Bias, Tensor<double>.Zeros(Bias.Shape)), next);
    }

    /// <summary>The sizes and the activation, as in <c>2 → 16 relu</c>.</summary>
    public override string ToString() => $"{Inputs} → {Outputs} {Activation}";
}
