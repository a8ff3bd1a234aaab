namespace FunctionalGrad.Samples.GradBench;

/// <summary>The inner derivative of problems that nest two, in the mode that the message asks for.</summary>
internal static class Slopes
{
    /// <summary>How a number moves with a variable.</summary>
    public static Expr Of(Expr number, Variable by, DifferentiationMode mode) => mode == DifferentiationMode.Reverse
        ? number.Gradient(by)[by]
        : number.Pushforward(GradientMap<Expr>.Of((by, 1)));
}
