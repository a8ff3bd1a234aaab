namespace FunctionalGrad.Samples.Micrograd;

/// <summary>The example of micrograd's README, line by line.</summary>
internal static class ReadmeExample
{
    private static readonly Variable A = Expr.Variable("a");
    private static readonly Variable B = Expr.Variable("b");

    public static Expr G { get; } = Build();

    public static Point<double> At { get; } = Point.Of((A, -4.0), (B, 2.0));

    public static GradientMap<Expr> Gradient { get; } = G.Gradient(A, B);

    public static void Tell(Blackboard board)
    {
        var (value, gradient) = G.Evaluate(Gradient, At);
        board.Heading("3. The example of micrograd's README");
        board.Say("c = a + b; d = a·b + b³; c += c + 1; c += 1 + c − a; d += 2d + relu(b + a);");
        board.Say("d += 3d + relu(b − a); e = c − d; f = e²; g = f/2; g += 10/f, at a = −4, b = 2:");
        board.Show("g", value);
        board.Show("∂g/∂a", gradient[A]);
        board.Show("∂g/∂b", gradient[B]);
        board.Say("There micrograd ends. A gradient that is an expression can be differentiated again:");
        board.Show("∂²g/∂a²", Gradient[A].Gradient(A).Evaluate(At)[A]);
        board.Show("∂²g/∂a∂b", Gradient[A].Gradient(B).Evaluate(At)[B]);
        board.Show("∂²g/∂b∂a", Gradient[B].Gradient(A).Evaluate(At)[A]);
    }

    // `c += …` makes a new c; the old one stays what it was.
    private static Expr Build()
    {
        Expr c = A + B;
        Expr d = (A * B) + Expr.Pow(B, 3);
        c += c + 1;
        c += 1 + c + -A;
        d += (d * 2) + Expr.Relu(B + A);
        d += (3 * d) + Expr.Relu(B - A);
        var e = c - d;
        var f = e.Square();
        var g = f / 2;
        g += 10 / f;
        return g;
    }
}
