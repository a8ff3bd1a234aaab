using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Users' own primitives from kernels in any precision, linear ones, and ones of three operands.</content>
public abstract partial class Primitive
{
    /// <summary>An elementwise primitive of one operand from a kernel in generic math: float stays float.</summary>
    /// <typeparam name="TFunction">The kernel, a struct.</typeparam>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="function">The kernel, a pure function.</param>
    /// <param name="derivative">dy/dx as an expression of the operand x and the value y; null is zero.</param>
    /// <param name="domain">Where tests sample the operand; −2 to 2 when omitted.</param>
    public static Primitive Elementwise<TFunction>(
        string name, TFunction function, Func<Expr, Expr, Expr?> derivative, Domain? domain = null)
        where TFunction : struct, IUnaryFunction
    {
        ArgumentNullException.ThrowIfNull(derivative);
        return new Unary<UnaryFunction<TFunction>>(
            Declared(name, "x", FunctionalGrad.Elementwise.Partial(derivative), domain), new(function));
    }

    /// <summary>An elementwise primitive of two operands from a kernel in generic math.</summary>
    /// <typeparam name="TFunction">The kernel, a struct.</typeparam>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="function">The kernel, a pure function.</param>
    /// <param name="byX">∂z/∂x as an expression of the operands x and y and the value z; null is zero.</param>
    /// <param name="byY">∂z/∂y likewise.</param>
    /// <param name="domainX">Where tests sample x; −2 to 2 when omitted.</param>
    /// <param name="domainY">Where tests sample y; −2 to 2 when omitted.</param>
    public static Primitive Elementwise<TFunction>(
        string name,
        TFunction function,
        Func<Expr, Expr, Expr, Expr?> byX,
        Func<Expr, Expr, Expr, Expr?> byY,
        Domain? domainX = null,
        Domain? domainY = null)
        where TFunction : struct, IBinaryFunction
    {
        ArgumentNullException.ThrowIfNull(byX);
        ArgumentNullException.ThrowIfNull(byY);
        return new Binary<BinaryFunction<TFunction>>(
            Declared(name, "x, y", FunctionalGrad.Elementwise.Partials(byX, byY), domainX, domainY), new(function));
    }

    /// <summary>An elementwise primitive of any number of operands, from its value and its partial derivatives.</summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="domains">Where tests sample each operand: as many as there are operands.</param>
    /// <param name="value">A pure function of one number for each operand; other precisions than double round its result.</param>
    /// <param name="partial">The partial by an operand, from the operands, the value and the operand's place; null is zero.</param>
    /// <example><code>
    /// var fma = Primitive.Elementwise(
    ///     "fma", [Domain.Real, Domain.Real, Domain.Real], v => v[0] * v[1] + v[2], (x, y, i) => i == 0 ? x[1] : i == 1 ? x[0] : 1);
    /// fma.Apply(2.0, 3.0, 4.0).Evaluate();                              // 10
    /// Differentiate.Derivative(x => fma.Apply(x, 3.0, x), 2.0);         // 4
    /// </code></example>
    public static Primitive Elementwise(
        string name,
        ImmutableArray<Domain> domains,
        Func<ImmutableArray<double>, double> value,
        Func<ImmutableArray<Expr>, Expr, int, Expr?> partial)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(partial);
        if (domains.IsDefaultOrEmpty)
        {
            throw new ArgumentException($"{name}: an elementwise primitive has one operand at least; give a domain for each", nameof(domains));
        }

        return new ManyOperands(name, domains, value, partial);
    }

    /// <summary>
    /// A linear primitive of one operand, from the map and its transpose: ⟨f(x), w⟩ = ⟨x, transpose(w)⟩. Its pushforward is
    /// the map itself, so nothing else need be said.
    /// </summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="value">The map, a pure and linear function; other precisions than double round its result.</param>
    /// <param name="transpose">The transpose, from the shape of the operand and a cotangent w of the value.</param>
    /// <param name="shape">The shape of the value from that of the operand; the same when omitted.</param>
    /// <param name="examples">Shapes of operands to test it with; [3] when omitted.</param>
    /// <example><code>
    /// // The differences of neighbours, y₀ = x₀ and yᵢ = xᵢ − xᵢ₋₁.
    /// var differences = Primitive.Linear(
    ///     "differences",
    ///     x => Tensor.Generate(x.Shape, i => x[i] - (i > 0 ? x[i - 1] : 0)),
    ///     (shape, w) => w - Expr.Concatenate([w.Slice(1..), Expr.Zeros([1])]));
    /// differences.Apply(Tensor.Of(1.0, 4.0, 9.0)).Evaluate();                          // [1, 3, 5]
    /// Differentiate.Gradient(x => differences.Apply(x).Square().Sum(), [1.0, 4.0]);    // [-4, 6]
    /// </code></example>
    public static Primitive Linear(
        string name,
        Func<Tensor<double>, Tensor<double>> value,
        Func<Shape, Expr, Expr> transpose,
        Func<Shape, Shape>? shape = null,
        ImmutableArray<Shape> examples = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(transpose);

        // Not Rule.Linear, whose coefficients are never negative: masks are traced by counting with them.
        return new DefinedPrimitive(
            name,
            shapes => OnlyOne(name, shapes, shape),
            operands => value(operands[0]),
            new Rule.General(
                (node, _, cotangent) => transpose(node.Input(0).Shape, cotangent),
                (node, tangents) => tangents[0] is { } tangent ? node.Primitive.Apply(tangent) : null),
            ExamplesOf(examples),
            null);
    }

    /// <summary>A primitive of one operand from its value, its pullback and its pushforward.</summary>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="shape">The shape of the value from that of the operand.</param>
    /// <param name="value">The value, a pure function; other precisions than double round its result.</param>
    /// <param name="pullback">Jᵀ·w from the operand x, the value y and a cotangent w of it.</param>
    /// <param name="pushforward">J·v from the operand x, the value y and a tangent v of the operand.</param>
    /// <param name="examples">Shapes of operands to test it with; [3] when omitted.</param>
    /// <example><code>
    /// var squares = Primitive.General(
    ///     "squares", _ => [], x => Tensor&lt;double>.Dot(x, x), pullback: (x, y, w) => w * 2 * x, pushforward: (x, y, v) => 2 * Expr.Dot(x, v));
    /// Differentiate.Gradient(x => squares.Apply(x), [1.0, 2.0]);      // [2, 4]
    /// </code></example>
    public static Primitive General(
        string name,
        Func<Shape, Shape> shape,
        Func<Tensor<double>, Tensor<double>> value,
        Func<Expr, Expr, Expr, Expr> pullback,
        Func<Expr, Expr, Expr, Expr> pushforward,
        ImmutableArray<Shape> examples = default)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(pullback);
        ArgumentNullException.ThrowIfNull(pushforward);
        return new DefinedPrimitive(
            name,
            shapes => OnlyOne(name, shapes, shape),
            operands => value(operands[0]),
            new Rule.General(
                (node, _, cotangent) => pullback(node.Input(0), node, cotangent),
                (node, tangents) => tangents[0] is { } tangent ? pushforward(node.Input(0), node, tangent) : null),
            ExamplesOf(examples),
            null);
    }

    /// <summary>
    /// A primitive of any operands from a kernel in generic math that writes its value in place, in every precision and
    /// without copies.
    /// </summary>
    /// <typeparam name="TFunction">The kernel, a struct.</typeparam>
    /// <param name="name">The name that it prints as.</param>
    /// <param name="shape">The shape of the value from the shapes of the operands; throws a <see cref="ShapeException"/>
    /// where they do not fit.</param>
    /// <param name="function">The kernel, a pure function.</param>
    /// <param name="rule">How it differentiates.</param>
    /// <param name="examples">Operands to test it with, each example with one operand for each place.</param>
    /// <param name="batch">What it makes of a whole batch of examples at once; one after the other when omitted.</param>
    public static Primitive FromKernel<TFunction>(
        string name,
        Func<ImmutableArray<Shape>, Shape> shape,
        TFunction function,
        Rule rule,
        ImmutableArray<ImmutableArray<Operand>> examples,
        BatchingRule? batch = null)
        where TFunction : struct, ITensorFunction
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(rule);
        return new KernelPrimitive<TFunction>(name, shape, function, rule, examples, batch);
    }

    private static Elementwise Declared(string name, string operands, Rule rule, params ReadOnlySpan<Domain?> domains)
    {
        var sampled = ImmutableArray.CreateBuilder<Domain>(domains.Length);
        foreach (var domain in domains)
        {
            sampled.Add(domain ?? Domain.Real);
        }

        return new()
        {
            Name = name,
            Formula = $"{name}({operands})",
            Rule = rule,
            Domains = sampled.MoveToImmutable(),
            MayBeInfinite = true,
        };
    }

    private static Shape OnlyOne(string name, ImmutableArray<Shape> shapes, Func<Shape, Shape>? shape) => shapes is [var only]
        ? shape is null ? only : shape(only)
        : throw new ShapeException($"{name} takes 1 operand, not {shapes.Length}");

    private static ImmutableArray<ImmutableArray<Operand>> ExamplesOf(ImmutableArray<Shape> shapes) => shapes.IsDefaultOrEmpty
        ? [[new Operand([3], Domain.Real)]]
        : [.. shapes.Select(shape => ImmutableArray.Create(new Operand(shape, Domain.Real)))];

    private readonly record struct UnaryFunction<TFunction>(TFunction Function) : IUnaryKernel
        where TFunction : struct, IUnaryFunction
    {
        public T Apply<T>(T x)
            where T : struct, IBinaryFloatingPointIeee754<T> => Function.Apply(x);

        public V Lanes<V>(V x)
            where V : struct, ILanes<V> => V.Each(x, this);
    }

    private readonly record struct BinaryFunction<TFunction>(TFunction Function) : IBinaryKernel
        where TFunction : struct, IBinaryFunction
    {
        public T Apply<T>(T x, T y)
            where T : struct, IBinaryFloatingPointIeee754<T> => Function.Apply(x, y);

        public V Lanes<V>(V x, V y)
            where V : struct, ILanes<V> => V.Each(x, y, this);
    }
}
