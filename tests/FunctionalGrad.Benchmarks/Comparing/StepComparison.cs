using System.Numerics;
using FunctionalGrad.Learning;

namespace FunctionalGrad.Benchmarks;

/// <summary>
/// One step of training from one state: to the loss, the next parameters and the next moments. By hand it writes into a
/// state that it keeps, as such code does; FunctionalGrad's is a new one.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
internal abstract class StepComparison<T> : Comparison<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private TrainingStep? _step;
    private Expr[]? _outputs;
    private Point<T>? _at;

    protected sealed override Expr[] Outputs =>
        _outputs ??= [Step.Loss, .. Step.Next.Values, .. Step.Moments.SelectMany(moment => moment.Values.ToArray())];

    protected sealed override Point<T> At => _at ??= MakePoint(Step).To<T>();

    private TrainingStep Step => _step ??= MakeStep();

    protected abstract TrainingStep MakeStep();

    /// <summary>The state, the data, the rate and the count.</summary>
    protected abstract Point<double> MakePoint(TrainingStep step);
}
