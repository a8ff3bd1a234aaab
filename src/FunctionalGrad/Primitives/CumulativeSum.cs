using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <content>Running sums.</content>
public abstract partial class Expr
{
    /// <summary>The running sum yᵢ = Σⱼ≤ᵢ xⱼ along an axis, or from the end, yᵢ = Σⱼ≥ᵢ xⱼ.</summary>
    /// <param name="axis">The axis, a negative one counting from the end.</param>
    /// <param name="reverse">Whether to run from the last entry to the first.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2, 3);
    /// x.CumulativeSum(0).Evaluate();                     // [1, 3, 6]
    /// x.CumulativeSum(0, reverse: true).Evaluate();      // [6, 5, 3]
    /// </code></example>
    public Expr CumulativeSum(int axis, bool reverse = false) =>
        new CumulativeSum(Shape.Axis(axis, "cumulative sum"), reverse).Apply(this);
}

/// <summary>The running sum along an axis. The transpose runs the other way.</summary>
internal sealed class CumulativeSum(int axis, bool reverse)
    : Primitive("cumulative sum", $"axis: {axis}{(reverse ? ", reverse" : "")}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared =>
        [new CumulativeSum(0, false), new CumulativeSum(0, true), new CumulativeSum(1, false), new CumulativeSum(1, true)];

    public bool IsReverse => reverse;

    public override string Formula => reverse ? "yᵢ = Σⱼ≥ᵢ xⱼ" : "yᵢ = Σⱼ≤ᵢ xⱼ";

    public override Rule Rule { get; } = new Rule.Linear((_, _, cotangent) => cotangent.CumulativeSum(axis, !reverse));

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
    [
        .. (axis == 0 ? new Shape[] { [4], [1], [0], [3, 2] } : [])
            .Concat([[2, 3], [2, 1], [2, 0], [2, 3, 2], [0, 2]])
            .Select(shape => new Example(this, [new(shape, Domain.Real)])),
    ];

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        operands[0].Axis(axis, Name);
        return operands[0];
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var value = operands[0].ToArray();
        var row = Shape.Of(shape.Extents[(axis + 1)..]).Size;
        var slab = shape[axis] * row;
        for (var start = 0; start < value.Length; start += slab)
        {
            if (reverse)
            {
                for (var i = start + slab - row - 1; i >= start; i--)
                {
                    value[i] += value[i + row];
                }
            }
            else
            {
                for (var i = start + row; i < start + slab; i++)
                {
                    value[i] += value[i - row];
                }
            }
        }

        return Tensor<T>.Seal(shape, value);
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        if (target.IsEmpty)
        {
            return;
        }

        var x = operands[0].Values;
        var length = shape.Extents[axis];
        var row = shape.SizeFrom(axis + 1);
        if (row == 1)
        {
            AlongRows(x, target, length);
            return;
        }

        var back = reverse ? row : -row;
        for (var slab = 0; slab < target.Length; slab += length * row)
        {
            for (var i = 0; i < length; i++)
            {
                var start = slab + ((reverse ? length - 1 - i : i) * row);
                var sums = target.Slice(start, row);
                x.Slice(start, row).CopyTo(sums);
                if (i > 0)
                {
                    RowAddition.Add(target.Slice(start + back, row), sums);
                }
            }
        }
    }

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        new CumulativeSum(axis + 1, reverse).Apply(operands[0]);

    internal override EntryLinks Links(Application application, int operand, ReadOnlySpan<Tensor<double>?> known)
    {
        var shape = application.Shape;
        var (length, row) = (shape[axis], shape.SizeFrom(axis + 1));
        var (targets, sources) = (new List<int>(), new List<int>());
        for (var i = 0; i < shape.Size; i++)
        {
            var position = i / row % length;
            var (from, to) = reverse ? (position, length - 1) : (0, position);
            for (var j = from; j <= to; j++)
            {
                targets.Add(i);
                sources.Add(i + ((j - position) * row));
            }
        }

        return EntryLinks.FromPairs(CollectionsMarshal.AsSpan(targets), CollectionsMarshal.AsSpan(sources), shape.Size);
    }

    // Each sum waits for the one before it, so four rows are run together where there are so many.
    private void AlongRows<T>(ReadOnlySpan<T> x, Span<T> target, int length)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var (first, step) = reverse ? (length - 1, -1) : (0, 1);
        var start = 0;
        for (; start <= x.Length - (4L * length); start += 4 * length)
        {
            var (a, b, c, d) = (start + first, start + length + first, start + (2 * length) + first, start + (3 * length) + first);
            var (p, q, r, s) = (x[a], x[b], x[c], x[d]);
            (target[a], target[b], target[c], target[d]) = (p, q, r, s);
            for (var i = 1; i < length; i++)
            {
                (a, b, c, d) = (a + step, b + step, c + step, d + step);
                target[a] = p += x[a];
                target[b] = q += x[b];
                target[c] = r += x[c];
                target[d] = s += x[d];
            }
        }

        for (; start < x.Length; start += length)
        {
            var at = start + first;
            var sum = target[at] = x[at];
            for (var i = 1; i < length; i++)
            {
                at += step;
                target[at] = sum += x[at];
            }
        }
    }
}
