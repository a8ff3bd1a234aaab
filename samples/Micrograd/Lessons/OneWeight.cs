namespace FunctionalGrad.Samples.Micrograd;

/// <summary>A model with a single weight, learned in steps that a pocket calculator can follow.</summary>
internal static class OneWeight
{
    private static readonly Variable W = Expr.Variable("w");
    private static readonly Variable X = Expr.Variable("x");
    private static readonly Variable T = Expr.Variable("t");

    public static Expr Prediction { get; } = W * X;

    public static Expr Loss { get; } = (Prediction - T).Square();

    public static GradientMap<Expr> Gradient { get; } = Loss.Gradient(W);

    /// <summary>Where an exercise starts.</summary>
    public static Point<double> At(double w, double x, double target) => Point.Of((W, w), (X, x), (T, target));

    /// <summary>One step of gradient descent.</summary>
    public static Point<double> Step(Point<double> at, double rate) => at - (rate * Gradient.Evaluate(at));

    public static void Tell(Blackboard board)
    {
        board.Heading("1. One weight");
        board.Say("A model with one weight w predicts w · x, and should have said t.");
        board.Show("prediction", Prediction);
        board.Show("loss", Loss);
        board.Show("gradient", Gradient);
        board.Say("The gradient is a formula, like the loss. Nothing is computed yet; now the numbers:");
        board.Space();
        Exercise(board, At(w: 2, x: 3, target: 3), rate: 0.05, steps: 1);
        board.Space();
        board.Say("Another weight and another target, and two steps:");
        board.Space();
        Exercise(board, At(w: 1, x: 2, target: 6), rate: 0.1, steps: 2);
    }

    private static void Exercise(Blackboard board, Point<double> start, double rate, int steps)
    {
        var at = start;
        for (var step = 0; step <= steps; step++)
        {
            board.Show("point", at);
            board.Show("prediction", Prediction.Evaluate(at));
            board.Show("loss", Loss.Evaluate(at));
            if (step < steps)
            {
                board.Show("gradient", Gradient.Evaluate(at));
                at = Step(at, rate);
                board.Say(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"point - {rate} * gradient is the next point:"));
            }
        }
    }
}
