using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Length.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The Euclidean norm √(Σ xᵢ²) over some axes, or over all where none is given. It neither overflows nor underflows
    /// where the value itself does not. Of a scalar it is the absolute value.
    /// </summary>
    /// <remarks>The derivative is x / norm, and 0 where the norm is 0: the subgradient of least norm.</remarks>
    /// <param name="axes">The axes to reduce; they go away. None means all.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 2], [3.0, 4, 0, -2]);
    /// x.Norm(1).Evaluate();      // [5, 2]
    /// </code></example>
    public Expr Norm(params ReadOnlySpan<int> axes) => new Norm(Shape.Axes(axes, "norm")).Apply(this);

    /// <summary>The Euclidean norm over some axes, which stay with extent 1 where <paramref name="keep"/> says so.</summary>
    /// <param name="axes">The axes to reduce. None means all.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public Expr Norm(ReadOnlySpan<int> axes, bool keep) => Norm(axes).Reshape(Shape.Without(Shape.Axes(axes, "norm"), keep));
}

/// <summary>The Euclidean norm over axes, which go away.</summary>
internal sealed class Norm(ImmutableArray<int> axes) : Primitive("norm", $"axes: [{string.Join(", ", axes)}]"), IDeclaration
{
    private static readonly Domain AwayFromZero = Domain.Of(new(-2, -0.5), new(0.5, 2));

    public static ImmutableArray<Primitive> Declared => [new Norm([]), new Norm([0]), new Norm([1]), new Norm([0, 2])];

    public override string Formula => "√(Σ xᵢ²)";

    public override Rule Rule => new Rule.General(
        (node, _, cotangent) => Spread(cotangent, node.Input(0).Shape) * Direction(node),
        (node, tangents) => FunctionalGrad.Sum.Over(Direction(node) * tangents[0]!, axes),
        reach: (node, _, live) => Spread(live, node.Input(0).Shape));

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Kink> Kinks => axes.IsEmpty ? [new([0], [0], "the subgradient of least norm")] : [];

    public override ImmutableArray<Example> Examples =>
    [
        .. (axes switch
        {
            [] => new Shape[] { [] },
            [0] => [[3], [1], [0], [2, 3], [2, 0]],
            [1] => [[2, 3], [3, 1, 2], [2, 0], [1, 1]],
            _ => [[2, 3, 2], [1, 2, 1], [2, 0, 3]],
        }).Select(shape => new Example(this, [new(shape, AwayFromZero)])),
    ];

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        if (!axes.IsEmpty)
        {
            operands[0].Axis(axes[^1], Name);
        }

        return operands[0].Without(axes);
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var x = operands[0];
        var rows = AxisRows.Of(x.Values, x.Shape, axes);
        var width = AxisRows.Width(x.Shape, axes);
        var value = new T[shape.Size];
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = Length(rows.Slice(i * width, width));
        }

        return Tensor<T>.Seal(shape, value);
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        var x = operands[0];
        if (x.Shape.Size == 0)
        {
            target.Clear();
            return;
        }

        RowRun.Over<RowReduction<Squares>, T>(x, axes, target);
        var least = LeastOfSquares<T>();
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = target[i] >= least && T.IsFinite(target[i]) ? T.Sqrt(target[i]) : ScaledLength(x, i);
        }
    }

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        new Norm(Shifted(axes)).Apply(operands[0]);

    /// <summary>x / norm, and 0 where the norm is 0.</summary>
    private Expr Direction(Application node)
    {
        var norm = Spread(node, node.Input(0).Shape);
        return Expr.Select(Expr.NotEqual(norm, 0), node.Input(0) / norm, 0);
    }

    private Expr Spread(Expr reduced, Shape shape) => reduced.Reshape(shape.Without(axes, keep: true)).BroadcastTo(shape);

    private static T Length<T>(ReadOnlySpan<T> row)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var squares = T.Zero;
        foreach (var number in row)
        {
            squares += number * number;
        }

        return squares >= LeastOfSquares<T>() && T.IsFinite(squares) ? T.Sqrt(squares) : ScaledLength(row);
    }

    /// <summary>So far from the least number, squares that were lost to underflow cannot matter.</summary>
    private static T LeastOfSquares<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> => T.ScaleB(T.One, T.ILogB(T.Epsilon) / 2);

    /// <summary>The scaled length of one of the rows along the axes.</summary>
    private T ScaledLength<T>(Dense<T> x, int number)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        Span<int> box = stackalloc int[axes.Length];
        Span<int> strides = stackalloc int[axes.Length];
        var (place, offset, stride) = (axes.Length, 0, 1);
        for (var axis = x.Shape.Rank - 1; axis >= 0; axis--)
        {
            var extent = x.Shape.Extents[axis];
            if (axes.AsSpan().Contains(axis))
            {
                place--;
                (box[place], strides[place]) = (extent, stride);
            }
            else
            {
                offset += number % extent * stride;
                number /= extent;
            }

            stride *= extent;
        }

        var width = AxisRows.Width(x.Shape, axes);
        var side = ArrayPool<T>.Shared.Rent(width);
        var row = side.AsSpan(0, width);
        StridedCopy.Gather(x.Values, offset, strides, box, row);
        var length = ScaledLength<T>(row);
        ArrayPool<T>.Shared.Return(side);
        return length;
    }

    /// <summary>The length of a row divided by a power of two near its greatest entry, times that power: exact scaling.</summary>
    private static T ScaledLength<T>(ReadOnlySpan<T> row)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var greatest = T.Zero;
        foreach (var number in row)
        {
            greatest = T.Max(greatest, T.Abs(number));
        }

        if (greatest == T.Zero || !T.IsFinite(greatest))
        {
            return greatest;
        }

        var exponent = T.ILogB(greatest);
        var squares = T.Zero;
        foreach (var number in row)
        {
            var scaled = T.ScaleB(number, -exponent);
            squares += scaled * scaled;
        }

        return T.ScaleB(T.Sqrt(squares), exponent);
    }
}
