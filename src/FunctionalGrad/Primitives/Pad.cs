using System.Collections.Immutable;

namespace FunctionalGrad;

/// <content>Zeros around and between.</content>
public abstract partial class Expr
{
    /// <summary>
    /// The entries with zeros around and between them. The transpose of
    /// <see cref="Slice(ReadOnlySpan{int}, ReadOnlySpan{int}, ReadOnlySpan{int})"/>. Itself where no zero is added.
    /// </summary>
    /// <param name="before">How many zeros to put before the first entry along each axis.</param>
    /// <param name="after">How many zeros to put after the last entry along each axis.</param>
    /// <param name="interior">How many zeros to put between neighbours along each axis; none given means none.</param>
    /// <exception cref="ShapeException">There is not one number for each axis, or a number is negative.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of(1.0, 2, 3);
    /// x.Pad([1], [2]).Evaluate();           // [0, 1, 2, 3, 0, 0]
    /// x.Pad([0], [0], [1]).Evaluate();      // [1, 0, 2, 0, 3]
    /// </code></example>
    public Expr Pad(ReadOnlySpan<int> before, ReadOnlySpan<int> after, ReadOnlySpan<int> interior = default)
    {
        var rank = Shape.Rank;
        if (before.Length != rank || after.Length != rank || (interior.Length != rank && !interior.IsEmpty))
        {
            throw new ShapeException(
                $"pad: {before.Length} numbers before, {after.Length} after and {interior.Length} between given for {Shape}; give {rank} of each, one for each axis (those between may be left out)");
        }

        return FunctionalGrad.Pad.Of(this, [.. before], [.. after], interior.IsEmpty ? Repeated(0, rank) : [.. interior]);
    }
}

/// <summary>Zeros around and between entries. The transpose takes the entries out again.</summary>
internal sealed class Pad : Primitive, IDeclaration
{
    private readonly ImmutableArray<int> _before;
    private readonly ImmutableArray<int> _after;
    private readonly ImmutableArray<int> _interior;

    private Pad(ImmutableArray<int> before, ImmutableArray<int> after, ImmutableArray<int> interior)
        : base("pad", Text(before, after, interior)) => (_before, _after, _interior) = (before, after, interior);

    public static ImmutableArray<Primitive> Declared =>
    [
        new Pad([1], [2], [0]), new Pad([0], [1], [2]), new Pad([0, 1], [1, 0], [0, 0]), new Pad([1, 0, 0], [0, 0, 2], [0, 1, 0]),
        new Pad([], [], []),
    ];

    public override string Formula => "zeros, with xᵢ at before + i·(interior + 1)";

    public override Rule Rule => new Rule.Linear(
        (node, _, cotangent) =>
        {
            var steps = new int[_interior.Length];
            for (var axis = 0; axis < steps.Length; axis++)
            {
                steps[axis] = _interior[axis] + 1;
            }

            return cotangent.Slice(_before.AsSpan(), node.Input(0).Shape.Extents, steps);
        },
        fills: true);

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples => [Sample(3, 2, 2), Sample(1, 1, 1), Sample(0, 2, 3)];

    /// <summary>Where the first entry goes, along each axis.</summary>
    public ImmutableArray<int> Before => _before;

    /// <summary>How many zeros are between neighbours, along each axis.</summary>
    public ImmutableArray<int> Interior => _interior;

    public static Expr Of(Expr x, ImmutableArray<int> before, ImmutableArray<int> after, ImmutableArray<int> interior)
    {
        var padded = new Pad(before, after, interior).Apply(x);
        return padded.Shape == x.Shape ? x : padded;
    }

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        var shape = operands[0];
        if (shape.Rank != _before.Length)
        {
            throw new ShapeException($"pad: {shape} has {shape.Rank} axes and the padding ({Parameters}) {_before.Length}; give one number for each axis");
        }

        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (_before[axis] < 0 || _after[axis] < 0 || _interior[axis] < 0)
            {
                throw new ShapeException(
                    $"pad: {_before[axis]} before, {_after[axis]} after and {_interior[axis]} between along axis {axis} are not all 0 or more; take entries away with Slice");
            }

            var extent = _before[axis] + shape[axis] + (Math.Max(shape[axis] - 1L, 0) * _interior[axis]) + _after[axis];
            extents[axis] = extent <= Array.MaxLength
                ? (int)extent
                : throw new ShapeException($"pad: axis {axis} of {shape} would grow to {extent} entries ({Parameters}), more than {Array.MaxLength}; pad less");
        }

        return Shape.Of(extents);
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape) => Moved(operands, shape);

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        var x = operands[0];
        if (x.Values.IsEmpty)
        {
            target.Clear();
            return;
        }

        // Axes at the end that get no zeros are moved together with the last one that does.
        var last = shape.Rank - 1;
        while (last > 0 && shape.Extents[last] == x.Shape.Extents[last])
        {
            last--;
        }

        Span<int> index = stackalloc int[Math.Max(last, 0)];
        Span<int> strides = stackalloc int[shape.Rank];
        index.Clear();
        var (offset, stride) = (0, 1);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            offset += _before[axis] * stride;
            strides[axis] = (_interior[axis] + 1) * stride;
            stride *= shape.Extents[axis];
        }

        // Rows come in the order in which they lie in the target, so all that is between one and the next is zero.
        var row = x.Shape.SizeFrom(Math.Max(last, 0));
        var entries = x.Shape.SizeFrom(last + 1);
        var apart = last < 0 || _interior[last] == 0 ? entries : strides[last];
        var written = 0;
        for (var values = x.Values; !values.IsEmpty; values = values[row..])
        {
            target[written..offset].Clear();
            written = offset;
            if (apart == entries)
            {
                values[..row].CopyTo(target[offset..]);
                written += row;
            }
            else
            {
                for (var i = 0; i < row; i += entries)
                {
                    target[written..offset].Clear();
                    values.Slice(i, entries).CopyTo(target[offset..]);
                    written = offset + entries;
                    offset += apart;
                }

                offset -= row / entries * apart;
            }

            for (var axis = last - 1; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < x.Shape.Extents[axis])
                {
                    break;
                }

                offset -= strides[axis] * x.Shape.Extents[axis];
                index[axis] = 0;
            }
        }

        target[written..].Clear();
    }

    internal override Infinities Infinities => Infinities.Kept;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => operands[0].Range.Hull(new(0, 0));

    internal override Expr? Simplify(Application application) =>
        application.Shape == application.Input(0).Shape ? application.Input(0) : null;

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Of(operands[0], _before.Insert(0, 0), _after.Insert(0, 0), _interior.Insert(0, 0));

    private static string Text(ImmutableArray<int> before, ImmutableArray<int> after, ImmutableArray<int> interior) =>
        $"before: [{string.Join(", ", before)}], after: [{string.Join(", ", after)}]"
        + (interior.All(zeros => zeros == 0) ? "" : $", interior: [{string.Join(", ", interior)}]");

    private Example Sample(params ReadOnlySpan<int> extents) => new(this, [new(Shape.Of(extents[.._before.Length]), Domain.Real)]);
}
