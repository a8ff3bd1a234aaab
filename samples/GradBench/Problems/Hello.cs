namespace FunctionalGrad.Samples.GradBench;

/// <summary>x², and its derivative.</summary>
internal static class Hello
{
    public static Problem Problem { get; } = new(
        "hello",
        ("square", input => Of(input, Square)),
        ("double", input => Of(input, Differentiate.Derivative(Square))));

    private static Expr Square(Expr x) => x * x;

    private static Evaluation Of(Argument input, Func<Expr, Expr> function)
    {
        var x = Expr.Variable("x");
        return Evaluation.Of(function(x), Point.Of((x, input.Number())));
    }
}
