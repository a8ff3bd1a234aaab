using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <summary>Whether an elementwise value is finite at operands within their ranges.</summary>
internal delegate bool OperandsFinite(ReadOnlySpan<Expr> operands);

/// <summary>The range of an elementwise value at operands within theirs.</summary>
internal delegate Interval OperandsRange(ReadOnlySpan<Expr> operands);

/// <summary>Everything that an elementwise primitive declares besides its kernel.</summary>
internal sealed record Elementwise
{
    public required string Name { get; init; }

    public string Parameters { get; init; } = "";

    public required string Formula { get; init; }

    public required Rule Rule { get; init; }

    /// <summary>Where to sample each operand in tests.</summary>
    public required ImmutableArray<Domain> Domains { get; init; }

    public ImmutableArray<Kink> Kinks { get; init; } = [];

    /// <summary>Whether the value may be infinite or NaN at finite operands.</summary>
    public bool MayBeInfinite { get; init; }

    /// <summary>Where a value that may be infinite is not: operands, by their ranges, at which it stays finite.</summary>
    public OperandsFinite IsFiniteOn { get; init; } = _ => false;

    /// <summary>The range of the value from those of the operands.</summary>
    public OperandsRange Range { get; init; } = _ => Interval.Everything;

    public bool IsComparison { get; init; }

    public Infinities Infinities { get; init; }

    public Notation Notation { get; init; } = Notation.Function;

    public Func<Application, Expr?> Simplify { get; init; } = _ => null;

    /// <summary>The rule of one operand from its partial, a function of the operand x and the value y.</summary>
    public static Rule Partial(Func<Expr, Expr, Expr?> partial) =>
        new Rule.Elementwise((node, _) => partial(node.Input(0), node));

    /// <summary>The rule of two operands from both partials, functions of the operands x and y and the value z.</summary>
    public static Rule Partials(Func<Expr, Expr, Expr, Expr?> byX, Func<Expr, Expr, Expr, Expr?> byY, bool linearInX = false) =>
        new Rule.Elementwise((node, operand) => (operand == 0 ? byX : byY)(node.Input(0), node.Input(1), node))
        {
            IsLinearInFirst = linearInX,
        };

    /// <summary>The rule of something that is constant wherever it has a derivative, such as a comparison.</summary>
    public static Rule NoPartials { get; } = new Rule.Elementwise((_, _) => null);
}

/// <summary>A kernel over a number of entries; operands that it does not have may be anything.</summary>
internal delegate void BlockKernel<T>(ref T x, ref T y, ref T z, ref T target, int count);

/// <summary>
/// A primitive that works entry by entry: its operands are broadcast to one shape, which is also the shape of the value.
/// </summary>
internal abstract class ElementwisePrimitive(Elementwise declaration) : Primitive(declaration.Name, declaration.Parameters)
{
    private static readonly ImmutableArray<Shape> SampleShapes = [[], [3], [2, 1, 2], [0]];

    // Found out when first asked for; every thread finds the same.
    private int _weight = -1;

    public override string Formula => declaration.Formula;

    public override Rule Rule => declaration.Rule;

    public override Notation Notation => declaration.Notation;

    public override ImmutableArray<Kink> Kinks => declaration.Kinks;

    public override bool MayBeInfinite => declaration.MayBeInfinite;

    public override bool IsComparison => declaration.IsComparison;

    public override ImmutableArray<Example> Examples =>
    [
        .. SampleShapes.Select(shape => new Example(this, [.. declaration.Domains.Select(domain => new Operand(shape, domain))])),
    ];

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, declaration.Domains.Length);
        for (var i = 1; i < operands.Length; i++)
        {
            if (operands[i] != operands[0])
            {
                throw new ShapeException($"{Name}: operands of shapes {operands[0]} and {operands[i]} differ; broadcast one to the other");
            }
        }

        return operands[0];
    }

    /// <summary>How many operations on lanes the kernel takes: a sum is one, a tangent dozens.</summary>
    internal int Weight
    {
        get
        {
            if (_weight < 0)
            {
                LaneOperation[] operands = [.. Enumerable.Range(0, 3).Select(i => new LaneOperation(LaneOperation.Argument, [], i))];
                _weight = LaneOperation.InOrder([Record<double>(operands)]).Operations.Count(operation => operation.Inputs.Length > 0);
            }

            return _weight;
        }
    }

    /// <summary>The kernel over lanes as a graph of operations.</summary>
    internal abstract LaneOperation Record<T>(ReadOnlySpan<LaneOperation> operands)
        where T : struct, IBinaryFloatingPointIeee754<T>;

    /// <summary>The kernel over whole arrays, lane by lane: what runs a loop where no code is made for it.</summary>
    internal abstract BlockKernel<T> Block<V, T>()
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>;

    internal override Infinities Infinities => declaration.Infinities;

    internal override Interval RangeOf(ReadOnlySpan<Expr> operands) => declaration.Range(operands);

    internal override bool IsFiniteOn(ReadOnlySpan<Expr> operands) => !declaration.MayBeInfinite || declaration.IsFiniteOn(operands);

    internal override Expr? Simplify(Application application) => declaration.Simplify(application);

    // What all examples share is broadcast like any other operand of fewer axes.
    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Apply(operands);

    private protected override Expr[] Prepare(ReadOnlySpan<Expr> operands) => Broadcast(operands, Name);

    /// <summary>The operands broadcast to one shape.</summary>
    internal static Expr[] Broadcast(ReadOnlySpan<Expr> operands, string name)
    {
        var inputs = operands.ToArray();
        if (inputs.Length < 2)
        {
            return inputs;
        }

        var shape = inputs[0].Shape;
        for (var i = 1; i < inputs.Length; i++)
        {
            shape = Shape.Broadcast(shape, inputs[i].Shape, name);
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = inputs[i].BroadcastTo(shape);
        }

        return inputs;
    }
}

/// <summary>An elementwise primitive of one operand.</summary>
internal sealed class Unary<TKernel>(Elementwise declaration, TKernel kernel = default) : ElementwisePrimitive(declaration)
    where TKernel : struct, IUnaryKernel
{
    private TKernel Kernel => kernel;

    internal override LaneOperation Record<T>(ReadOnlySpan<LaneOperation> operands) =>
        kernel.Lanes(new Recorded<T>(operands[0])).Operation;

    internal override BlockKernel<T> Block<V, T>() => Lanes<V, T>;

    private void Lanes<V, T>(ref T x, ref T y, ref T z, ref T target, int count)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i + V.Count <= count; i += V.Count)
        {
            V.Store(kernel.Lanes(V.Load(ref x, i)), ref target, i);
        }
    }

    // Users' kernels are delegates, so the type of the kernel alone does not tell two of them apart.
    public override bool Equals(Primitive? other) =>
        base.Equals(other) && EqualityComparer<TKernel>.Default.Equals(kernel, ((Unary<TKernel>)other!).Kernel);

    public override int GetHashCode() => base.GetHashCode();

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var x = operands[0].Values;
        var value = new T[x.Length];
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = kernel.Apply(x[i]);
        }

        return Tensor<T>.Seal(shape, value);
    }
}

/// <summary>An elementwise primitive of two operands.</summary>
internal sealed class Binary<TKernel>(Elementwise declaration, TKernel kernel = default) : ElementwisePrimitive(declaration)
    where TKernel : struct, IBinaryKernel
{
    private TKernel Kernel => kernel;

    internal override LaneOperation Record<T>(ReadOnlySpan<LaneOperation> operands) =>
        kernel.Lanes(new Recorded<T>(operands[0]), new Recorded<T>(operands[1])).Operation;

    internal override BlockKernel<T> Block<V, T>() => Lanes<V, T>;

    private void Lanes<V, T>(ref T x, ref T y, ref T z, ref T target, int count)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i + V.Count <= count; i += V.Count)
        {
            V.Store(kernel.Lanes(V.Load(ref x, i), V.Load(ref y, i)), ref target, i);
        }
    }

    // Users' kernels are delegates, so the type of the kernel alone does not tell two of them apart.
    public override bool Equals(Primitive? other) =>
        base.Equals(other) && EqualityComparer<TKernel>.Default.Equals(kernel, ((Binary<TKernel>)other!).Kernel);

    public override int GetHashCode() => base.GetHashCode();

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var x = operands[0].Values;
        var y = operands[1].Values;
        var value = new T[x.Length];
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = kernel.Apply(x[i], y[i]);
        }

        return Tensor<T>.Seal(shape, value);
    }
}

/// <summary>An elementwise primitive of three operands.</summary>
internal sealed class Ternary<TKernel>(Elementwise declaration, TKernel kernel = default) : ElementwisePrimitive(declaration)
    where TKernel : struct, ITernaryKernel
{
    private TKernel Kernel => kernel;

    internal override LaneOperation Record<T>(ReadOnlySpan<LaneOperation> operands) =>
        kernel.Lanes(new Recorded<T>(operands[0]), new Recorded<T>(operands[1]), new Recorded<T>(operands[2])).Operation;

    internal override BlockKernel<T> Block<V, T>() => Lanes<V, T>;

    private void Lanes<V, T>(ref T x, ref T y, ref T z, ref T target, int count)
        where V : struct, ILanes<V, T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i + V.Count <= count; i += V.Count)
        {
            V.Store(kernel.Lanes(V.Load(ref x, i), V.Load(ref y, i), V.Load(ref z, i)), ref target, i);
        }
    }

    // Users' kernels are delegates, so the type of the kernel alone does not tell two of them apart.
    public override bool Equals(Primitive? other) =>
        base.Equals(other) && EqualityComparer<TKernel>.Default.Equals(kernel, ((Ternary<TKernel>)other!).Kernel);

    public override int GetHashCode() => base.GetHashCode();

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var x = operands[0].Values;
        var y = operands[1].Values;
        var z = operands[2].Values;
        var value = new T[x.Length];
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = kernel.Apply(x[i], y[i], z[i]);
        }

        return Tensor<T>.Seal(shape, value);
    }
}
