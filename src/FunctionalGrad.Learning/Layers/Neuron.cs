using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// One neuron, y = f(Σⱼ wⱼ·xⱼ + b): a description that makes expressions. Its parameters are variables; their values
/// live in points, never here.
/// </summary>
/// <example><code>
/// var neuron = Neuron.Of(2, Activation.Relu);
/// var at = Point.Of((neuron.Weight, Tensor.Of(2.0, 3)), (neuron.Bias, 1.0));
/// neuron.Apply(Tensor.Of(1.0, 10)).Evaluate(at);      // 33
/// </code></example>
public sealed class Neuron
{
    private Neuron(Variable weight, Variable bias, Activation activation)
    {
        Weight = weight;
        Bias = bias;
        Activation = activation;
    }

    /// <summary>The weights w, of shape [inputs].</summary>
    public Variable Weight { get; }

    /// <summary>The bias b, a scalar.</summary>
    public Variable Bias { get; }

    /// <summary>The function f.</summary>
    public Activation Activation { get; }

    /// <summary>The variables that training moves: the weights, then the bias.</summary>
    public ImmutableArray<Variable> Parameters => [Weight, Bias];

    /// <summary>A neuron with new variables.</summary>
    /// <param name="inputs">The number of inputs, 1 or more.</param>
    /// <param name="activation">The function f.</param>
    /// <param name="name">What its variables' names end with.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no input.</exception>
    public static Neuron Of(int inputs, Activation activation, string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentNullException.ThrowIfNull(activation);
        return new(Expr.Variable("w" + name, [inputs]), Expr.Variable("b" + name), activation);
    }

    /// <summary>The output for an input.</summary>
    /// <param name="input">An expression of shape [..., inputs].</param>
    /// <returns>An expression of shape [...].</returns>
    /// <exception cref="ShapeException">The last extent is not the number of inputs.</exception>
    public Expr Apply(Expr input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Activation.Apply(input.MatMul(Weight) + Bias);
    }

    /// <summary>A place to start: weights uniform in [−1, 1) in order, bias 0.</summary>
    /// <param name="generator">Where the numbers come from.</param>
    public (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var (weight, next) = generator.Fill(Weight.Shape, static g => g.Uniform(-1, 1));
        return (Point.Of((Weight, weight), (Bias, 0.0)), next);
    }

    /// <summary>The activation and the number of inputs.</summary>
    public override string ToString() => $"{Activation} neuron of {Weight.Shape[0]} inputs";
}
