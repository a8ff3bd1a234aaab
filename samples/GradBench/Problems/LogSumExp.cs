namespace FunctionalGrad.Samples.GradBench;

/// <summary>log Σ exp xᵢ from elementary operations, the greatest taken off first so that nothing overflows.</summary>
internal static class LogSumExp
{
    public static Problem Problem { get; } = new(
        "lse",
        ("primal", input => Of(input, (value, _) => value)),
        ("gradient", input => Of(input, (value, x) => value.Gradient(x)[x])));

    private static Expr Function(Expr x)
    {
        var greatest = x.Max();
        return greatest + Expr.Log(Expr.Exp(x - greatest).Sum());
    }

    private static Evaluation Of(Argument input, Func<Expr, Variable, Expr> function)
    {
        var at = input["x"].Tensor(-1);
        var x = Expr.Variable("x", at.Shape);
        return Evaluation.Of(function(Function(x), x), Point.Of((x, at)));
    }
}
