namespace FunctionalGrad.Samples.CurveFit;

/// <summary>What was observed: y at each x.</summary>
/// <param name="X">The independent variable.</param>
/// <param name="Y">What depends on it.</param>
internal sealed record Observations(Tensor<double> X, Tensor<double> Y)
{
    public int Count => X.Size;
}
