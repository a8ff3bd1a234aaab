using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>
/// An operation, with everything about it in one declaration: name, formula, shape rule, kernel, derivative rule, where
/// to sample it in tests, what happens at kinks. Gradient, pushforward, interpreter, laws and printing all read that
/// declaration, so adding a primitive touches one place.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class Primitive : IEquatable<Primitive>
{
    private protected Primitive(string name, string parameters = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Parameters = parameters;
    }

    /// <summary>The name that it prints as and that errors give.</summary>
    public string Name { get; }

    /// <summary>The parameters fixed when the node was made, such as <c>axes: [0]</c>; empty where there are none.</summary>
    public string Parameters { get; }

    /// <summary>The equation, as text.</summary>
    public abstract string Formula { get; }

    /// <summary>How it differentiates.</summary>
    public abstract Rule Rule { get; }

    /// <summary>How an application of it prints.</summary>
    public virtual Notation Notation => Notation.Function;

    /// <summary>Operands to test it with.</summary>
    public abstract ImmutableArray<Example> Examples { get; }

    /// <summary>Its kinks and singular points, with the partials returned there.</summary>
    public virtual ImmutableArray<Kink> Kinks => [];

    /// <summary>Whether the value may be infinite or NaN at finite operands.</summary>
    public virtual bool MayBeInfinite => true;

    /// <summary>The formula of other primitives that its kernel is, over variables in place of the operands; null where its
    /// kernel is its own.</summary>
    public virtual Expr? Expansion => null;

    /// <summary>Whether the value is 1 where something holds and 0 elsewhere.</summary>
    public virtual bool IsComparison => false;

    /// <summary>Applies the primitive: makes a node.</summary>
    /// <param name="operands">The operands.</param>
    /// <exception cref="ShapeException">The operands are too many or too few, or their shapes do not fit.</exception>
    public Expr Apply(params ReadOnlySpan<Expr> operands)
    {
        foreach (var operand in operands)
        {
            ArgumentNullException.ThrowIfNull(operand, nameof(operands));
        }

        var inputs = Prepare(operands);
        var shapes = new Shape[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            shapes[i] = inputs[i].Shape;
        }

        return new Application(this, inputs, InferShape(shapes));
    }

    /// <summary>The shape of the value from the shapes of the operands.</summary>
    /// <param name="operands">The shapes of the operands.</param>
    /// <exception cref="ShapeException">They do not fit; the message says why, and what would.</exception>
    public abstract Shape InferShape(ReadOnlySpan<Shape> operands);

    /// <summary>The meaning: the value at given operands.</summary>
    /// <typeparam name="T">The precision.</typeparam>
    /// <param name="operands">The operands, of shapes that fit.</param>
    /// <param name="shape">The shape of the value, as inferred.</param>
    public abstract Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
        where T : struct, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// The value at given operands, written where a compiled program keeps it: the same as <see cref="Evaluate{T}"/> makes,
    /// without a tensor for it. The library's own primitives write it directly and allocate nothing.
    /// </summary>
    /// <param name="operands">The operands, of shapes that fit.</param>
    /// <param name="shape">The shape of the value, as inferred.</param>
    /// <param name="target">Room for the value, which overlaps no operand; whatever it holds is overwritten.</param>
    internal virtual void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        // A user's own code may keep what it is given, so it is given copies.
        var copies = new Tensor<T>[operands.Length];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = Tensor<T>.Seal(operands[i].Shape, operands[i].Values.ToArray());
        }

        Evaluate<T>(copies, shape).Values.CopyTo(target);
    }

    /// <summary>
    /// Two primitives are equal when one may stand for the other: same declaration and same parameters.
    /// </summary>
    /// <param name="other">Another primitive.</param>
    public virtual bool Equals(Primitive? other) =>
        ReferenceEquals(this, other)
        || (other is not null && GetType() == other.GetType() && Name == other.Name && Parameters == other.Parameters);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Primitive);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Parameters);

    /// <summary>The name, with parameters in parentheses where there are any.</summary>
    public sealed override string ToString() => Parameters.Length == 0 ? Name : $"{Name}({Parameters})";

    /// <summary>An interval that holds every entry of the value, at finite operands within their own.</summary>
    /// <param name="operands">The operands.</param>
    internal virtual Interval RangeOf(ReadOnlySpan<Expr> operands) => Interval.Everything;

    /// <summary>
    /// Whether the value is finite at finite operands within their ranges. Products and sums of finite numbers count as
    /// finite.
    /// </summary>
    /// <param name="operands">The operands.</param>
    internal virtual bool IsFiniteOn(ReadOnlySpan<Expr> operands) => !MayBeInfinite;

    /// <summary>The functions that it runs, for those who print it.</summary>
    internal virtual ImmutableArray<ClosedFunction> Functions => [];

    /// <summary>What it makes of infinite operands.</summary>
    internal virtual Infinities Infinities => Infinities.Spread;

    /// <summary>The operand that holds indices and the number that they must stay below, where there is one.</summary>
    /// <param name="application">A node of this primitive.</param>
    internal virtual (int Operand, int Extent)? Indices(Application application) => null;

    /// <summary>
    /// Which entries of an operand reach which of the value, where the kind of the rule alone does not tell; null: trying the
    /// rule out will.
    /// </summary>
    /// <param name="application">A node of this primitive.</param>
    /// <param name="operand">Which operand, from 0.</param>
    /// <param name="known">The values of those operands that are constant; null for the others.</param>
    internal virtual EntryLinks? Links(Application application, int operand, ReadOnlySpan<Tensor<double>?> known) => null;

    /// <summary>
    /// An equal expression with fewer nodes, made of the inputs and constants, or null. Values and gradients must be kept.
    /// </summary>
    /// <param name="application">A node of this primitive.</param>
    internal virtual Expr? Simplify(Application application) => null;

    /// <summary>
    /// The value for a whole batch of examples, as <see cref="BatchingRule"/> describes, or null: then the primitive is
    /// applied to one example after the other.
    /// </summary>
    internal virtual Expr? Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) => null;

    /// <summary>The axes of one example where a batch has them: after the axis that leads.</summary>
    private protected static ImmutableArray<int> Shifted(ImmutableArray<int> axes)
    {
        var shifted = ImmutableArray.CreateBuilder<int>(axes.Length);
        foreach (var axis in axes)
        {
            shifted.Add(axis + 1);
        }

        return shifted.MoveToImmutable();
    }

    /// <summary>What becomes of operands before a node is made of them, such as broadcasting.</summary>
    /// <param name="operands">The operands as given.</param>
    private protected virtual Expr[] Prepare(ReadOnlySpan<Expr> operands) => operands.ToArray();

    /// <summary>
    /// The meaning of a primitive that only moves entries, from <see cref="EvaluateInto{T}"/>: there is no faster way that
    /// a slower one would have to specify.
    /// </summary>
    private protected Tensor<T> Moved<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var entries = new Dense<T>[operands.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = operands[i];
        }

        var value = new T[shape.Size];
        EvaluateInto<T>(entries, shape, value);
        return Tensor<T>.Seal(shape, value);
    }

    private protected void RequireCount(ReadOnlySpan<Shape> operands, int count)
    {
        if (operands.Length != count)
        {
            throw new ShapeException($"{Name} takes {count} operand{(count == 1 ? "" : "s")}, not {operands.Length}");
        }
    }
}
