using System.Diagnostics;

namespace FunctionalGrad;

/// <summary>
/// An expression: a <see cref="Variable"/>, a <see cref="FunctionalGrad.Constant"/>, or the
/// <see cref="Application"/> of a primitive to expressions. Immutable, with a shape known from construction, and
/// compared by reference: two uses of one expression are one node of the graph. An expression knows nothing of
/// precision; the caller picks it when evaluating.
/// </summary>
/// <example><code>
/// var w = Expr.Variable("w");
/// Expr loss = (w * 3 - 3).Square();
/// loss.Gradient()[w];      // 2 · (w · 3 − 3) · 3
/// </code></example>
[DebuggerDisplay("{DebuggerView,nq}")]
public abstract partial class Expr
{
    private protected Expr(Shape shape, ExprTraits traits, Interval range)
    {
        Shape = shape;
        Traits = traits;
        Range = range;
    }

    /// <summary>The shape of the value, known before anything is evaluated.</summary>
    public Shape Shape { get; }

    /// <summary>What is known of the value without evaluating it.</summary>
    internal ExprTraits Traits { get; }

    /// <summary>An interval that holds every entry of the value, at finite values of the variables.</summary>
    internal Interval Range { get; }

    /// <summary>Makes a new variable: something to bind at evaluation and to differentiate by.</summary>
    /// <param name="name">A name for printing; two variables of one name are still two variables.</param>
    /// <param name="shape">The shape; a scalar when omitted.</param>
    public static Variable Variable(string name, Shape? shape = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Variable(name, shape ?? Shape.Scalar);
    }

    /// <summary>A constant of rank 0.</summary>
    /// <param name="value">Its value.</param>
    public static Constant Constant(double value) => new(value);

    /// <summary>A constant tensor.</summary>
    /// <param name="value">Its value, in double precision; evaluation in another precision rounds it.</param>
    public static Constant Constant(Tensor<double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A number is a constant expression.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Expr(double value) => new Constant(value);

    /// <summary>A tensor is a constant expression.</summary>
    /// <param name="value">The tensor.</param>
    public static implicit operator Expr(Tensor<double> value) => Constant(value);
}

/// <summary>Something to bind at evaluation and to differentiate by. Compared by reference; the name is for printing.</summary>
public sealed class Variable : Expr
{
    internal Variable(string name, Shape shape)
        : base(shape, ExprTraits.None, Interval.Everything) => Name = name;

    /// <summary>The name it prints as.</summary>
    public string Name { get; }
}

/// <summary>A known tensor.</summary>
public sealed class Constant : Expr
{
    internal Constant(Tensor<double> value)
        : base(value.Shape, ExprTraitsOf.Constant(value), ExprTraitsOf.Range(value)) => Value = value;

    /// <summary>The tensor, in double precision.</summary>
    public Tensor<double> Value { get; }
}

/// <summary>A primitive applied to expressions. The order of inputs matters, and one input may stand in several places.</summary>
public sealed class Application : Expr
{
    private readonly Expr[] _inputs;

    internal Application(Primitive primitive, Expr[] inputs, Shape shape)
        : base(shape, ExprTraitsOf.Application(primitive, inputs), primitive.RangeOf(inputs))
    {
        Primitive = primitive;
        _inputs = inputs;
    }

    /// <summary>The operation.</summary>
    public Primitive Primitive { get; }

    /// <summary>What it is applied to.</summary>
    public ReadOnlySpan<Expr> Inputs => _inputs;

    /// <summary>One input.</summary>
    /// <param name="operand">Its place, from 0.</param>
    public Expr Input(int operand) => _inputs[operand];

    /// <summary>This application with other inputs of the same shapes; the same node where no input changed.</summary>
    /// <param name="inputs">As many inputs as before.</param>
    /// <exception cref="ShapeException">The new inputs do not fit the primitive.</exception>
    public Expr With(params ReadOnlySpan<Expr> inputs) => inputs.SequenceEqual(_inputs) ? this : Primitive.Apply(inputs);
}
