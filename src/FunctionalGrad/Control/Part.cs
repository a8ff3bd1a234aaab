using System.Collections.Immutable;

namespace FunctionalGrad;

/// <summary>
/// One of the values that a node of several values has packed into a vector. A compiled program packs nothing: there it is
/// the value itself.
/// </summary>
/// <remarks>
/// Unlike a slice it passes nothing over: the values beside it are results of the same computation, and what a cotangent of 0
/// means for them is for that computation to know.
/// </remarks>
internal sealed class Part(int offset, Shape target) : Primitive("part", $"from: {offset}, shape: {target}"), IDeclaration
{
    public static ImmutableArray<Primitive> Declared => [new Part(2, [2, 2]), new Part(0, [])];

    public override string Formula => "the entries from one position on, under a shape";

    public override Rule Rule => new Rule.Linear((node, _, cotangent) => cotangent.Reshape([target.Size])
        .Pad([offset], [node.Input(0).Shape.Size - offset - target.Size]));

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples => [new(this, [new([offset + target.Size + 1], Domain.Real)])];

    /// <summary>Where in the vector the value begins.</summary>
    public int Offset => offset;

    /// <summary>A value of a vector: the expression that was packed, where the vector is seen to be made of parts.</summary>
    public static Expr Of(Expr packed, int offset, Shape target) =>
        Unpacked(packed, offset, target) ?? new Part(offset, target).Apply(packed);

    /// <summary>Values as one vector, in row-major order one after the other.</summary>
    public static Expr Pack(ReadOnlySpan<Expr> values)
    {
        var flat = new Expr[values.Length];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = values[i].Reshape([values[i].Shape.Size]);
        }

        return Expr.Concatenate(flat);
    }

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        return operands[0].Rank == 1 && offset + target.Size <= operands[0].Size
            ? target
            : throw new ShapeException($"part: {operands[0]} has no {target.Size} entries from {offset} on; take a part of the vector that a loop gives");
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => Moved(operands, shape);

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target) =>
        operands[0].Values.Slice(offset, shape.Size).CopyTo(target);

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range;

    internal override Expr? Simplify(Application application) => Unpacked(application.Input(0), offset, target);

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size)
    {
        var packed = operands[0];
        if (packed is Application { Primitive: Concatenate } joined)
        {
            var at = 0;
            foreach (var piece in joined.Inputs)
            {
                if (piece.Shape[0] == size && at == offset && piece.Shape.Size == size * target.Size)
                {
                    return piece.Reshape(target.Behind(size));
                }

                at += piece.Shape[1];
            }
        }

        return packed.Slice(.., offset..(offset + target.Size)).Reshape(target.Behind(size));
    }

    // Cotangents of several values meet as a sum of vectors that are 0 elsewhere: a chain of sums, added up from the left.
    private static Expr? Unpacked(Expr packed, int offset, Shape shape)
    {
        var terms = new Stack<Expr>();
        for (; packed is Application { Primitive: var primitive } sum && primitive == Add.Primitive; packed = sum.Input(0))
        {
            terms.Push(sum.Input(1));
        }

        terms.Push(packed);
        Expr? total = null;
        foreach (var term in terms)
        {
            if (UnpackedTerm(term, offset, shape) is not { } part)
            {
                return null;
            }

            total = total is null || total.IsUniform(0) ? part : part.IsUniform(0) ? total : total + part;
        }

        return total;
    }

    private static Expr? UnpackedTerm(Expr packed, int offset, Shape shape)
    {
        if (packed.Uniform() is { } number)
        {
            return Expr.Full(shape, number);
        }

        if (offset == 0 && shape.Size == packed.Shape.Size)
        {
            return packed.Reshape(shape);
        }

        switch (packed)
        {
            case Application { Primitive: Pad pad } padded when pad.Interior[0] == 0:
                var (start, size) = (pad.Before[0], padded.Input(0).Shape.Size);
                return start == offset && size == shape.Size ? padded.Input(0).Reshape(shape)
                    : start >= offset + shape.Size || offset >= start + size ? Expr.Zeros(shape)
                    : null;
            case Application { Primitive: Concatenate } joined:
                var at = 0;
                foreach (var piece in joined.Inputs)
                {
                    if (at == offset && piece.Shape.Size == shape.Size)
                    {
                        return piece.Reshape(shape);
                    }

                    at += piece.Shape.Size;
                }

                return null;
            default:
                return null;
        }
    }
}
