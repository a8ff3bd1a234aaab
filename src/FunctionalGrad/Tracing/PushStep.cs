using System.Numerics;

namespace FunctionalGrad;

/// <summary>One step of a pushed pass: one contribution is added to one key of a map, which gives a new map.</summary>
/// <typeparam name="T">The precision.</typeparam>
public sealed class PushStep<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    internal PushStep(Expr key, TracedUse<T>? use, AdjointMap<T> before, AdjointMap<T> after) =>
        (Key, Use, Before, After) = (key, use, before, after);

    /// <summary>The node whose entry changes.</summary>
    public Expr Key { get; }

    /// <summary>The use that contributes; none at the first step, which gives the root the adjoint 1.</summary>
    public TracedUse<T>? Use { get; }

    /// <summary>The map before.</summary>
    public AdjointMap<T> Before { get; }

    /// <summary>The map with the contribution added.</summary>
    public AdjointMap<T> After { get; }

    /// <summary>What is added to which entry, and what that entry becomes.</summary>
    public override string ToString() => $"{Key} ↦ {(Before.TryGetValue(Key, out var sofar) ? $"{sofar} + " : "")}{Use?.ToString() ?? "1"}";
}
