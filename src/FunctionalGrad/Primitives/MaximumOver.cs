using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>The greatest and the least entry.</content>
public abstract partial class Expr
{
    /// <summary>The greatest entry along some axes, or of all where none is given; NaN where one is NaN.</summary>
    /// <remarks>The derivative by the greatest entry is 1, by the others 0; entries that tie share it evenly. NaN where the
    /// value is NaN.</remarks>
    /// <param name="axes">The axes to look along; they go away. None means all.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice, or has no entries.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 5, 3, 4, 2, 6]);
    /// x.Max().Evaluate();      // 6
    /// x.Max(0).Evaluate();     // [4, 5, 6]
    /// </code></example>
    public Expr Max(params ReadOnlySpan<int> axes) => MaximumOver.Of(this, Shape.Axes(axes, "max"), least: false);

    /// <summary>The greatest entry along some axes, which stay with extent 1 where <paramref name="keep"/> says so.</summary>
    /// <param name="axes">The axes to look along. None means all.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice, or has no entries.</exception>
    public Expr Max(ReadOnlySpan<int> axes, bool keep) => Max(axes).Reshape(Shape.Without(Shape.Axes(axes, "max"), keep));

    /// <summary>The least entry along some axes, or of all where none is given; NaN where one is NaN.</summary>
    /// <remarks>The derivative by the least entry is 1, by the others 0; entries that tie share it evenly. NaN where the
    /// value is NaN.</remarks>
    /// <param name="axes">The axes to look along; they go away. None means all.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice, or has no entries.</exception>
    /// <example><code>
    /// Expr x = Tensor.Of([2, 3], [1.0, 5, 3, 4, 2, 6]);
    /// x.Min(1).Evaluate();     // [1, 2]
    /// </code></example>
    public Expr Min(params ReadOnlySpan<int> axes) => MaximumOver.Of(this, Shape.Axes(axes, "min"), least: true);

    /// <summary>The least entry along some axes, which stay with extent 1 where <paramref name="keep"/> says so.</summary>
    /// <param name="axes">The axes to look along. None means all.</param>
    /// <param name="keep">Whether the axes stay, with extent 1.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice, or has no entries.</exception>
    public Expr Min(ReadOnlySpan<int> axes, bool keep) => Min(axes).Reshape(Shape.Without(Shape.Axes(axes, "min"), keep));
}

/// <summary>The greatest or least entry along axes, which go away.</summary>
internal sealed class MaximumOver : Primitive, IDeclaration
{
    private readonly ImmutableArray<int> _axes;
    private readonly bool _least;

    private MaximumOver(ImmutableArray<int> axes, bool least)
        : base(least ? "min over" : "max over", $"axes: [{string.Join(", ", axes)}]") => (_axes, _least) = (axes, least);

    public static ImmutableArray<Primitive> Declared =>
    [
        new MaximumOver([0], false), new MaximumOver([1], false), new MaximumOver([0, 2], false),
        new MaximumOver([0], true), new MaximumOver([1], true), new MaximumOver([0, 1], true),
    ];

    public override string Formula => _least ? "min xᵢ" : "max xᵢ";

    public override Rule Rule => new Rule.General(
        (node, _, cotangent) => Expr.Select(Beaten(node), 0, Spread(cotangent * Share(node), node.Input(0).Shape)),
        (node, tangents) => FunctionalGrad.Sum.Over(Expr.Select(Beaten(node), 0, tangents[0]!), _axes) * Share(node),
        reach: (node, _, live) => Expr.Select(Beaten(node), 0, Spread(live, node.Input(0).Shape)),
        drops: true);

    public override bool MayBeInfinite => false;

    public override ImmutableArray<Example> Examples =>
        _axes[^1] > 1
            ? [new(this, [new([2, 3, 2], Domain.Real)]), new(this, [new([2, 0, 3], Domain.Real)]), new(this, [new([1, 2, 1], Domain.Real)])]
            : [new(this, [new([2, 3], Domain.Real)]), new(this, [new([3, 1, 2], Domain.Real)]), new(this, [new([1, 1], Domain.Real)]), new(this, [new([2, 2, 0], Domain.Real)])];

    /// <summary>The greatest or least over axes counted from the start; the expression itself where there are none.</summary>
    public static Expr Of(Expr x, ImmutableArray<int> axes, bool least) =>
        axes.IsEmpty ? x : new MaximumOver(axes, least).Apply(x);

    public override Shape InferShape(ReadOnlySpan<Shape> operands)
    {
        RequireCount(operands, 1);
        operands[0].Axis(_axes[^1], Name);
        foreach (var axis in _axes)
        {
            if (operands[0][axis] == 0)
            {
                throw new ShapeException(
                    $"{Name}: axis {axis} of {operands[0]} is empty, so no entry is the {(_least ? "least" : "greatest")}; leave that axis out, or join a bound to it with Expr.Concatenate");
            }
        }

        return operands[0].Without(_axes);
    }

    public override Tensor<T> Evaluate<T>(ReadOnlySpan<Tensor<T>> operands, Shape shape)
    {
        var value = new T[shape.Size];
        Array.Fill(value, _least ? T.PositiveInfinity : T.NegativeInfinity);
        if (_least)
        {
            Reduction.Accumulate(operands[0], _axes, value, default(Lesser));
        }
        else
        {
            Reduction.Accumulate(operands[0], _axes, value, default(Larger));
        }

        return Tensor<T>.Seal(shape, value);
    }

    internal override void EvaluateInto<T>(ReadOnlySpan<Dense<T>> operands, Shape shape, Span<T> target)
    {
        if (_least)
        {
            RowRun.Over<RowReduction<Smallest>, T>(operands[0], _axes, target);
        }
        else
        {
            RowRun.Over<RowReduction<Largest>, T>(operands[0], _axes, target);
        }
    }

    internal override Expr Batch(Application application, ReadOnlySpan<Expr> operands, ReadOnlySpan<bool> batched, int size) =>
        Of(operands[0], Shifted(_axes), _least);

    /// <summary>1 where another entry along the axes is greater (less), 0 where none is.</summary>
    private Expr Beaten(Application node)
    {
        var x = node.Input(0);
        var extreme = Spread(node, x.Shape);
        return _least ? x > extreme : x < extreme;
    }

    /// <summary>The derivative by each of the entries that tie; NaN where the value is NaN, since then nothing is beaten.</summary>
    private Expr Share(Application node) =>
        Expr.Select(Expr.Equal(node, node), 1 / FunctionalGrad.Sum.Over(!Beaten(node), _axes), double.NaN);

    private Expr Spread(Expr reduced, Shape shape) => reduced.Reshape(shape.Without(_axes, keep: true)).BroadcastTo(shape);

    private readonly struct Larger : IBinaryKernel
    {
        public T Apply<T>(T x, T y)
            where T : struct, IBinaryFloatingPointIeee754<T> => T.Max(x, y);

        public V Lanes<V>(V x, V y)
            where V : struct, ILanes<V> => V.Each(x, y, this);
    }

    private readonly struct Lesser : IBinaryKernel
    {
        public T Apply<T>(T x, T y)
            where T : struct, IBinaryFloatingPointIeee754<T> => T.Min(x, y);

        public V Lanes<V>(V x, V y)
            where V : struct, ILanes<V> => V.Each(x, y, this);
    }

    internal override Infinities Infinities => Infinities.Kept;
}
