using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FunctionalGrad;

/// <summary>
/// The extents of a tensor along its axes: <c>[]</c> is a scalar, <c>[3]</c> a vector, <c>[2, 3]</c> two rows of three.
/// An extent may be 0. Shapes are immutable and equal when their extents are.
/// </summary>
/// <example><code>
/// Shape shape = [2, 3];
/// shape.Rank;     // 2
/// shape.Size;     // 6
/// shape[-1];      // 3: negative axes count from the end
/// </code></example>
[CollectionBuilder(typeof(Shape), nameof(Of))]
[DebuggerDisplay("{DebuggerView,nq}")]
public sealed class Shape : IEquatable<Shape>, IEnumerable<int>
{
    private readonly int[] _extents;

    private Shape(int[] extents)
    {
        _extents = extents;
        var size = 1L;
        var empty = false;
        foreach (var extent in extents)
        {
            if (extent < 0)
            {
                throw new ShapeException($"shape {Text(extents)} has the negative extent {extent}; extents are 0 or more");
            }

            // Extents of zero make the size zero whatever the others are, so they must not hide an overflow of the rest.
            empty |= extent == 0;
            size *= Math.Max(extent, 1);
            if (size > Array.MaxLength)
            {
                throw new ShapeException($"shape {Text(extents)} has more than {Array.MaxLength} elements; split the tensor");
            }
        }

        Size = empty ? 0 : (int)size;
    }

    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>The number of axes.</summary>
    public int Rank => _extents.Length;

    /// <summary>The number of elements: the product of the extents, 1 for a scalar.</summary>
    public int Size { get; }

    /// <summary>Whether this is the shape of a scalar: no axes.</summary>
    public bool IsScalar => _extents.Length == 0;

    /// <summary>The extents as a read-only view.</summary>
    public ReadOnlySpan<int> Extents => _extents;

    /// <summary>The extent along an axis; a negative axis counts from the end.</summary>
    /// <param name="axis">From −<see cref="Rank"/> to <see cref="Rank"/> − 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int this[int axis] => _extents[Axis(axis, "indexing a shape")];

    /// <summary>Makes a shape from extents.</summary>
    /// <param name="extents">One extent for each axis, each 0 or more.</param>
    /// <exception cref="ShapeException">An extent is negative, or the elements are too many for one array.</exception>
    public static Shape Of(params ReadOnlySpan<int> extents) => extents.IsEmpty ? Scalar : new(extents.ToArray());

    /// <summary>
    /// The shape that two shapes broadcast to, as in NumPy: aligned at the last axis, where an extent of 1 (or none)
    /// stretches to the other.
    /// </summary>
    /// <param name="left">The first shape.</param>
    /// <param name="right">The second shape.</param>
    /// <param name="operation">The name of the operation, for the error.</param>
    /// <exception cref="ShapeException">Two extents differ and neither is 1.</exception>
    public static Shape Broadcast(Shape left, Shape right, string operation)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (ReferenceEquals(left, right) || left.Equals(right))
        {
            return left;
        }

        var rank = Math.Max(left.Rank, right.Rank);
        var extents = new int[rank];
        for (var k = 1; k <= rank; k++)
        {
            var a = k <= left.Rank ? left._extents[^k] : 1;
            var b = k <= right.Rank ? right._extents[^k] : 1;
            if (a != b && a != 1 && b != 1)
            {
                throw new ShapeException(
                    $"{operation}: cannot broadcast {left} with {right}: the extents {a} and {b} (axis −{k}) differ and neither is 1; " +
                    "reshape or permute one of them so that the axes line up from the right");
            }

            extents[^k] = a == 1 ? b : a;
        }

        return new(extents);
    }

    /// <summary>Turns an axis that may count from the end into one that counts from the start.</summary>
    /// <param name="axis">From −<see cref="Rank"/> to <see cref="Rank"/> − 1.</param>
    /// <param name="operation">The name of the operation, for the error.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int axis, string operation)
    {
        var counted = axis < 0 ? axis + Rank : axis;
        return (uint)counted < (uint)Rank
            ? counted
            : throw new ShapeException(Rank == 0
                ? $"{operation}: a scalar has no axis {axis}; reshape it first"
                : $"{operation}: shape {this} has no axis {axis}; axes go from {-Rank} to {Rank - 1}");
    }

    /// <summary>
    /// Sorted, distinct axes counted from the start. None given means all of them.
    /// </summary>
    /// <param name="axes">Axes, negative ones counting from the end.</param>
    /// <param name="operation">The name of the operation, for the error.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public ImmutableArray<int> Axes(ReadOnlySpan<int> axes, string operation)
    {
        var counted = new int[axes.IsEmpty ? Rank : axes.Length];
        for (var i = 0; i < counted.Length; i++)
        {
            counted[i] = axes.IsEmpty ? i : Axis(axes[i], operation);
        }

        Array.Sort(counted);
        for (var i = 1; i < counted.Length; i++)
        {
            if (counted[i] == counted[i - 1])
            {
                throw new ShapeException($"{operation}: axis {counted[i]} of {this} is named twice; name each axis once");
            }
        }

        return Seal(counted);
    }

    /// <summary>This shape without the given axes, or with extent 1 in their place.</summary>
    /// <param name="axes">Axes to take away, counted from the start.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    public Shape Without(ImmutableArray<int> axes, bool keep = false)
    {
        var extents = new List<int>(Rank);
        for (var axis = 0; axis < Rank; axis++)
        {
            if (!axes.Contains(axis))
            {
                extents.Add(_extents[axis]);
            }
            else if (keep)
            {
                extents.Add(1);
            }
        }

        return Of([.. extents]);
    }

    /// <summary>This shape with another extent along one axis.</summary>
    /// <param name="axis">The axis, counted from the start.</param>
    /// <param name="extent">Its new extent.</param>
    public Shape With(int axis, int extent)
    {
        var extents = (int[])_extents.Clone();
        extents[axis] = extent;
        return new(extents);
    }

    /// <summary>This shape behind one more axis.</summary>
    /// <param name="extent">The extent of the axis that leads.</param>
    internal Shape Behind(int extent) => Of([extent, .. _extents]);

    /// <summary>How many positions the axes before one have together.</summary>
    internal int SizeBefore(int axis) => Product(_extents.AsSpan(0, axis));

    /// <summary>How many positions the axes from one on have together.</summary>
    internal int SizeFrom(int axis) => Product(_extents.AsSpan(axis));

    /// <summary>Row-major strides: how far apart, in elements, neighbours along each axis stand.</summary>
    public ImmutableArray<int> Strides()
    {
        var strides = new int[Rank];
        var stride = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= _extents[axis];
        }

        return Seal(strides);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _extents.AsSpan().SequenceEqual(other._extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var extent in _extents)
        {
            hash.Add(extent);
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same extents.</summary>
    /// <param name="left">The first shape.</param>
    /// <param name="right">The second shape.</param>
    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two shapes differ in rank or in an extent.</summary>
    /// <param name="left">The first shape.</param>
    /// <param name="right">The second shape.</param>
    public static bool operator !=(Shape? left, Shape? right) => !(left == right);

    /// <summary>The extents in brackets, as in <c>[2, 3]</c>.</summary>
    public override string ToString() => Text(_extents);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_extents).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _extents.GetEnumerator();

    private string DebuggerView => DebuggerText.Of(IsScalar ? "[] scalar" : $"{this} of {Size} entries");

    private static int Product(ReadOnlySpan<int> extents)
    {
        var product = 1;
        foreach (var extent in extents)
        {
            product *= extent;
        }

        return product;
    }

    private static string Text(int[] extents) => $"[{string.Join(", ", extents)}]";

    private static ImmutableArray<int> Seal(int[] owned) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(owned);
}
