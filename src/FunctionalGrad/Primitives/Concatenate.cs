using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Joining.</content>
public abstract partial class Expr
{
    /// <summary>The parts one after the other along an axis that they all have, as NumPy's <c>concatenate</c>.</summary>
    /// <param name="parts">One or more expressions, whose shapes differ at most in the extent of that axis.</param>
    /// <param name="axis">The axis, a negative one counting from the end.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    /// <exception cref="ShapeException">A part is a scalar, has no such axis, or differs elsewhere.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2);
    /// Expr y = Tensor.Of(3.0);
    /// Expr.Concatenate([x, y, x]).Evaluate();      // [1, 2, 3, 1, 2]
    /// </code></example>
    public static Expr Concatenate(ReadOnlySpan<Expr> parts, int axis = 0)
    {
        RequireParts(parts, "concatenate");
        return parts[0].Shape.IsScalar
            ? throw new ShapeException("concatenate: a scalar has no axis to join along; make a vector of scalars with Expr.Stack")
            : FunctionalGrad.Concatenate.Along(parts[0].Shape.Axis(axis, "concatenate"), parts);
    }

    /// <inheritdoc cref="Concatenate(ReadOnlySpan{Expr}, int)"/>
    public static Expr Concatenate(Expr[] parts, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Concatenate(parts.AsSpan(), axis);
    }

    /// <inheritdoc cref="Concatenate(ReadOnlySpan{Expr}, int)"/>
    public static Expr Concatenate(IEnumerable<Expr> parts, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Concatenate(parts.ToArray().AsSpan(), axis);
    }

    /// <summary>The parts side by side along a new axis, as NumPy's <c>stack</c>: scalars become a vector, vectors a matrix.</summary>
    /// <param name="parts">One or more expressions of one shape.</param>
    /// <param name="axis">Where the new axis stands in the value; −1 makes it the last.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    /// <exception cref="ShapeException">The shapes differ, or the value has no such axis.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2);
    /// Expr y = Tensor.Of(3.0, 4);
    /// Expr.Stack([x, y]).Evaluate();               // [[1, 2], [3, 4]]
    /// Expr.Stack([x, y], axis: -1).Evaluate();     // [[1, 3], [2, 4]]
    /// </code></example>
    public static Expr Stack(ReadOnlySpan<Expr> parts, int axis = 0)
    {
        RequireParts(parts, "stack");
        var shape = parts[0].Shape;
        var counted = axis < 0 ? axis + shape.Rank + 1 : axis;
        if ((uint)counted > (uint)shape.Rank)
        {
            throw new ShapeException($"stack: parts of shape {shape} make a value of {shape.Rank + 1} axes, which has no axis {axis}; axes go from {-shape.Rank - 1} to {shape.Rank}");
        }

        var widened = Shape.Of([.. shape.Extents[..counted], 1, .. shape.Extents[counted..]]);
        var reshaped = new Expr[parts.Length];
        for (var i = 0; i < reshaped.Length; i++)
        {
            reshaped[i] = parts[i].Shape == shape
                ? parts[i].Reshape(widened)
                : throw new ShapeException($"stack: part {i} has shape {parts[i].Shape} and part 0 {shape}; stacked parts have one shape, so broadcast or reshape one of them, or join along an axis with Expr.Concatenate");
        }

        return FunctionalGrad.Concatenate.Along(counted, reshaped);
    }

    /// <inheritdoc cref="Stack(ReadOnlySpan{Expr}, int)"/>
    public static Expr Stack(Expr[] parts, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Stack(parts.AsSpan(), axis);
    }

    /// <inheritdoc cref="Stack(ReadOnlySpan{Expr}, int)"/>
    public static Expr Stack(IEnumerable<Expr> parts, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Stack(parts.ToArray().AsSpan(), axis);
    }

    private static void RequireParts(ReadOnlySpan<Expr> parts, string operation)
    {
        if (parts.IsEmpty)
        {
            throw new ArgumentException($"{operation}: there are no parts, so the value would have no shape; give at least one", nameof(parts));
        }

        foreach (var part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
        }
    }
}

/// <summary>Parts one after the other along an axis. The transpose cuts them apart again.</summary>
internal sealed class Concatenate(int axis) : Primitive("concatenate", $"axis: {axis}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared => [new Concatenate(0), new Concatenate(1)];

    public override string Formula => "x₀, then x₁, then …";

    /// <summary>The axis along which the parts follow each other.</summary>
    public int Axis => axis;

    public override Rule Rule { get; } = new Rule.Linear((node, operand, cotangent) =>
    {
        var start = 0;
        for (var i = 0; i < operand; i++)
        {
            start += node.Input(i).Shape[axis];
        }

        var shape = node.Input(operand).Shape;
        var starts = new int[shape.Rank];
        starts[axis] = start;
        return cotangent.Slice(starts, shape.Extents);
    });

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples => axis == 0
        ? [Sample([2], [3], [1]), Sample([2, 3], [1, 3]), Sample([0, 2], [2, 2]), Sample([3])]
        : [Sample([2, 3], [2, 1], [2, 0]), Sample([1, 2, 2], [1, 1, 2]), Sample([0, 1], [0, 2])];

    /// <summary>The parts along an axis counted from the start; the part itself where there is only one.</summary>
    public static Expr Along(int axis, ReadOnlySpan<Expr> parts) =>
        parts.Length == 1 ? parts[0] : new Concatenate(axis).Apply(parts);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        if (operands.IsEmpty)
        {
            throw new ShapeException("concatenate takes one operand or more, not 0");
        }

        var first = operands[0];
        first.Axis(axis, Name);
        var extent = 0L;
        for (var i = 0; i < operands.Length; i++)
        {
            RequireFit(first, operands[i], i);
            extent += operands[i][axis];
        }

        return extent <= Array.MaxLength
            ? first.With(axis, (int)extent)
            : throw new ShapeException($"concatenate: the parts have {extent} entries along axis {axis} together, more than {Array.MaxLength}; join fewer of them");
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => Moved(operands, shape);

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        var width = shape.SizeFrom(axis);
        var outer = shape.SizeBefore(axis);

        // So many rows at once that they stay close at hand from one part to the next.
        var block = Math.Max(1, 2048 / Math.Max(width, 1));
        for (var first = 0; first < outer; first += block)
        {
            var rows = Math.Min(block, outer - first);
            var start = first * width;
            foreach (var operand in operands)
            {
                var row = operand.Shape.SizeFrom(axis);
                var values = operand.Values.Slice(first * row, rows * row);
                if (row == 1)
                {
                    for (var i = 0; i < values.Length; i++)
                    {
                        target[start + (i * width)] = values[i];
                    }
                }
                else
                {
                    for (var i = 0; i < rows; i++)
                    {
                        values.Slice(i * row, row).CopyTo(target[(start + (i * width))..]);
                    }
                }

                start += row;
            }
        }
    }

    internal override Infinities Infinities => Infinities.Kept;

    internal override Expr? Simplify(Application application) =>
        application.Inputs.Length == 1 ? application.Input(0) : null;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size)
    {
        var parts = operands.ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = batched[i] ? parts[i] : parts[i].Repeat(size);
        }

        return Along(axis + 1, parts);
    }

    private void RequireFit(Shape first, Shape part, int number)
    {
        if (part.Rank != first.Rank)
        {
            throw new ShapeException($"concatenate: part {number} {part} has {part.Rank} axes and part 0 {first} has {first.Rank}; reshape one of them");
        }

        for (var k = 0; k < part.Rank; k++)
        {
            if (k != axis && part[k] != first[k])
            {
                throw new ShapeException(
                    $"concatenate: cannot join {first} (part 0) with {part} (part {number}) along axis {axis}: the extents {first[k]} and {part[k]} of axis {k} differ; "
                    + "broadcast or slice one of them, or choose another axis");
            }
        }
    }

    private Example Sample(params ReadOnlySpan<Shape> parts)
    {
        var operands = ImmutableArray.CreateBuilder<Operand>(parts.Length);
        foreach (var part in parts)
        {
            operands.Add(new(part, Domain.Real));
        }

        return new(this, operands.ToImmutable());
    }
}
