using System.Collections.Immutable;

namespace FunctionalGrad.Learning;

/// <summary>
/// A multi-layer perceptron: fully connected layers one after another, an activation in the hidden ones, the last one
/// linear. A description that makes expressions; the values of its parameters live in points.
/// </summary>
/// <example><code>
/// var mlp = Mlp.Of([2, 16, 16, 1], Activation.Relu);
/// mlp;                                                  // 2 → 16 → 16 → 1, relu, 337 parameters
/// mlp.Apply(Expr.Variable("x", [100, 2])).Shape;        // [100, 1]
/// </code></example>
public sealed class Mlp
{
    private readonly Activation _hidden;

    private Mlp(ImmutableArray<Layer> layers, Activation hidden)
    {
        Layers = layers;
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        ParameterCount = Parameters.Sum(parameter => parameter.Shape.Size);
        _hidden = hidden;
    }

    /// <summary>The layers, first to last.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>The variables that training moves, layer by layer.</summary>
    public ImmutableArray<Variable> Parameters { get; }

    /// <summary>How many numbers the parameters are.</summary>
    public int ParameterCount { get; }

    /// <summary>A perceptron with new variables, W1, b1, W2, ….</summary>
    /// <param name="sizes">The number of inputs, of neurons in each hidden layer, and of outputs.</param>
    /// <param name="hidden">The activation of the hidden layers.</param>
    /// <exception cref="ArgumentException">There are fewer than two sizes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is 0 or negative.</exception>
    public static Mlp Of(ReadOnlySpan<int> sizes, Activation hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        if (sizes.Length < 2)
        {
            throw new ArgumentException(
                $"a perceptron has {sizes.Length} sizes, but needs those of its input and its output at least, as in Mlp.Of([2, 16, 1], Activation.Relu)", nameof(sizes));
        }

        var layers = ImmutableArray.CreateBuilder<Layer>(sizes.Length - 1);
        for (var i = 1; i < sizes.Length; i++)
        {
            layers.Add(Layer.Of(sizes[i - 1], sizes[i], i == sizes.Length - 1 ? Activation.Linear : hidden, name: $"{i}"));
        }

        return new(layers.MoveToImmutable(), hidden);
    }

    /// <summary>The output for an input.</summary>
    /// <param name="input">An expression of shape [inputs] or [..., batch, inputs].</param>
    /// <returns>An expression of shape [outputs] or [..., batch, outputs].</returns>
    /// <exception cref="ShapeException">The last extent is not the number of inputs.</exception>
    public Expr Apply(Expr input) => Layers.Aggregate(input, (x, layer) => layer.Apply(x));

    /// <summary>
    /// A place to start: layer by layer and neuron by neuron, weights uniform in [−1, 1) in order; biases 0.
    /// </summary>
    /// <param name="generator">Where the numbers come from.</param>
    public (Point<double> Point, MersenneTwister Next) Initial(MersenneTwister generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return Layers.Aggregate((Point: Point<double>.Empty, Next: generator), (drawn, layer) =>
        {
            var (point, next) = layer.Initial(drawn.Next);
            return (drawn.Point.With(point), next);
        });
    }

    /// <summary>The sizes, the activation and the number of parameters.</summary>
    public override string ToString() =>
        $"{Layers[0].Inputs} → {string.Join(" → ", Layers.Select(layer => layer.Outputs))}, {_hidden}, {ParameterCount} parameters";
}
