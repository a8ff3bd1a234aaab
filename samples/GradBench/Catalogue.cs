using System.Collections.Immutable;

namespace FunctionalGrad.Samples.GradBench;

/// <summary>The problems that are offered.</summary>
internal static class Catalogue
{
    public static ImmutableArray<Problem> Problems =>
    [
        Hello.Problem, LeastSquares.Problem, LogSumExp.Problem, Determinant.Problem, KMeans.Problem, GaussianMixture.Problem,
        BundleAdjustment.Problem, HandTracking.Problem, LongShortTermMemory.Problem, DifferentialEquation.Problem,
        Particle.Problem, Saddle.Problem,
    ];
}
