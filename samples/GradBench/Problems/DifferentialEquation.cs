namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// The equations y₁' = x₁, yᵢ' = xᵢ·yᵢ₋₁ from y(0) = 0, followed to t = 2 in s steps of Runge and Kutta's fourth order; and
/// how the last y there moves with x.
/// </summary>
internal static class DifferentialEquation
{
    public static Problem Problem { get; } = new(
        "ode",
        ("primal", input => Of(input, (y, _) => y)),
        ("gradient", input => Of(input, (y, x) => y.At(y.Shape[0] - 1).Gradient(x)[x])));

    private static Expr End(Expr x, int s) => Expr.Repeat(Expr.Zeros(x.Shape), s, y => Step(x, y, 2.0 / s));

    private static Expr Step(Expr x, Expr y, double h)
    {
        var k1 = Slope(x, y);
        var k2 = Slope(x, y + (h / 2 * k1));
        var k3 = Slope(x, y + (h / 2 * k2));
        var k4 = Slope(x, y + (h * k3));
        return y + (h / 6 * (k1 + (2 * k2) + (2 * k3) + k4));
    }

    private static Expr Slope(Expr x, Expr y) => x * Expr.Concatenate([Expr.Full([1], 1), y.Slice(..^1)]);

    private static Evaluation Of(Argument input, Func<Expr, Variable, Expr> function)
    {
        var (at, s) = (input["x"].Tensor(-1), input["s"].Whole(least: 1));
        var x = Expr.Variable("x", at.Shape);
        return Evaluation.Of(function(End(x, s), x), Point.Of((x, at)));
    }
}
