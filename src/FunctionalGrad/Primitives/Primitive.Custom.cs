using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Users' own primitives: first-class in both modes, to any order, and tested in one line by the law kit.</content>
public abstract partial class Primitive
{
    /// <summary>An elementwise primitive of one operand, from its value and its derivative.</summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="value">A pure function of one number; other precisions than double round its result.</param>
    /// <param name="derivative">dy/dx as an expression of the operand x and the value y; null is zero.</param>
    /// <param name="domain">Where tests sample the operand; −2 to 2 when omitted.</param>
    /// <param name="kinks">Points that the derivative is to be tested at because it is a choice there.</param>
    /// <example><code>
    /// var softsign = Primitive.Elementwise("softsign", x => x / (1 + Math.Abs(x)), (x, y) => (1 - Expr.Abs(y)).Square());
    /// softsign.Apply(1.0).Evaluate();                                  // 0.5
    /// Differentiate.Derivative(x => softsign.Apply(x), 1.0);           // 0.25
    /// </code></example>
    public static Primitive Elementwise(
        string name, Func<double, double> value, Func<Expr, Expr, Expr?> derivative, Domain? domain = null, ImmutableArray<Kink> kinks = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(derivative);
        return new Unary<UnaryDelegate>(
            new()
            {
                Name = name,
                Formula = $"{name}(x)",
                Rule = FunctionalGrad.Elementwise.Partial(derivative),
                Domains = [domain ?? Domain.Real],
                Kinks = kinks.IsDefault ? [] : kinks,
                MayBeInfinite = true,
            },
            new(value));
    }

    /// <summary>An elementwise primitive of two operands, from its value and its partial derivatives.</summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="value">A pure function of two numbers; other precisions than double round its result.</param>
    /// <param name="byX">∂z/∂x as an expression of the operands x and y and the value z; null is zero.</param>
    /// <param name="byY">∂z/∂y likewise.</param>
    /// <param name="domainX">Where tests sample x; −2 to 2 when omitted.</param>
    /// <param name="domainY">Where tests sample y; −2 to 2 when omitted.</param>
    public static Primitive Elementwise(
        string name,
        Func<double, double, double> value,
        Func<Expr, Expr, Expr, Expr?> byX,
        Func<Expr, Expr, Expr, Expr?> byY,
        Domain? domainX = null,
        Domain? domainY = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(byX);
        ArgumentNullException.ThrowIfNull(byY);
        return new Binary<BinaryDelegate>(
            new()
            {
                Name = name,
                Formula = $"{name}(x, y)",
                Rule = FunctionalGrad.Elementwise.Partials(byX, byY),
                Domains = [domainX ?? Domain.Real, domainY ?? Domain.Real],
                MayBeInfinite = true,
            },
            new(value));
    }

    /// <summary>
    /// A primitive of any operands and any value, from everything that it must declare. The rule may be of any kind:
    /// <see cref="FunctionalGrad.Rule.Linear"/> with its transpose, or <see cref="FunctionalGrad.Rule.General"/> with a pullback
    /// and a pushforward.
    /// </summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="shape">The shape of the value from the shapes of the operands; throws a <see cref="ShapeException"/>
    /// where they do not fit.</param>
    /// <param name="value">The value from the operands, a pure function; other precisions than double round its result.</param>
    /// <param name="rule">How it differentiates.</param>
    /// <param name="examples">Operands to test it with, each example with one operand for each place.</param>
    /// <param name="batch">What it makes of a whole batch of examples at once, for
    /// <see cref="Differentiate.Batch(Func{Expr, Expr})"/>; when omitted it is applied to one example after the other, which
    /// is right for every primitive and makes a graph as long as the batch.</param>
    /// <example><code>
    /// // The sum of squares, with a pullback and a pushforward of its own.
    /// var squares = Primitive.Define(
    ///     "squares",
    ///     shapes => Shape.Scalar,
    ///     operands => operands[0].Values.ToArray().Sum(x => x * x),
    ///     new Rule.General(
    ///         (node, operand, cotangent) => cotangent * 2 * node.Input(0),
    ///         (node, tangents) => tangents[0] is { } t ? 2 * Expr.Dot(node.Input(0), t) : null),
    ///     [[new Operand([3], Domain.Real)]]);
    /// Differentiate.Gradient(x => squares.Apply(x), [1.0, 2.0]);      // [2, 4]
    /// </code></example>
    public static Primitive Define(
        string name,
        Func<ImmutableArray<Shape>, Shape> shape,
        Func<ImmutableArray<Tensor<double>>, Tensor<double>> value,
        Rule rule,
        ImmutableArray<ImmutableArray<Operand>> examples,
        BatchingRule? batch = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(rule);
        return new DefinedPrimitive(name, shape, value, rule, examples, batch);
    }

    private readonly record struct UnaryDelegate(Func<double, double> Value) : IUnaryKernel
    {
        public T Apply<T>(T x)
            where T : struct, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(Value(double.CreateTruncating(x)));

        public V Lanes<V>(V x)
            where V : struct, ILanes<V> => V.Each(x, this);
    }

    private readonly record struct BinaryDelegate(Func<double, double, double> Value) : IBinaryKernel
    {
        public T Apply<T>(T x, T y)
            where T : struct, IBinaryFloatingPointIeee754<T> =>
            T.CreateTruncating(Value(double.CreateTruncating(x), double.CreateTruncating(y)));

        public V Lanes<V>(V x, V y)
            where V : struct, ILanes<V> => V.Each(x, y, this);
    }
}

/// <summary>A primitive that a user defined; two of them are equal only when they are the same object.</summary>
internal sealed class DefinedPrimitive(
    string name,
    Func<ImmutableArray<Shape>, Shape> shapeRule,
    Func<ImmutableArray<Tensor<double>>, Tensor<double>> value,
    Rule rule,
    ImmutableArray<ImmutableArray<Operand>> examples,
    BatchingRule? batch) : Primitive(name)
{
    public override string Formula => $"{Name}(…)";

    public override Rule Rule => rule;

    public override ImmutableArray<Example> Examples =>
        examples.IsDefault ? [] : [.. examples.Select(operands => new Example(this, operands))];

    public override Shape InferShape(ReadOnlySpan<Shape> operands) => Inferred(Name, shapeRule, operands);

    public static Shape Inferred(string name, Func<ImmutableArray<Shape>, Shape> shapeRule, ReadOnlySpan<Shape> operands) => shapeRule([.. operands])
        ?? throw new ShapeException($"{name}: its shape rule returned null for operands {string.Join(", ", operands.ToArray().Select(s => s.ToString()))}");

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var inputs = ImmutableArray.CreateBuilder<Tensor<double>>(operands.Length);
        foreach (var operand in operands)
        {
            inputs.Add(operand.To<double>());
        }

        var result = value(inputs.MoveToImmutable());
        return result.Shape == shape
            ? result.To<T>()
            : throw new ShapeException($"{Name}: its shape rule promised {shape} and its value has shape {result.Shape}; make them agree");
    }

    internal override Expr? Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        batch?.Invoke(application, operands, batched, size);

    public override bool Equals(Primitive? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
