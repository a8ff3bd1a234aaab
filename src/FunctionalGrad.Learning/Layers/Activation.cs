namespace FunctionalGrad.Learning;

/// <summary>What a neuron makes of its weighted sum: a named function on expressions, applied entry by entry.</summary>
/// <example><code>
/// Activation.Relu.Apply(Tensor.Of(-1.0, 0, 2)).Evaluate();      // [0, 0, 2]
/// </code></example>
public sealed class Activation
{
    private readonly Func<Expr, Expr> _function;

    /// <summary>An activation of your own.</summary>
    /// <param name="name">The name it prints as.</param>
    /// <param name="function">A pure function that keeps the shape.</param>
    public Activation(string name, Func<Expr, Expr> function)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(function);
        Name = name;
        _function = function;
    }

    /// <summary>The rectifier max(x, 0), with derivative 0 at its kink.</summary>
    public static Activation Relu { get; } = new("relu", Expr.Relu);

    /// <summary>The hyperbolic tangent.</summary>
    public static Activation Tanh { get; } = new("tanh", Expr.Tanh);

    /// <summary>Nothing: x itself.</summary>
    public static Activation Linear { get; } = new("linear", x => x);

    /// <summary>The name it prints as.</summary>
    public string Name { get; }

    /// <summary>The activated expression.</summary>
    /// <param name="x">Any expression.</param>
    /// <exception cref="InvalidOperationException">The function of this activation changed the shape.</exception>
    public Expr Apply(Expr x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var activated = _function(x);
        return activated.Shape == x.Shape
            ? activated
            : throw new InvalidOperationException(
                $"the activation {Name} made shape {activated.Shape} of {x.Shape}; an activation works entry by entry and keeps the shape");
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
