using System.Collections.Immutable;
using System.Numerics;

namespace FunctionalGrad.Learning;

/// <summary>
/// Where training stands after some steps, with what the last of them saw. An immutable value: keep it, compare it, go on
/// from it twice. No gradient is stored to be added to, so none is ever zeroed.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
/// <param name="Step">How many steps have been made.</param>
/// <param name="Point">The parameters after them.</param>
/// <param name="Moments">What the optimiser keeps of earlier gradients, in the order of <see cref="Optimiser.Moments"/>;
/// empty, which is zero, before the first step.</param>
/// <param name="Loss">The loss that the last step started from; NaN before the first one.</param>
/// <param name="Gradient">The gradient that the last step saw; empty, which is zero, before the first one and where training
/// does not keep it.</param>
/// <param name="Rate">The learning rate of the last step; 0 before the first one.</param>
public sealed record TrainingState<T>(
    int Step, Point<T> Point, ImmutableArray<GradientMap<Tensor<T>>> Moments, T Loss, GradientMap<Tensor<T>> Gradient, double Rate)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The state before the first step.</summary>
    /// <param name="point">The parameters to start from.</param>
    public static TrainingState<T> Start(Point<T> point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return new(0, point, [], T.NaN, GradientMap<Tensor<T>>.Zero, 0);
    }

    /// <summary>Whether both states have equal parts.</summary>
    /// <param name="other">Another state.</param>
    public bool Equals(TrainingState<T>? other) =>
        other is not null && Step == other.Step && Loss.Equals(other.Loss) && Rate.Equals(other.Rate)
        && Point.Equals(other.Point) && Gradient.Equals(other.Gradient) && Moments.SequenceEqual(other.Moments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, Loss, Rate, Point);
}
