namespace FunctionalGrad.Samples.GradBench;

/// <summary>
/// How far a polynomial is from the sign function: ½ Σᵢ (sign tᵢ − Σⱼ xⱼ·tᵢʲ)² at n places tᵢ between −1 and 1, by its
/// coefficients.
/// </summary>
internal static class LeastSquares
{
    public static Problem Problem { get; } = new(
        "llsq",
        ("primal", input => Of(input, (value, _) => value)),
        ("gradient", input => Of(input, (value, x) => value.Gradient(x)[x])));

    private static Expr Distance(Expr x, Expr t)
    {
        Expr power = Expr.Full(t.Shape, 1);
        var polynomial = Expr.Zeros(t.Shape);
        for (var j = 0; j < x.Shape.Size; j++)
        {
            polynomial += x.At(j) * power;
            power *= t;
        }

        return 0.5 * (Expr.Sign(t) - polynomial).Square().Sum();
    }

    private static Evaluation Of(Argument input, Func<Expr, Variable, Expr> function)
    {
        var (coefficients, n) = (input["x"].Tensor(-1), input["n"].Whole(least: 2));
        var (x, t) = (Expr.Variable("x", coefficients.Shape), Expr.Variable("t", [n]));
        return Evaluation.Of(
            function(Distance(x, t), x), Point.Of((x, coefficients), (t, Tensor.Generate([n], i => -1 + (2.0 * i / (n - 1))))));
    }
}
