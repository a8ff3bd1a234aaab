using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Where the greatest entry stands.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The position of the greatest entry along an axis, the first one where several tie; of the first NaN where there is
    /// one. A whole number, so its derivative is 0. For the least entry negate first: <c>(-x).ArgMax(0)</c>.
    /// </summary>
    /// <param name="axis">The axis to look along, a negative one counting from the end; it goes away.</param>
    /// <exception cref="ShapeException">There is no such axis, or it has no entries.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 5, 3, 4, 2, 6]);
    /// x.ArgMax(-1).Evaluate();      // [1, 2]
    /// </code></example>
    public Expr ArgMax(int axis) => new ArgMax(Shape.Axis(axis, "argmax")).Apply(this);
}

/// <summary>The position of the greatest entry along an axis, which goes away.</summary>
internal sealed class ArgMax(int axis) : Primitive("argmax", $"axis: {axis}"), IDeclaration
{
    private readonly ImmutableArray<int> _axes = [axis];

    public static ImmutableArray<Primitive> Declared => [new ArgMax(0), new ArgMax(1)];

    public override string Formula => "the first i with xᵢ = max x";

    // Constant wherever it has a derivative: linear in no operand.
    public override Rule Rule { get; } = new Rule.Linear((_, _, _) => null, operands: []);

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
        [new(this, [new([2, 3], Domain.Real)]), new(this, [new([3, 1], Domain.Real)]), new(this, [new([2, 2, 2], Domain.Real)]), new(this, [new([2, 1, 0], Domain.Real)])];

    /// <summary>Where the greatest entry of a row stands: the first of those, or the first NaN.</summary>
    public static int Of<T>(ReadOnlySpan<T> row)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var best = 0;
        for (var j = 1; j < row.Length; j++)
        {
            if (row[j] > row[best] || (T.IsNaN(row[j]) && !T.IsNaN(row[best])))
            {
                best = j;
            }
        }

        return best;
    }

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        operands[0].Axis(axis, Name);
        return operands[0][axis] > 0
            ? operands[0].Without(_axes)
            : throw new ShapeException($"argmax: axis {axis} of {operands[0]} is empty, so no entry is the greatest; choose an axis with entries");
    }

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        new ArgMax(axis + 1).Apply(operands[0]);

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var x = operands[0];
        var rows = AxisRows.Of(x.Values, x.Shape, _axes);
        var width = x.Shape[axis];
        var value = new T[shape.Size];
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = T.CreateTruncating(Of(rows.Slice(i * width, width)));
        }

        return Tensor<T>.Seal(shape, value);
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target) =>
        RowRun.Over<ArgMaxRows, T>(operands[0], _axes, target);
}
