using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FunctionalGrad;

/// <summary>
/// An immutable, dense, row-major array of numbers with a <see cref="FunctionalGrad.Shape"/>; rank 0 is a scalar.
/// There is no way to write to one: operations return new tensors.
/// </summary>
/// <typeparam name="T">The precision: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example><code>
/// var t = Tensor.Of([2, 3], [1.0, 2, 3, 4, 5, 6]);
/// t[1, 2];          // 6
/// t.At(0);          // [1, 2, 3]
/// 2.0 * t - t;      // [[1, 2, 3], [4, 5, 6]]
/// </code></example>
[DebuggerDisplay("{DebuggerView,nq}")]
public sealed partial class Tensor<T> : IEquatable<Tensor<T>>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // A single number stands in the tensor itself, and has an array only once something wants one: any one of them is right.
    private readonly T _number;
    private T[]? _array;

    private string DebuggerView => $"{DebuggerText.Of(ToString())} : {Shape}";

    private Tensor(Shape shape, T[] values)
    {
        Shape = shape;
        _array = values;
    }

    private Tensor(Shape shape, T number)
    {
        Shape = shape;
        _number = number;
    }

    /// <summary>The extents along each axis.</summary>
    public Shape Shape { get; }

    /// <summary>The values in row-major order, as a read-only view that copies nothing.</summary>
    public ReadOnlySpan<T> Values => _array is { } array ? new ReadOnlySpan<T>(array) : new(in _number);

    /// <summary>The number of elements.</summary>
    public int Size => _array is { } array ? array.Length : 1;

    /// <summary>One element.</summary>
    /// <param name="indices">One index for each axis, negative ones counting from the end.</param>
    /// <exception cref="ShapeException">There are too few or too many indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its axis.</exception>
    public T this[params ReadOnlySpan<int> indices]
    {
        get
        {
            if (indices.Length != Shape.Rank)
            {
                throw new ShapeException(
                    $"indexing a tensor of shape {Shape} with {indices.Length} indices: give {Shape.Rank}, or take a part with At or Slice");
            }

            var offset = 0;
            for (var axis = 0; axis < indices.Length; axis++)
            {
                offset = (offset * Shape[axis]) + Index(indices[axis], axis);
            }

            return Values[offset];
        }
    }

    /// <summary>The number in a tensor of one element.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public T ToScalar() => Size == 1
        ? Values[0]
        : throw new ShapeException($"a tensor of shape {Shape} has {Size} elements, not one; index it, or reduce it first");

    /// <summary>A copy of the values in row-major order.</summary>
    public T[] ToArray() => Values.ToArray();

    /// <summary>The same values under another shape; nothing is copied, since neither can change.</summary>
    /// <param name="shape">A shape of the same size.</param>
    /// <exception cref="ShapeException">The sizes differ.</exception>
    public Tensor<T> Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Size == Size
            ? _array is { } array ? new(shape, array) : new(shape, _number)
            : throw new ShapeException($"reshape: {Shape} has {Size} elements and {shape} has {shape.Size}; the sizes must agree");
    }

    /// <summary>The same numbers in another precision, rounded to nearest.</summary>
    /// <typeparam name="TOther">The precision wanted.</typeparam>
    public Tensor<TOther> To<TOther>()
        where TOther : struct, IBinaryFloatingPointIeee754<TOther>
    {
        if (this is Tensor<TOther> same)
        {
            return same;
        }

        var values = new TOther[Size];
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<T, TOther>(Values, values);
        return Tensor<TOther>.Seal(Shape, values);
    }

    /// <summary>Equal shapes and equal numbers; NaN equals NaN, and 0 equals −0.</summary>
    /// <param name="other">Another tensor.</param>
    public bool Equals(Tensor<T>? other) =>
        other is not null && Shape.Equals(other.Shape) && Values.SequenceEqual(other.Values);

    /// <summary>
    /// Equal shapes and the same bits: distinguishes 0 from −0. The equality of laws that say "bit for bit".
    /// </summary>
    /// <param name="other">Another tensor.</param>
    public bool BitEquals(Tensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Shape.Equals(other.Shape)
            && MemoryMarshal.AsBytes(Values).SequenceEqual(MemoryMarshal.AsBytes(other.Values));
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Tensor<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Shape);
        foreach (var value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The values themselves, for code that reads them and never writes.</summary>
    internal T[] Array => _array ??= [_number];

    /// <summary>Makes a tensor of an array that nobody else holds: it is sealed from here on.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="owned">The values, which the caller gives up.</param>
    internal static Tensor<T> Seal(Shape shape, T[] owned) => new(shape, owned);

    /// <summary>Makes a tensor of one number: one object instead of two.</summary>
    /// <param name="shape">A shape of size 1.</param>
    /// <param name="number">The number.</param>
    internal static Tensor<T> OfNumber(Shape shape, T number) => new(shape, number);

    /// <summary>Where the values begin, for code that reads them and never writes.</summary>
    internal ref T Start() => ref _array is { } array ? ref MemoryMarshal.GetArrayDataReference(array) : ref Unsafe.AsRef(in _number);

    private int Index(int index, int axis)
    {
        var extent = Shape[axis];
        var counted = index < 0 ? index + extent : index;
        return (uint)counted < (uint)extent
            ? counted
            : throw new ArgumentOutOfRangeException(
                nameof(index),
                index,
                $"index {index} is outside axis {axis} of shape {Shape}, which {(extent == 0 ? "has no entries" : $"goes from {-extent} to {extent - 1}")}");
    }
}
