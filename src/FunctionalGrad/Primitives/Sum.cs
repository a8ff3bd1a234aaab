using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Sums and means.</content>
public abstract partial class Expr
{
    /// <summary>The sum Σ xᵢ over some axes, or over all where none is given, taken in row-major order.</summary>
    /// <param name="axes">The axes to sum over; they go away. None means all.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// x.Sum().Evaluate();      // 21
    /// x.Sum(0).Evaluate();     // [5, 7, 9]
    /// </code></example>
    public Expr Sum(params ReadOnlySpan<int> axes) => FunctionalGrad.Sum.Over(this, Shape.Axes(axes, "sum"));

    /// <summary>The sum over some axes, which stay with extent 1 where <paramref name="keep"/> says so.</summary>
    /// <param name="axes">The axes to sum over. None means all.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public Expr Sum(ReadOnlySpan<int> axes, bool keep)
    {
        var counted = Shape.Axes(axes, "sum");
        return FunctionalGrad.Sum.Over(this, counted).Reshape(Shape.Without(counted, keep));
    }

    /// <summary>The arithmetic mean over some axes, or over all where none is given.</summary>
    /// <param name="axes">The axes to average over; they go away. None means all.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice, or has no entries to average.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// x.Mean(-1).Evaluate();      // [2, 5]
    /// </code></example>
    public Expr Mean(params ReadOnlySpan<int> axes) => Mean(axes, keep: false);

    /// <summary>The mean over some axes, which stay with extent 1 where <paramref name="keep"/> says so.</summary>
    /// <param name="axes">The axes to average over. None means all.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice, or has no entries to average.</exception>
    public Expr Mean(ReadOnlySpan<int> axes, bool keep)
    {
        var count = 1;
        foreach (var axis in Shape.Axes(axes, "mean"))
        {
            count *= Shape[axis];
        }

        return count > 0
            ? Sum(axes, keep) / count
            : throw new ShapeException($"mean: {Shape} has no entries to average over those axes; a mean needs at least one");
    }
}

/// <summary>The sum over axes, which go away. The transpose broadcasts along them.</summary>
internal sealed class Sum : Primitive, IDeclaration
{
    private readonly ImmutableArray<int> _axes;

    /// <summary>The axes that go away, in ascending order.</summary>
    public ImmutableArray<int> Axes => _axes;

    private Sum(ImmutableArray<int> axes)
        : base("sum", $"axes: [{string.Join(", ", axes)}]") => _axes = axes;

    public static ImmutableArray<Primitive> Declared => [new Sum([0]), new Sum([1]), new Sum([0, 1]), new Sum([0, 2])];

    public override string Formula => "Σ xᵢ";

    public override Rule Rule => new Rule.Linear((node, _, cotangent) =>
    {
        var shape = node.Input(0).Shape;
        return cotangent.Reshape(shape.Without(_axes, keep: true)).BroadcastTo(shape);
    });

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
        _axes[^1] > 1
            ? [new(this, [new([2, 3, 2], Domain.Real)]), new(this, [new([2, 1, 3], Domain.Real)])]
            : [new(this, [new([2, 3], Domain.Real)]), new(this, [new([3, 1, 2], Domain.Real)]), new(this, [new([0, 2], Domain.Real)])];

    /// <summary>The sum over axes counted from the start; the expression itself where there are none.</summary>
    public static Expr Over(Expr x, ImmutableArray<int> axes) => axes.IsEmpty ? x : new Sum(axes).Apply(x);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        operands[0].Axis(_axes[^1], Name);
        return operands[0].Without(_axes);
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var value = new T[shape.Size];
        Reduction.Accumulate(operands[0], _axes, value, default(Add));
        return Tensor<T>.Seal(shape, value);
    }

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Over(operands[0], Shifted(_axes));

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands)
    {
        var count = 1.0;
        foreach (var axis in _axes)
        {
            count *= operands[0].Shape[axis];
        }

        return operands[0].Range * new Interval(count, count);
    }
}
