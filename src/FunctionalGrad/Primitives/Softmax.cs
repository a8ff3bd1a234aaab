using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Softmax and its relatives, stable for entries of any size.</content>
public abstract partial class Expr
{
    /// <summary>
    /// log Σ exp xᵢ over some axes, or over all where none is given, without overflow. It is at least the greatest entry and
    /// is that entry where the others are −∞; where all are −∞ (or there are none) it is −∞.
    /// </summary>
    /// <remarks>The derivative is the softmax over those axes.</remarks>
    /// <param name="axes">The axes to reduce; they go away. None means all.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1000.0, double.NegativeInfinity);
    /// x.LogSumExp().Evaluate();      // 1000
    /// </code></example>
    public Expr LogSumExp(params ReadOnlySpan<int> axes) => FunctionalGrad.LogSumExp.Over(this, Shape.Axes(axes, "logsumexp"));

    /// <summary>log Σ exp xᵢ over some axes, which stay with extent 1 where <paramref name="keep"/> says so.</summary>
    /// <param name="axes">The axes to reduce. None means all.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public Expr LogSumExp(ReadOnlySpan<int> axes, bool keep) =>
        LogSumExp(axes).Reshape(Shape.Without(Shape.Axes(axes, "logsumexp"), keep));

    /// <summary>
    /// exp xᵢ / Σⱼ exp xⱼ along an axis: positive numbers that add up to 1. An entry of −∞ gives 0; where all are −∞ the
    /// limit is the uniform distribution; entries of +∞ share evenly.
    /// </summary>
    /// <param name="axis">The axis, a negative one counting from the end.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(3.0, 3, double.NegativeInfinity);
    /// x.Softmax().Evaluate();      // [0.5, 0.5, 0]
    /// </code></example>
    public Expr Softmax(int axis = -1) => FunctionalGrad.Softmax.Over(this, [Shape.Axis(axis, "softmax")]);

    /// <summary>
    /// xᵢ − log Σⱼ exp xⱼ along an axis: the logarithm of the softmax, accurate where the softmax itself would round to 0
    /// or 1. Infinite entries give the logarithms of the limits that <see cref="Softmax(int)"/> states.
    /// </summary>
    /// <param name="axis">The axis, a negative one counting from the end.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(0.0, -2000);
    /// x.LogSoftmax().Evaluate();      // [0, -2000]
    /// </code></example>
    public Expr LogSoftmax(int axis = -1) => FunctionalGrad.LogSoftmax.Over(this, [Shape.Axis(axis, "log-softmax")]);
}

/// <summary>What softmax, its logarithm and logsumexp share: axes that are reduced together, and their examples.</summary>
internal abstract class SoftmaxFamily(string name, ImmutableArray<int> axes) : Primitive(name, $"axes: [{string.Join(", ", axes)}]")
{
    public override ImmutableArray<Example> Examples =>
        Axes[^1] > 1
            ? [new(this, [new([2, 3, 2], Domain.Real)]), new(this, [new([1, 2, 1], Domain.Real)])]
            :
            [
                .. (Axes[^1] == 0 ? new Shape[] { [3], [1] } : [])
                    .Concat([[2, 3], [3, 1, 2], [1, 1], [2, 2, 0]])
                    .Select(shape => new Example(this, [new(shape, Domain.Real)])),
            ];

    protected ImmutableArray<int> Axes { get; } = axes;

    /// <summary>The sum over the axes, repeated along them.</summary>
    protected Expr SumAlong(Expr x) => x.Sum(Axes.AsSpan(), keep: true).BroadcastTo(x.Shape);

    /// <summary>Numbers for each reduced position, repeated along the axes.</summary>
    protected Expr Spread(Expr reduced, Shape shape) => reduced.Reshape(shape.Without(Axes, keep: true)).BroadcastTo(shape);

    protected void RequireAxes(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        operands[0].Axis(Axes[^1], Name);
    }
}

/// <summary>log Σ exp x over axes, which go away.</summary>
internal sealed class LogSumExp : SoftmaxFamily, IDeclaration
{
    private LogSumExp(ImmutableArray<int> axes)
        : base("logsumexp", axes)
    {
    }

    public static ImmutableArray<Primitive> Declared => [new LogSumExp([0]), new LogSumExp([1]), new LogSumExp([0, 2])];

    public override string Formula => "log Σ exp xᵢ";

    public override Rule Rule => new Rule.General(
        (node, _, cotangent) => Spread(cotangent, node.Input(0).Shape) * Softmax.Over(node.Input(0), Axes),
        (node, tangents) => (tangents[0]! * Softmax.Over(node.Input(0), Axes)).Sum(Axes.AsSpan()),
        reach: (node, _, live) => Spread(live, node.Input(0).Shape));

    public static Expr Over(Expr x, ImmutableArray<int> axes) => axes.IsEmpty ? x : new LogSumExp(axes).Apply(x);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireAxes(operands);
        return operands[0].Without(Axes);
    }

    // Over no entries at all it is −∞.
    internal override bool IsFiniteOn(ReadOnlySpan<Expr> operands) => AxisRows.Width(operands[0].Shape, Axes) > 0;

    internal override Infinities Infinities => Infinities.Kept;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Over(operands[0], Shifted(Axes));

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var x = operands[0];
        var rows = AxisRows.Of(x.Values, x.Shape, Axes);
        var width = AxisRows.Width(x.Shape, Axes);
        var value = new T[shape.Size];
        for (var i = 0; i < value.Length; i++)
        {
            var (greatest, rest) = SoftmaxRow.LogSumExp(rows.Slice(i * width, width));
            value[i] = greatest + rest;
        }

        return Tensor<T>.Seal(shape, value);
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        if (operands[0].Shape.Size == 0)
        {
            target.Fill(T.NegativeInfinity);
        }

        RowRun.Over<LogSumExpRows, T>(operands[0], Axes, target);
    }
}

/// <summary>exp x / Σ exp x, the sum taken over axes.</summary>
internal sealed class Softmax : SoftmaxFamily, IDeclaration
{
    private Softmax(ImmutableArray<int> axes)
        : base("softmax", axes)
    {
    }

    public static ImmutableArray<Primitive> Declared => [new Softmax([0]), new Softmax([1]), new Softmax([0, 2])];

    public override string Formula => "exp xᵢ / Σ exp xⱼ";

    public override Rule Rule => new Rule.General(
        (node, _, cotangent) => node * (cotangent - SumAlong(node * cotangent)),
        (node, tangents) => node * (tangents[0]! - SumAlong(node * tangents[0]!)),
        reach: (_, _, live) => SumAlong(live));

    public override bool MayBeInfinite => false;

    public static Expr Over(Expr x, ImmutableArray<int> axes) => new Softmax(axes).Apply(x);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireAxes(operands);
        return operands[0];
    }

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => new(0, 1);

    internal override Infinities Infinities => Infinities.Tamed;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Over(operands[0], Shifted(Axes));

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var rows = AxisRows.Of(operands[0].Values, shape, Axes);
        var width = AxisRows.Width(shape, Axes);
        var value = new T[shape.Size];
        for (var start = 0; start < value.Length; start += width)
        {
            SoftmaxRow.Softmax(rows.Slice(start, width), value.AsSpan(start, width));
        }

        return Tensor<T>.Seal(shape, AxisRows.Back(value, shape, Axes));
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target) =>
        RowRun.Over<SoftmaxRows, T>(operands[0], Axes, target);
}

/// <summary>x − log Σ exp x, the sum taken over axes.</summary>
internal sealed class LogSoftmax : SoftmaxFamily, IDeclaration
{
    private LogSoftmax(ImmutableArray<int> axes)
        : base("log-softmax", axes)
    {
    }

    public static ImmutableArray<Primitive> Declared => [new LogSoftmax([0]), new LogSoftmax([1]), new LogSoftmax([0, 2])];

    public override string Formula => "xᵢ − log Σ exp xⱼ";

    public override Rule Rule => new Rule.General(
        (node, _, cotangent) => cotangent - (Expr.Exp(node) * SumAlong(cotangent)),
        (node, tangents) => tangents[0]! - SumAlong(Expr.Exp(node) * tangents[0]!),
        reach: (_, _, live) => SumAlong(live));

    public override bool MayBeInfinite => false;

    public static Expr Over(Expr x, ImmutableArray<int> axes) => new LogSoftmax(axes).Apply(x);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireAxes(operands);
        return operands[0];
    }

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => new(double.NegativeInfinity, 0);

    internal override Infinities Infinities => Infinities.Kept;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Over(operands[0], Shifted(Axes));

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var rows = AxisRows.Of(operands[0].Values, shape, Axes);
        var width = AxisRows.Width(shape, Axes);
        var value = new T[shape.Size];
        for (var start = 0; start < value.Length; start += width)
        {
            SoftmaxRow.LogSoftmax(rows.Slice(start, width), value.AsSpan(start, width));
        }

        return Tensor<T>.Seal(shape, AxisRows.Back(value, shape, Axes));
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target) =>
        RowRun.Over<LogSoftmaxRows, T>(operands[0], Axes, target);
}
