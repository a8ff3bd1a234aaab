using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Axes in another order.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The same entries with the axes in another order, as NumPy's <c>transpose</c>: axis k of the value is axis
    /// <paramref name="axes"/>[k] of this.
    /// </summary>
    /// <param name="axes">Every axis once, negative ones counting from the end.</param>
    /// <exception cref="ShapeException">An axis is missing, does not exist or is named twice.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// x.Permute(1, 0).Evaluate();      // [[1, 4], [2, 5], [3, 6]]
    /// </code></example>
    public Expr Permute(params ReadOnlySpan<int> axes)
    {
        if (axes.Length != Shape.Rank)
        {
            throw new ShapeException(
                $"permute: {axes.Length} axes given for the shape {Shape}, which has {Shape.Rank}; name every axis once, in the new order");
        }

        return axes.IsEmpty ? this : FunctionalGrad.Permute.To(this, Order(axes));
    }

    /// <summary>The transpose: the last two axes exchanged, so that a batch of matrices is transposed one by one.</summary>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
    /// x.Transpose().Evaluate();      // [[1, 4], [2, 5], [3, 6]]
    /// </code></example>
    public Expr Transpose()
    {
        var rank = Shape.Rank;
        if (rank < 2)
        {
            throw new ShapeException(
                $"transpose: {Shape} has {(rank == 0 ? "no axes" : "one axis")}, and a transpose exchanges the last two; "
                + (rank == 0 ? "a scalar is its own transpose, so leave the call out"
                    : $"reshape the vector to a column [{Shape[0]}, 1] or a row [1, {Shape[0]}], or leave the call out: MatMul takes vectors as they are"));
        }

        var axes = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            axes[axis] = axis;
        }

        (axes[^1], axes[^2]) = (axes[^2], axes[^1]);
        return FunctionalGrad.Permute.To(this, [.. axes]);
    }

    private ImmutableArray<int> Order(ReadOnlySpan<int> axes)
    {
        Shape.Axes(axes, "permute");
        var order = new int[axes.Length];
        for (var k = 0; k < order.Length; k++)
        {
            order[k] = Shape.Axis(axes[k], "permute");
        }

        return [.. order];
    }
}

/// <summary>Axes in another order. The transpose brings them back.</summary>
internal sealed class Permute : Primitive, IDeclaration
{
    private readonly ImmutableArray<int> _axes;

    /// <summary>For each axis of the value, the axis of the operand that it was.</summary>
    public ImmutableArray<int> Axes => _axes;

    private Permute(ImmutableArray<int> axes)
        : base("permute", $"axes: [{string.Join(", ", axes)}]") => _axes = axes;

    public static ImmutableArray<Primitive> Declared =>
        [new Permute([1, 0]), new Permute([0, 2, 1]), new Permute([2, 0, 1]), new Permute([3, 1, 0, 2])];

    public override string Formula => "yⱼᵢ = xᵢⱼ";

    public override Rule Rule => new Rule.Linear((_, _, cotangent) => To(cotangent, Inverse(_axes)));

    public override Notation Notation => _axes.Length == 2 ? Notation.After("ᵀ", 6) : Notation.Function;

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
    [
        new(this, [new(Shape.Of([.. new[] { 2, 3, 4, 2 }.AsSpan(0, _axes.Length)]), Domain.Real)]),
        new(this, [new(Shape.Of([.. new[] { 1, 3, 1, 2 }.AsSpan(0, _axes.Length)]), Domain.Real)]),
        new(this, [new(Shape.Of([.. new[] { 2, 0, 1, 2 }.AsSpan(0, _axes.Length)]), Domain.Real)]),
    ];

    /// <summary>The axes in the order given, each once and counted from the start; the expression itself where that is its order.</summary>
    public static Expr To(Expr x, ImmutableArray<int> axes) => IsIdentity(axes) ? x : new Permute(axes).Apply(x);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        var shape = operands[0];
        if (shape.Rank != _axes.Length)
        {
            throw new ShapeException($"permute: {shape} has {shape.Rank} axes and the new order [{string.Join(", ", _axes)}] names {_axes.Length}; name every axis once");
        }

        var extents = new int[_axes.Length];
        for (var k = 0; k < extents.Length; k++)
        {
            extents[k] = shape[_axes[k]];
        }

        return Shape.Of(extents);
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var dense = operands[0].Shape.Strides();
        var strides = new int[_axes.Length];
        for (var k = 0; k < strides.Length; k++)
        {
            strides[k] = dense[_axes[k]];
        }

        var value = new T[shape.Size];
        StridedCopy.Gather(operands[0].Values, 0, strides, shape, value);
        return Tensor<T>.Seal(shape, value);
    }

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range;

    internal override Expr? Simplify(Application application)
    {
        if (IsIdentity(_axes))
        {
            return application.Input(0);
        }

        if (application.Input(0) is not Application { Primitive: Permute inner } operand)
        {
            return null;
        }

        var axes = new int[_axes.Length];
        for (var k = 0; k < axes.Length; k++)
        {
            axes[k] = inner._axes[_axes[k]];
        }

        return To(operand.Input(0), [.. axes]);
    }

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        To(operands[0], [0, .. Shifted(_axes)]);

    private static ImmutableArray<int> Inverse(ImmutableArray<int> axes)
    {
        var inverse = new int[axes.Length];
        for (var k = 0; k < inverse.Length; k++)
        {
            inverse[axes[k]] = k;
        }

        return [.. inverse];
    }

    private static bool IsIdentity(ImmutableArray<int> axes)
    {
        for (var k = 0; k < axes.Length; k++)
        {
            if (axes[k] != k)
            {
                return false;
            }
        }

        return true;
    }
}
