namespace FunctionalGrad.Solvers;

/// <summary>
/// Thrown where a solver gives up: after too many iterations, or where it can make no step. The message says how far it came
/// and what to do next.
/// </summary>
public sealed class NoConvergenceException : Exception
{
    internal NoConvergenceException(string message, int iterations, double lastNorm, Exception? cause = null)
        : base(message, cause) => (Iterations, LastNorm) = (iterations, lastNorm);

    /// <summary>How many iterations, or where the solver does not tell them, evaluations were made.</summary>
    public int Iterations { get; }

    /// <summary>The norm of the last gradient.</summary>
    public double LastNorm { get; }
}
