using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples.Micrograd;

/// <summary>
/// Two interleaved half circles with noise: 100 points in the plane and the moon that each belongs to, −1 for the outer
/// and +1 for the inner one. The points are those of micrograd's demo (scikit-learn's <c>make_moons</c>, seed 1337).
/// </summary>
/// <param name="Points">The points, [100, 2].</param>
/// <param name="Labels">−1 or +1 for each, [100].</param>
internal sealed record MoonsData(Tensor<double> Points, Tensor<double> Labels)
{
    private const int Each = 50;
    private const double Noise = 0.1;

    public int Count => Labels.Size;

    public static MoonsData Generate()
    {
        var (order, shuffled) = MersenneTwister.FromWord(1337).ShuffleMasked<int>([.. Enumerable.Range(0, 2 * Each)]);
        var (noise, _) = shuffled.Fill([2 * Each, 2], generator => generator.GaussPolar(0, Noise));
        return new(
            Tensor.Generate([2 * Each, 2], i => Clean(order[i / 2], i % 2)) + noise,
            Tensor.Generate([2 * Each], i => IsInner(order[i]) ? 1.0 : -1.0));
    }

    private static bool IsInner(int index) => index >= Each;

    private static double Clean(int index, int coordinate)
    {
        var position = index % Each;
        var angle = position == Each - 1 ? Math.PI : position * (Math.PI / (Each - 1));
        return (IsInner(index), coordinate) switch
        {
            (false, 0) => Math.Cos(angle),
            (false, _) => Math.Sin(angle),
            (true, 0) => 1 - Math.Cos(angle),
            (true, _) => 0.5 - Math.Sin(angle),
        };
    }
}
