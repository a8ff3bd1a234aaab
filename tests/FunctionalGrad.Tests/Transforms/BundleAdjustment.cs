using static FunctionalGrad.Expr;

namespace FunctionalGrad.Tests.Transforms;

/// <summary>
/// Bundle adjustment: cameras of eleven numbers (rotation vector, centre, focal length, principal point, two of radial
/// distortion) see points of three; each observation gives two reprojection errors, weighted, and one error of its weight.
/// </summary>
internal sealed class BundleAdjustment
{
    public BundleAdjustment(int cameras, int points, int observations)
    {
        Cameras = Variable("cameras", [cameras, 11]);
        Points = Variable("points", [points, 3]);
        Weights = Variable("weights", [observations]);
        var seenBy = Gathered(Cameras, cameras, i => i % cameras);
        var seen = Gathered(Points, points, i => i / cameras % points);

        var turned = Rotated(seenBy.Slice(.., ..3), seen - seenBy.Slice(.., 3..6));
        var plane = turned.Slice(.., ..2) / turned.Slice(.., 2..3);
        var square = plane.Square().Sum([1], keep: true);
        var distortion = 1 + (seenBy.Slice(.., 9..10) * square) + (seenBy.Slice(.., 10..11) * square.Square());
        var projected = (plane * distortion * seenBy.Slice(.., 6..7)) + seenBy.Slice(.., 7..9);
        var errors = (projected - Tensor.Generate([observations, 2], i => Math.Cos(i))) * Weights.Reshape([observations, 1]);
        Errors = Concatenate([errors.Reshape([2 * observations]), 1 - Weights.Square()]);

        Expr Gathered(Expr from, int extent, Func<int, int> index) =>
            from.Gather(Tensor.Generate([observations], i => (double)(index(i) % extent)));
    }

    public Variable Cameras { get; }

    public Variable Points { get; }

    public Variable Weights { get; }

    public Expr Errors { get; }

    public Point<double> At(int seed)
    {
        var random = new Random(seed);
        Tensor<double> Draw(Shape shape, double around) => Tensor.Generate(shape, _ => around + (0.3 * (random.NextDouble() - 0.5)));
        return Point.Of((Cameras, Draw(Cameras.Shape, 0.4)), (Points, Draw(Points.Shape, 2)), (Weights, Draw(Weights.Shape, 1)));
    }

    /// <summary>Rodrigues' rotation of vectors [n, 3] about axes whose lengths are the angles.</summary>
    private static Expr Rotated(Expr axis, Expr x)
    {
        var angle = axis.Norm([1], keep: true);
        var direction = axis / angle;
        var along = (direction * x).Sum([1], keep: true);
        return (x * Cos(angle)) + (Cross(direction, x) * Sin(angle)) + (direction * along * (1 - Cos(angle)));
    }

    private static Expr Cross(Expr a, Expr b)
    {
        Expr At(Expr v, int i) => v.Slice(.., i..(i + 1));
        Expr Part(int i, int j) => (At(a, i) * At(b, j)) - (At(a, j) * At(b, i));
        return Concatenate([Part(1, 2), Part(2, 0), Part(0, 1)], axis: 1);
    }
}
