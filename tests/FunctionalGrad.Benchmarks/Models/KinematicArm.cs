namespace FunctionalGrad.Benchmarks;

/// <summary>
/// How far the end of a plane arm is from a target, √((Σ lᵢ·cos φᵢ − x)² + (Σ lᵢ·sin φᵢ − y)²), where each joint turns by θᵢ
/// against the part before it, φᵢ = θ₁ + … + θᵢ.
/// </summary>
/// <param name="joints">How many joints it has.</param>
/// <param name="scalars">Whether the formula is written over single angles, or over the vector of them.</param>
internal sealed class KinematicArm(int joints, bool scalars) : GradientComparison
{
    public const double TargetX = 0.3;
    public const double TargetY = 0.9;

    private readonly double[] _angles = Numbers.Between(-0.5, 0.5, joints, seed: 1);
    private readonly Variable _variable = Expr.Variable("θ", [joints]);

    public override bool HasTuned => false;

    protected override Variable[] Variables => [_variable];

    /// <summary>The length of a part.</summary>
    public static double Length(int i) => 1.0 / (i + 1);

    /// <summary>The distance and its gradient for one point.</summary>
    public static double Gradient(ReadOnlySpan<double> angles, Span<double> gradient)
    {
        var (x, y, angle) = (-TargetX, -TargetY, 0.0);
        Span<double> sines = stackalloc double[angles.Length];
        for (var i = 0; i < angles.Length; i++)
        {
            angle += angles[i];
            var (sine, cosine) = Math.SinCos(angle);
            x += Length(i) * cosine;
            y += Length(i) * sine;

            // Kept until the distance is known: the sine in one place, the cosine in the other.
            (sines[i], gradient[i]) = (sine, cosine);
        }

        var distance = Math.Sqrt((x * x) + (y * y));
        var sum = 0.0;
        for (var i = angles.Length - 1; i >= 0; i--)
        {
            sum += Length(i) * ((y * gradient[i]) - (x * sines[i])) / distance;
            gradient[i] = sum;
        }

        return distance;
    }

    /// <summary>The distance from scalars, or from tensors with a point for each entry.</summary>
    public static Expr Distance(ReadOnlySpan<Expr> angles)
    {
        Expr x = -TargetX, y = -TargetY, angle = 0;
        for (var i = 0; i < angles.Length; i++)
        {
            angle += angles[i];
            x += Length(i) * Expr.Cos(angle);
            y += Length(i) * Expr.Sin(angle);
        }

        return Expr.Sqrt(x.Square() + y.Square());
    }

    protected override Expr Formula()
    {
        if (scalars)
        {
            return Distance([.. Enumerable.Range(0, joints).Select(i => _variable.At(i))]);
        }

        var angles = _variable.CumulativeSum(0);
        Expr lengths = Tensor.Generate([joints], Length);
        return Expr.Sqrt(((lengths * Expr.Cos(angles)).Sum() - TargetX).Square() + ((lengths * Expr.Sin(angles)).Sum() - TargetY).Square());
    }

    protected override Point<double> MakePoint() => Point.Of((_variable, Tensor.Of<double>(_angles)));

    protected override double[][] ByLoops()
    {
        var gradient = new double[joints];
        return [[Gradient(_angles, gradient)], gradient];
    }
}
