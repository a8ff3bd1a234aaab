using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad;

/// <content>Holding a value fixed under differentiation.</content>
public abstract partial class Expr
{
    /// <summary>The value of x, treated as a constant by every derivative: x under this is not differentiated.</summary>
    /// <param name="x">Any expression.</param>
    /// <example><code>
    /// Expr.StopGradient(3).Evaluate();                                // 3
    /// Differentiate.Derivative(x => x * Expr.StopGradient(x), 3.0);   // 3
    /// </code></example>
    public static Expr StopGradient(Expr x) => HeldFixed.Primitive.Apply(x);
}

internal readonly struct HeldFixed : IUnaryKernel, IDeclaration
{
    public static Primitive Primitive { get; } = new Unary<HeldFixed>(new()
    {
        Name = "stop gradient",
        Formula = "x, with derivative 0",
        Rule = Elementwise.NoPartials,

        // Whole numbers, which have no difference quotients: those would disagree with a derivative that is 0 by decree.
        Range = operands => operands[0].Range,
        Infinities = Infinities.Kept,
        Domains = [Domain.Whole(-2, 2)],
        Kinks = [new([2], [0], "held fixed by definition")],
        Simplify = node => node.Input(0) is Application { Primitive: var inner } && inner == Primitive ? node.Input(0) : null,
    });

    public static ImmutableArray<Primitive> Declared => [Primitive];

    public T Apply<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> => x;

    public V Lanes<V>(V x)
        where V : struct, ILanes<V> => x;
}
